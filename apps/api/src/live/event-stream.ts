import { Readable } from 'node:stream';

export interface ServerEvent {
  /** A client that comes back names the last one it saw. */
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface EventStream {
  readonly stream: Readable;
  /**
   * What the client should know now. While it is slow only the newest of each kind waits for it: a state, not a log.
   * `merge` makes one of one that waits and the new one, where the new one does not say it all.
   */
  send(event: ServerEvent, merge?: (waiting: ServerEvent, event: ServerEvent) => ServerEvent): void;
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
  const newest = new Map<string, ServerEvent>();
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
    const text = (waiting ?? '') + textOf([...newest.values()]);
    waiting = undefined;
    newest.clear();
    if (text !== '') wanted = stream.push(text);
    if (ended) stream.push(null);
  }

  return {
    stream,
    send: (event, merge) => {
      if (ended) return;
      const before = newest.get(event.event);
      // Behind the others: the id of the last one stands for all of them.
      newest.delete(event.event);
      newest.set(event.event, before === undefined || merge === undefined ? event : merge(before, event));
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

/** Only the last of several has an id: a client that saw the others and not that one has not seen all. */
function textOf(events: readonly ServerEvent[]): string {
  const texts = events.map(({ id, event, data }, i) => {
    const named = i === events.length - 1 ? `id: ${id}\n` : '';
    return `${named}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  });
  return texts.join('');
}
