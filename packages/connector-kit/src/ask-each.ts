import type { ErrorCode } from './errors/catalogue.js';
import { isSyncError, type SyncError } from './errors/sync-error.js';

/** What came of asking for something of each of several records. */
export interface Asked<T> {
  /** By the records' ids: what was answered, or why this record has none. Records that were not reached are missing. */
  readonly answers: ReadonlyMap<string, { readonly ok: T } | { readonly error: ErrorCode }>;
  /** Why not all were reached; undefined when all were. */
  readonly stoppedBy: unknown;
}

interface Stumble {
  readonly id: string;
  readonly error: SyncError;
  readonly moment: number;
}

/** Few enough for the vendor to hardly notice, and enough to hide how long it takes to answer. */
const atOnce = 4;

/** The vendor's word about one record. */
const refusals: readonly ErrorCode[] = ['UPSTREAM_REJECTED', 'UPSTREAM_GONE', 'UPSTREAM_TOO_LARGE'];

/** Asks for a part of a record. The vendor's refusal of just that is an answer, too; throws everything else. */
export async function unlessRefused<T>(
  ask: () => Promise<T>,
): Promise<{ readonly ok: T } | { readonly error: ErrorCode }> {
  try {
    return { ok: await ask() };
  } catch (error) {
    if (isSyncError(error, ...refusals)) return { error: error.code };
    throw error;
  }
}

/** May be about one record, or about the vendor as a whole. */
const stumbles: readonly ErrorCode[] = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_BODY',
];

/**
 * Asks for something that lists leave out, record by record, a few at once.
 *
 * Never throws. A record for which the vendor refuses has the reason instead of an answer. So has one at which the vendor
 * stumbles twice, if another one that was asked for after that came well: then it is the record's fault, which must not
 * hold up all the others for ever. Everything else ends it: the budget is used up, the vendor is not well.
 */
export async function askEach<T>(ids: readonly string[], ask: (id: string) => Promise<T>): Promise<Asked<T>> {
  const answers = new Map<string, { readonly ok: T } | { readonly error: ErrorCode }>();
  let stoppedBy: unknown;
  // Moments by counting: what was asked for, and what stumbled, in which order.
  let moment = 0;
  let lastWell = 0;

  const askOne = async (id: string): Promise<Stumble | undefined> => {
    const asked = ++moment;
    try {
      const ok = await ask(id);
      lastWell = Math.max(lastWell, asked);
      answers.set(id, { ok });
    } catch (error) {
      if (isSyncError(error, ...stumbles)) return { id, error, moment: ++moment };
      if (isSyncError(error, ...refusals)) answers.set(id, { error: error.code });
      else stoppedBy ??= error;
    }
    return undefined;
  };
  const askAll = async (waiting: string[]): Promise<Stumble[]> => {
    const stumbled: Stumble[] = [];
    const work = async () => {
      while (stoppedBy === undefined) {
        const id = waiting.shift();
        if (id === undefined) return;
        const stumble = await askOne(id);
        if (stumble !== undefined) stumbled.push(stumble);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return stumbled;
  };

  const first = await askAll([...ids]);
  const again = await askAll(first.map(({ id }) => id));
  for (const { id, error } of again) {
    const since = first.find((stumble) => stumble.id === id)?.moment ?? moment;
    if (lastWell > since) answers.set(id, { error: error.code });
    else stoppedBy ??= error;
  }
  return { answers, stoppedBy };
}
