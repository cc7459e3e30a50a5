import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisClient } from './redis/open-redis.js';

/** A Lua script that is sent to Redis once and named by its hash from then on. */
export class Script {
  readonly #source: string;
  readonly #hash: string;

  /** @param name of a file in this package's `lua` folder */
  constructor(name: string) {
    this.#source = readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8');
    this.#hash = createHash('sha1').update(this.#source).digest('hex');
  }

  async run(redis: RedisClient, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#hash, keys.length, ...keys, ...args);
    } catch (error) {
      // A Redis that was restarted, flushed or took over has forgotten it.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}
