import { within } from '@syncline/engine';

/** What was read of the fleet the last time, and what could not be. */
export type FleetReading<Values> = { readonly [Name in keyof Values]?: Values[Name] };

export interface FleetReaderOptions<Values> {
  /** Each source by itself, in this order, one after the other. */
  readonly read: { readonly [Name in keyof Values]: () => Promise<Values[Name]> };
  /** For one of them. */
  readonly patienceMs: number;
  /** For all of them: whoever asks wants an answer before it gives up itself. */
  readonly allMs: number;
  /** So long what was read is good enough. */
  readonly keptMs: number;
  readonly onRead: (source: keyof Values, seconds: number, error: unknown) => void;
  readonly now?: () => number;
}

/**
 * Reads numbers of the fleet, at most once in a while, however many ask and however often: all who ask meanwhile get the
 * same. One after the other, so that it never has more than one connection to Postgres. What fails or takes too long is
 * missing from the reading, and the rest of it is there. Does not reject.
 */
export function fleetReader<Values extends object>(
  options: FleetReaderOptions<Values>,
): () => Promise<FleetReading<Values>> {
  const { patienceMs, allMs, keptMs, now = () => performance.now() } = options;
  let last: { readonly at: number; readonly reading: Promise<FleetReading<Values>> } | undefined;

  const readAll = async (): Promise<FleetReading<Values>> => {
    const endsAt = now() + allMs;
    const reading: { [Name in keyof Values]?: Values[Name] } = {};
    for (const source of Object.keys(options.read) as (keyof Values)[]) {
      const startedAt = now();
      let error: unknown;
      try {
        const ms = Math.min(patienceMs, endsAt - startedAt);
        if (ms <= 0) throw new Error('there was no time left for it');
        reading[source] = await within(ms, options.read[source](), () => new Error(`no answer within ${ms} ms`));
      } catch (thrown) {
        error = thrown;
      }
      options.onRead(source, (now() - startedAt) / 1_000, error);
    }
    return reading;
  };
  return () => {
    if (last === undefined || now() - last.at >= keptMs) {
      const reading = readAll();
      // One at a time, and its time counts from its end: what took long is not begun again at once.
      last = { at: Number.POSITIVE_INFINITY, reading };
      void reading.then(() => {
        last = { at: now(), reading };
      });
    }
    return last.reading;
  };
}
