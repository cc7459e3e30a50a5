/**
 * Reads ahead: while the caller works on what it was given, up to `limit` further items are read. Each turn yields all
 * that has piled up. An error of the source comes after everything read before it.
 *
 * When the caller stops early, `stop` is called and has to end whatever the source is waiting for.
 */
export async function* prefetch<T>(source: AsyncIterable<T>, limit: number, stop: () => void): AsyncGenerator<T[]> {
  const ready: T[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let stopped = false;
  const arrival = signalBox();
  const room = signalBox();

  const reading = (async () => {
    try {
      for await (const item of source) {
        ready.push(item);
        arrival.notify();
        while (ready.length >= limit && !stopped) await room.wait();
        if (stopped) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      ended = true;
      arrival.notify();
    }
  })();

  try {
    for (;;) {
      if (ready.length > 0) {
        const batch = ready.splice(0);
        room.notify();
        yield batch;
      } else if (ended) {
        if (failure !== undefined) throw failure.error;
        return;
      } else {
        await arrival.wait();
      }
    }
  } finally {
    stopped = true;
    stop();
    room.notify();
    await reading;
  }
}

/** Lets one side wait for the other's next notice. A notice that nobody waits for is kept. */
function signalBox() {
  let wake: (() => void) | undefined;
  let noticed = false;
  return {
    notify: () => {
      noticed = true;
      wake?.();
    },
    wait: async () => {
      if (!noticed) await new Promise<void>((resolve) => (wake = resolve));
      noticed = false;
      wake = undefined;
    },
  };
}
