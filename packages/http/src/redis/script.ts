import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

/** Tells every script what time it is (`now`), and how numbers are written (`exact`). */
const redisClock = sourceOf('clock');

/** A Lua script that is sent to Redis once and named by its hash from then on. */
export class Script {
  readonly #source: string;
  readonly #hash: string;

  /**
   * @param name of a file in this package's `lua` folder
   * @param clock Lua that defines what lua/clock.lua does. Another one is for whoever has to decide about the time,
   *   such as a test that replays a day: Redis' own cannot be set
   */
  constructor(name: string, clock = redisClock) {
    this.#source = `${clock}\n${sourceOf(name)}`;
    this.#hash = createHash('sha1').update(this.#source).digest('hex');
  }

  async run(redis: Redis | Cluster, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#hash, keys.length, ...keys, ...args);
    } catch (error) {
      // A Redis that was restarted, flushed or took over has forgotten it.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}

/** The folder is as far from `src` as from `dist`. */
function sourceOf(name: string): string {
  return readFileSync(new URL(`../../lua/${name}.lua`, import.meta.url), 'utf8');
}
