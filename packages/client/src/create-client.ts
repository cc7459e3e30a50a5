import createFetchClient, { type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import type { components, paths } from './api-types.js';
import { type Connect, type FollowOptions, followStream, type LiveEvent } from './event-stream.js';
import { type Fetch, retryingFetch } from './retrying-fetch.js';
import { errorOf, unreadable } from './syncline-error.js';
import { retryAfterOf } from './waiting.js';

/** What the API answers, by the names of its document: `Schemas['Connection']`. */
export type Schemas = components['schemas'];
type SyncProgress = Schemas['SyncProgress'];

export interface ClientOptions {
  /** Where the API is. A page needs none: it is the page's own origin then. */
  readonly baseUrl?: string;
  /**
   * An API key, a token or the platform key; a function, where it changes, is asked before each request. A page of the API's
   * own needs none: the session's cookie goes along.
   */
  readonly key?: string | (() => string | Promise<string>);
  /** The organization that requests are about, where the key is good for several: its id, slug or external id. */
  readonly organization?: string;
  readonly fetch?: Fetch;
  /** How often a request is sent again where that does no harm: 3 unless given. */
  readonly retries?: number;
  /** For an answer that does not come, in milliseconds: 60,000 unless given. Streams have no such end. */
  readonly timeoutMs?: number;
  /** A server that asks to wait longer is not waited for: 30,000 unless given. */
  readonly longestWaitMs?: number;
}

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type MediaType = `${string}/${string}`;
type DataOf<R> = R extends { readonly data: infer Data } ? Data : never;
type Operation<P extends keyof paths, M extends Method> = Extract<paths[P][M & keyof paths[P]], object>;
/** May be left out where nothing in it has to be said. `retries`: of this request alone. */
type InitOf<Init> =
  Record<never, never> extends NonNullable<Init>
    ? [(Init & { readonly retries?: number })?]
    : [Init & { readonly retries?: number }];

/** Gives what the API answers, parsed. Throws SynclineError, and the signal's reason when it is aborted. */
type Call<M extends Method> = <P extends PathsWith<M>, Init extends MaybeOptionalInit<paths[P], M & keyof paths[P]>>(
  path: P,
  ...init: InitOf<Init>
) => Promise<DataOf<FetchResponse<Operation<P, M>, Init, MediaType>>>;

export interface SynclineClient {
  /** The one that all requests are about; undefined where the key says it, or the request. */
  readonly organization: string | undefined;
  readonly GET: Call<'get'>;
  readonly PUT: Call<'put'>;
  readonly POST: Call<'post'>;
  readonly PATCH: Call<'patch'>;
  readonly DELETE: Call<'delete'>;
  /**
   * How far a sync is, at once and after every change, until it has ended: the last one has a status that is final. Goes on
   * after a lost connection where it was. Throws SynclineError, NOT_FOUND for a sync that is not there.
   */
  followSync(jobId: string, options?: FollowOptions): AsyncGenerator<SyncProgress, void, undefined>;
  /** The server-sent events of any path, with the same promises. Ends when the server says that there will be no more. */
  followEvents<E extends LiveEvent = LiveEvent>(
    path: string,
    options?: FollowOptions,
  ): AsyncGenerator<E, void, undefined>;
}

/** Every endpoint of the API, typed. Holds no connection and needs no closing. */
export function createClient(options: ClientOptions = {}): SynclineClient {
  const { key, organization, retries = 3, timeoutMs = 60_000, longestWaitMs = 30_000 } = options;
  const baseUrl = (options.baseUrl ?? originOfPage()).replace(/\/+$/, '');
  const given = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  const send: Fetch = async (request) => {
    const authorized = new Request(request, cookiesOf(key));
    if (key !== undefined) {
      authorized.headers.set('authorization', `Bearer ${typeof key === 'string' ? key : await key()}`);
    }
    if (organization !== undefined && !authorized.headers.has('x-organization-id')) {
      authorized.headers.set('x-organization-id', organization);
    }
    return given(authorized);
  };
  const calls = createFetchClient<paths>({
    baseUrl,
    fetch: retryingFetch(send, { retries, timeoutMs, longestWaitMs }),
  });
  const connectTo =
    (path: string): Connect =>
    (lastEventId, signal) => {
      const headers = new Headers({ accept: 'text/event-stream' });
      if (lastEventId) headers.set('last-event-id', lastEventId);
      return send(new Request(baseUrl + path, { headers, signal }));
    };

  async function* followSync(jobId: string, follow: FollowOptions = {}): AsyncGenerator<SyncProgress, void, undefined> {
    const path = `/api/v1/sync/progress/${encodeURIComponent(jobId)}/stream`;
    const hasEnded = ({ data }: LiveEvent) => !['starting', 'running'].includes((data as SyncProgress).status);
    for await (const { data } of followStream(connectTo(path), follow, hasEnded)) yield data as SyncProgress;
  }

  return {
    organization,
    GET: throwing(calls.GET) as Call<'get'>,
    PUT: throwing(calls.PUT) as Call<'put'>,
    POST: throwing(calls.POST) as Call<'post'>,
    PATCH: throwing(calls.PATCH) as Call<'patch'>,
    DELETE: throwing(calls.DELETE) as Call<'delete'>,
    followSync,
    followEvents: <E extends LiveEvent>(path: string, follow: FollowOptions = {}) =>
      followStream(connectTo(path), follow) as AsyncGenerator<E, void, undefined>,
  };
}

interface Outcome {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** `call` is one of openapi-fetch's, whose types cannot be told from outside; its callers see those of `Call`. */
function throwing(call: unknown) {
  return async (path: string, init: Record<string, unknown> = {}): Promise<unknown> => {
    const { data, error, response } = await (call as (path: string, init: object) => Promise<Outcome>)(
      path,
      init,
    ).catch((thrown: unknown) => {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      throw unreadable(200, 'It is not JSON', thrown);
    });
    if (response.ok) return data;
    throw errorOf(response.status, error, retryAfterOf(response.headers));
  };
}

/** Workers of an edge have no cookies, and refuse to be told about them. */
function cookiesOf(key: ClientOptions['key']): RequestInit {
  return 'credentials' in Request.prototype ? { credentials: key === undefined ? 'same-origin' : 'omit' } : {};
}

function originOfPage(): string {
  const { location } = globalThis as { readonly location?: { readonly origin: string } };
  if (location === undefined) throw new TypeError('createClient needs a baseUrl where there is no page');
  return location.origin;
}
