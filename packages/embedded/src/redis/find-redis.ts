import { EmbeddedError } from '../embedded-error.js';
import { findProgram } from '../process/find-program.js';
import type { ServiceScene } from '../service-scene.js';
import { buildRedis, findBuiltRedis } from './build-redis.js';
import { fetchWithApt } from './fetch-with-apt.js';
import { oldestRedis, type RedisProgram, redisTrouble } from './redis-program.js';
import { findUnpackedRedis } from './unpacked-redis.js';

/**
 * Finds or fetches a Redis: the system's, one fetched or built earlier, the distribution's package
 * unpacked below the home, one compiled from source. Throws an EmbeddedError that lists what stood
 * in the way when none of these can be had.
 */
export async function findRedis(scene: ServiceScene): Promise<RedisProgram> {
  const troubles: string[] = [];
  for (const look of [onPath('redis-server'), onPath('valkey-server'), findUnpackedRedis, findBuiltRedis]) {
    const found = await look(scene);
    const trouble = found && (await redisTrouble(found));
    if (found && !trouble) return found;
    if (trouble) troubles.push(trouble);
  }
  for (const bring of [fetchWithApt, buildRedis]) {
    scene.signal.throwIfAborted();
    const brought = await bring(scene);
    if (!('trouble' in brought)) return brought;
    troubles.push(brought.trouble);
  }
  throw new EmbeddedError(
    `No Redis can be run here.\n${troubles.join('\n')}`,
    `Install redis-server (${oldestRedis} or later), or set REDIS_URL to a Redis of yours.`,
  );
}

function onPath(name: string): () => Promise<RedisProgram | undefined> {
  return async () => {
    const command = await findProgram(name);
    return command === undefined ? undefined : { command, libraries: [] };
  };
}
