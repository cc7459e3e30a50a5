import type { RedisClient } from './redis/open-redis.js';
import { Script } from './script.js';

/** Which life of which database the queues of a prefix belong to. */
export interface Mark {
  readonly identity: string;
  /** Counted up in Postgres first: a mark that is ahead of Postgres has seen what that has lost. */
  readonly generation: number;
  readonly place: string;
  /** How often it is counted up, seconds. */
  readonly everySeconds: number;
}

/** A mark as it was read. */
export interface FoundMark extends Mark {
  /** How long ago it was counted up, by the clock of the server that has it. */
  readonly quietSeconds: number;
}

/** The mark of a prefix. All of it rejects when Redis is away. */
export interface Marks {
  /** Undefined in a Redis that is new, or was emptied. */
  read(): Promise<FoundMark | undefined>;
  /**
   * Notes it. False when the mark is of another life, and not of the one that `replaces` names. Without `replaces`, a mark
   * of the same life that is further stays.
   */
  put(mark: Mark, replaces?: string): Promise<boolean>;
}

const script = new Script('mark');
const readScript = new Script('mark-read');

export function openMarks(redis: RedisClient, prefix: string): Marks {
  const key = `${prefix}:installation`;
  return {
    read: async () => {
      const [identity, generation, place, every, quietMs] = (await readScript.run(redis, [key], [])) as string[];
      if (identity === undefined || place === undefined) return undefined;
      const quietSeconds = Number(quietMs) / 1_000;
      return { identity, generation: Number(generation), place, everySeconds: Number(every), quietSeconds };
    },
    put: async ({ identity, generation, place, everySeconds }, replaces = '') =>
      (await script.run(redis, [key], [identity, generation, place, everySeconds, replaces])) === 1,
  };
}
