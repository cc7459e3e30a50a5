import type { components } from './api-types.js';

/** The codes that the API knew when this client was made; docs/errors.md explains each. */
export type ErrorCode = components['schemas']['Problem']['code'];

/**
 * What the client itself has to say. UNREACHABLE: no answer came (status 0). UNREADABLE: one came that the API did not
 * give, such as the page of a proxy.
 */
export type ClientErrorCode = 'UNREACHABLE' | 'UNREADABLE';

interface Told {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  readonly runningJobId: string | null;
}

/** A request that did not work out. Decide by `code`, never by the texts. */
export class SynclineError extends Error {
  override readonly name = 'SynclineError';
  /** A newer server may say one that this client does not know: hence also any other string. */
  readonly code: ErrorCode | ClientErrorCode | (string & Record<never, never>);
  /** Of the HTTP answer; 0 where there was none. */
  readonly status: number;
  readonly title: string;
  /** What happened this time. */
  readonly detail: string;
  /** What to do about it; empty where nobody knows. */
  readonly hint: string;
  /** Finds the request in the server's log. */
  readonly requestId: string | null;
  /** When trying again makes sense; null where waiting changes nothing. */
  readonly retryAfterSeconds: number | null;
  /** With VALIDATION_FAILED: every field that is wrong. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  /** With SYNC_ALREADY_RUNNING: the job to follow instead. */
  readonly runningJobId: string | null;

  constructor(told: Told, options?: ErrorOptions) {
    super(told.detail === told.title ? told.title : `${told.title}: ${told.detail}`, options);
    this.code = told.code;
    this.status = told.status;
    this.title = told.title;
    this.detail = told.detail;
    this.hint = told.hint;
    this.requestId = told.requestId;
    this.retryAfterSeconds = told.retryAfterSeconds;
    this.fields = told.fields;
    this.runningJobId = told.runningJobId;
  }
}

const nothing = { hint: '', requestId: null, retryAfterSeconds: null, fields: [], runningJobId: null };

/** For a request that got no answer. `cause` is what `fetch` threw. */
export function unreachable(cause: unknown): SynclineError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const told = { ...nothing, code: 'UNREACHABLE', status: 0, title: 'The API could not be reached', detail };
  return new SynclineError(told, { cause });
}

/** For an answer that is not what the API gives. */
export function unreadable(status: number, detail: string, cause?: unknown): SynclineError {
  const title = 'The answer is not one of the API';
  return new SynclineError({ ...nothing, code: 'UNREADABLE', status, title, detail }, { cause });
}

/**
 * What an answer with an error status says, in either of the API's two shapes: problem details, and the failures of the
 * guides' paths. `body` is parsed JSON, or the text where it is none. `retryAfterSeconds` is that of the header.
 */
export function errorOf(status: number, body: unknown, retryAfterSeconds: number | null): SynclineError {
  if (!isObject(body)) return lost(status, retryAfterSeconds);
  const { details } = body;
  if (isObject(details) && typeof details['error_code'] === 'string') {
    const title = textOf(body['error']);
    const { error_code: code, message, sync_id, errors } = details;
    const same = { title, detail: textOf(message), hint: '', requestId: null };
    return new SynclineError({ ...same, code, status, retryAfterSeconds, ...namedBy(sync_id, errors) });
  }
  const { code, title, detail, hint, requestId, runningJobId, errors } = body;
  if (typeof code !== 'string') return lost(status, retryAfterSeconds);
  const said = {
    title: textOf(title),
    detail: textOf(detail),
    hint: textOf(hint),
    requestId: textOf(requestId) || null,
  };
  return new SynclineError({ ...said, code, status, retryAfterSeconds, ...namedBy(runningJobId, errors) });
}

/** The code that such a body names; undefined where it names none, and so is not the API's. */
export function codeOf(body: unknown): string | undefined {
  if (!isObject(body)) return undefined;
  const { code, details } = body;
  const named = code ?? (isObject(details) ? details['error_code'] : undefined);
  return typeof named === 'string' ? named : undefined;
}

function lost(status: number, retryAfterSeconds: number | null): SynclineError {
  const title = `The answer is HTTP ${status}, and not one of the API`;
  const detail = 'Is the address right, and is a proxy between?';
  return new SynclineError({ ...nothing, code: 'UNREADABLE', status, title, detail, retryAfterSeconds });
}

function namedBy(runningJobId: unknown, errors: unknown): Pick<Told, 'runningJobId' | 'fields'> {
  return {
    runningJobId: typeof runningJobId === 'string' ? runningJobId : null,
    fields: Array.isArray(errors)
      ? errors.filter(isObject).map(({ field, message }) => ({ field: textOf(field), message: textOf(message) }))
      : [],
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
