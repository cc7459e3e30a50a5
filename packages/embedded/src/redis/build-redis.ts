import { once } from 'node:events';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../process/find-program.js';
import type { ServiceScene } from '../service-scene.js';
import { type RedisProgram, redisTrouble } from './redis-program.js';

/** The series that is built: the last one of Redis under a permissive licence. */
const version = '7.2.11';

/** The Redis that an earlier start compiled, if any. */
export async function findBuiltRedis(scene: ServiceScene): Promise<RedisProgram | undefined> {
  const command = join(buildFolder(scene), version, 'redis-server');
  return stat(command).then(
    () => ({ command, libraries: [] }),
    () => undefined,
  );
}

/** Compiles Redis from source with redis-memory-server, which needs a compiler and takes a minute or two. */
export async function buildRedis(scene: ServiceScene): Promise<RedisProgram | { trouble: string }> {
  const [make, compiler] = await Promise.all([findProgram('make'), findProgram('cc')]);
  if (!make || !compiler) return { trouble: 'Compiling Redis needs make and a C compiler, which are not both here.' };
  scene.onStep('Compiling Redis from source (this takes a minute or two)');
  try {
    const downloadDir = buildFolder(scene);
    await mkdir(downloadDir, { recursive: true });
    // The package checks certificates only if this is set, and what it fetches is going to be run.
    process.env.npm_config_strict_ssl = 'true';
    const { RedisBinary } = await import('redis-memory-server');
    // It cannot be cancelled, only left behind; what it runs ends with the keeper's process group.
    const interrupted = once(scene.signal, 'abort').then((): never => {
      throw scene.signal.reason;
    });
    const command = await Promise.race([RedisBinary.getPath({ downloadDir, version, systemBinary: '' }), interrupted]);
    const built: RedisProgram = { command, libraries: [] };
    const trouble = await redisTrouble(built);
    return trouble ? { trouble } : built;
  } catch (error) {
    return { trouble: `Compiling Redis failed: ${(error as Error).message.split('\n')[0]}` };
  }
}

function buildFolder(scene: ServiceScene): string {
  return join(scene.layout.tools, 'redis-memory-server');
}
