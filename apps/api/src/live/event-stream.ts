import { Readable } from 'node:stream';

export interface ServerEvent {
  /** A client that comes back names the last one it saw. */
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface EventStream {
  readonly stream: Readable;
  /** What the client should know now. While it is slow only the newest waits for it: a state, not a log. */
  send(event: ServerEvent): void;
  /** Ends the stream, after what waits. */
  end(): void;
}

/** For a client whose connection breaks, until it tries again. */
const retryMs = 2_000;

/**
 * A stream of server-sent events. Says something at once, so that the client has its headers, and from then on at least
 * every `heartbeatMs`: proxies close connections that are silent. `onClose` is called once, however it ends.
 */
export function openEventStream(heartbeatMs: number, onClose: () => unknown): EventStream {
  let waiting: string | undefined = `retry: ${retryMs}\n: following\n\n`;
  let newest: string | undefined;
  let wanted = false;
  let ended = false;

  const stream = new Readable({
    read: () => {
      wanted = true;
      flush();
    },
    destroy: (error, done) => {
      clearInterval(heartbeat);
      onClose();
      done(error);
    },
  });
  const heartbeat = setInterval(() => {
    if (wanted && !ended) wanted = stream.push(': alive\n\n');
  }, heartbeatMs);

  function flush(): void {
    if (!wanted || stream.destroyed) return;
    const text = (waiting ?? '') + (newest ?? '');
    waiting = undefined;
    newest = undefined;
    if (text !== '') wanted = stream.push(text);
    if (ended) stream.push(null);
  }

  return {
    stream,
    send: ({ id, event, data }) => {
      if (ended) return;
      newest = `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      flush();
    },
    end: () => {
      if (ended) return;
      ended = true;
      clearInterval(heartbeat);
      // Whether or not anybody reads just now: what is buffered comes first.
      wanted = true;
      flush();
    },
  };
}
