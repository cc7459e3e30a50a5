import { resolve } from 'node:path';
import { layoutOf } from '../home/layout.js';
import type { ServiceScene } from '../service-scene.js';
import { findRedis } from './find-redis.js';
import { redisEnv } from './redis-program.js';

/**
 * The Redis (or Valkey) that a home would start, for whoever starts it in ways of their own: its path, and what its
 * environment needs. Throws an EmbeddedError when none can be had.
 */
export async function redisCommand(home: string): Promise<{ command: string; env: NodeJS.ProcessEnv }> {
  const scene: ServiceScene = {
    layout: layoutOf(resolve(home)),
    identity: undefined,
    ephemeral: true,
    signal: new AbortController().signal,
    onStep: () => undefined,
    launch: () => Promise.reject(new Error('nothing is launched here')),
  };
  const program = await findRedis(scene);
  return { command: program.command, env: redisEnv(program) };
}
