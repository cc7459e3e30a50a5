import { createParser } from 'eventsource-parser';
import { errorOf, SynclineError, unreachable, unreadable } from './syncline-error.js';
import { backoffMs, pause, retryAfterOf } from './waiting.js';

export interface LiveEvent {
  readonly id: string;
  readonly event: string;
  /** Parsed JSON. */
  readonly data: unknown;
}

export interface FollowOptions {
  /** Ends it: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The last event that was seen, where the caller goes on after an earlier time. */
  readonly lastEventId?: string | undefined;
  /** How many attempts in a row may fail before it throws: 10 unless given. Infinity: it tries until it is aborted. */
  readonly reconnects?: number | undefined;
  /** Told when events can come, and when they cannot for now, and why: for a page that shows that it is disconnected. */
  readonly onConnection?: ((state: 'open' | 'lost', error?: SynclineError) => void) | undefined;
  /** Sent as comments by the server every 15 s; a connection that is silent for longer than this (45 s) is dead. */
  readonly silenceMs?: number | undefined;
}

/** Opens a connection, with `Last-Event-ID` where there is one. */
export type Connect = (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;

/** Between connections that ended well, where the server names no time. */
const defaultRetryMs = 2_000;
/** So many in a row may be opened as soon as the server likes, though nothing comes of them. */
const vainAttempts = 3;
/** A connection that lasted so long was none in vain: there was no news. */
const lastedMs = 5_000;
/** In characters, for an event that is not complete: a server that never ends a line must not fill the memory. */
const longestEvent = 16 * 1024 * 1024;

/**
 * Server-sent events of one address, over as many connections as it takes: each names the last event that was seen, so
 * that the server sends what is new since. Between two it waits as long as the server's `retry:` says; after failures by
 * backoff, or by `Retry-After`; and by backoff at least when nothing comes again and again. Ends when the server says that nothing will come any more (204), or after an event for
 * which `isLast` is true.
 *
 * Throws SynclineError: what the server refuses (4xx, but 429) at once, other failures when there were too many in a row.
 */
export async function* followStream(
  connect: Connect,
  { signal, lastEventId, reconnects = 10, onConnection, silenceMs = 45_000 }: FollowOptions,
  isLast: (event: LiveEvent) => boolean = () => false,
): AsyncGenerator<LiveEvent, void, undefined> {
  let seen = lastEventId;
  let retryMs = defaultRetryMs;
  let failures = 0;
  let vain = 0;
  for (;;) {
    vain += 1;
    const connection = new AbortController();
    const stop = () => connection.abort(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const silence = silenceAlarm(silenceMs, connection);
    const openedAt = performance.now();
    let waitMs = 0;
    try {
      const response = await connect(seen, connection.signal);
      if (response.status === 204) return;
      const stream = await streamOf(response);
      onConnection?.('open');
      for await (const part of eventsOf(stream, silence)) {
        failures = 0;
        if (typeof part === 'number') {
          retryMs = part;
          continue;
        }
        vain = 0;
        yield part;
        // The server names only the last of several that it sends at once: who saw the others has not seen all.
        if (part.id !== '') seen = part.id;
        if (isLast(part)) return;
      }
      onConnection?.('lost');
      waitMs = retryMs;
    } catch (error) {
      signal?.throwIfAborted();
      const failure = error instanceof SynclineError ? error : unreachable(connection.signal.reason ?? error);
      failures += 1;
      onConnection?.('lost', failure);
      if (isRefusal(failure) || failures > reconnects) throw failure;
      waitMs = failure.retryAfterSeconds === null ? backoffMs(failures) : failure.retryAfterSeconds * 1_000;
    } finally {
      silence.end();
      signal?.removeEventListener('abort', stop);
      connection.abort();
    }
    if (performance.now() - openedAt > lastedMs) vain = 0;
    await pause(Math.max(waitMs, vain > vainAttempts ? backoffMs(vain - vainAttempts) : 0), signal);
  }
}

/** The events of a stream, and what it says of `retry` in milliseconds, as they come. */
async function* eventsOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  silence: SilenceAlarm,
): AsyncGenerator<LiveEvent | number, void, undefined> {
  const arrived: (LiveEvent | number)[] = [];
  const parser = createParser({
    onEvent: ({ id = '', event = 'message', data }) => arrived.push({ id, event, data: parsed(data) }),
    onRetry: (ms) => arrived.push(ms),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw unreadable(200, 'An event does not end');
    },
    maxBufferSize: longestEvent,
  });
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    silence.begin();
    const { done, value } = await reader.read();
    // What is told may take whoever is told as long as he likes.
    silence.end();
    if (done) return;
    parser.feed(value);
    yield* arrived.splice(0);
  }
}

async function streamOf(response: Response): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  if (!response.ok) {
    const text = await response.text();
    throw errorOf(response.status, jsonOr(text), retryAfterOf(response.headers));
  }
  const type = response.headers.get('content-type') ?? '';
  if (response.body !== null && type.startsWith('text/event-stream')) return response.body;
  throw unreadable(response.status, `It should be a stream of events, and is ${type || 'empty'}`);
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw unreadable(200, 'The data of an event are not JSON', error);
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What would be refused again. A 429 is only for now. */
function isRefusal({ status }: SynclineError): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

interface SilenceAlarm {
  /** Begins anew to wait for a word. */
  begin(): void;
  end(): void;
}

/** Aborts a connection that says nothing for too long: a broken one may look open for hours. Waits from the beginning. */
function silenceAlarm(ms: number, connection: AbortController): SilenceAlarm {
  const ring = () => connection.abort(new Error(`Nothing came for ${ms / 1_000} s`));
  let timer = setTimeout(ring, ms);
  const end = () => clearTimeout(timer);
  return {
    begin: () => {
      end();
      timer = setTimeout(ring, ms);
    },
    end,
  };
}
