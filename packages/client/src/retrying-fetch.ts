import { codeOf, unreachable } from './syncline-error.js';
import { backoffMs, pause, retryAfterOf } from './waiting.js';

export type Fetch = (request: Request) => Promise<Response>;

export interface Patience {
  /** How often a request is sent again. */
  readonly retries: number;
  /** For an answer that is not there by then, once and for all of its body. */
  readonly timeoutMs: number;
  /** A server that asks for more than that is not waited for: its answer is the answer. */
  readonly longestWaitMs: number;
}

/** Repeating these does no harm. DELETE is none of them: whoever deletes twice is told that nothing is there. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT']);
/** The API refuses by these before it has done anything. */
const refusals: ReadonlySet<string> = new Set([
  'TOO_MANY_REQUESTS',
  'TOO_MANY_STREAMS',
  'IDENTITY_PROVIDER_UNAVAILABLE',
]);
/** These pass, but something may have been done. All other codes would come again. */
const outages: ReadonlySet<string> = new Set(['DATABASE_UNAVAILABLE', 'QUEUE_UNAVAILABLE', 'BUDGET_UNAVAILABLE']);
/** What a proxy says of a server that is away, or has too much to do. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * A `fetch` that sends a request again where that does no harm: after a 429 always, else GET, HEAD and PUT alone. Waits as
 * long as `Retry-After` says, else by backoff, and ends at once when the request's signal is aborted. A request may have
 * `retries` of its own.
 *
 * Throws SynclineError UNREACHABLE when no answer came, or not all of it; and the signal's reason when it was aborted.
 */
export function retryingFetch(fetch: Fetch, patience: Patience): Fetch {
  return async (request) => {
    const { retries = patience.retries } = request as { readonly retries?: number };
    for (let failures = 1; ; failures += 1) {
      const isLast = failures > retries;
      let waitMs: number;
      try {
        const response = await whole(await fetch(withDeadline(request, patience.timeoutMs)));
        if (isLast || !passing.has(response.status) || !(await mayRepeat(request, response))) return response;
        waitMs = waitOf(response, failures);
        if (waitMs > patience.longestWaitMs) return response;
      } catch (error) {
        request.signal.throwIfAborted();
        if (isLast || !safe.has(request.method)) throw unreachable(error);
        waitMs = backoffMs(failures);
      }
      await pause(waitMs, request.signal);
    }
  };
}

/** With its body read to the end: an answer that breaks off in the middle is none, and may be asked for again. */
async function whole(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
}

function withDeadline(request: Request, timeoutMs: number): Request {
  return new Request(request.clone(), { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) });
}

function waitOf(response: Response, failures: number): number {
  const seconds = retryAfterOf(response.headers);
  return seconds === null ? backoffMs(failures) : seconds * 1_000;
}

async function mayRepeat(request: Request, response: Response): Promise<boolean> {
  const code = codeOf(await jsonOf(response.clone()));
  if (code === undefined) return safe.has(request.method) || response.status === 429;
  return refusals.has(code) || (safe.has(request.method) && outages.has(code));
}

/** The body, or undefined when it is not JSON. */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
