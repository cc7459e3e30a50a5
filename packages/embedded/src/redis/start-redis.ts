import { chmod, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createSecret, readSecret, writeSecret } from '../home/secret.js';
import { firstClosedFolder } from '../home/traversal.js';
import { startOnFreePort } from '../on-free-port.js';
import { giveTo } from '../process/give-to.js';
import type { Identity } from '../process/identity.js';
import type { ServiceScene, StartedService } from '../service-scene.js';
import { findRedis } from './find-redis.js';
import { redisConfig } from './redis-config.js';
import { redisAnswers } from './redis-ping.js';
import { type RedisProgram, redisEnv, redisTrouble } from './redis-program.js';
import { redisConfigFile, redisEndSteps, redisPidFile } from './stale-redis.js';

/** Brings a Redis that keeps what it is given. Throws an EmbeddedError when none can be had. */
export async function startRedis(scene: ServiceScene): Promise<StartedService> {
  const program = await findRedis(scene);
  const password = await keepPassword(scene.layout.secret('redis'));
  await mkdir(scene.layout.redis, { recursive: true, mode: 0o700 });
  const data = await realpath(scene.layout.redis);
  await chmod(data, 0o700);
  const identity = await usableIdentity(scene, program);
  const configFile = redisConfigFile(data);
  return startOnFreePort(scene, {
    portFile: scene.layout.port('redis'),
    spec: async (port) => {
      const pidFile = redisPidFile(data);
      // An existing file would keep its mode: begin with none.
      await rm(configFile, { force: true });
      await writeFile(configFile, redisConfig({ port, password, data, pidFile, ephemeral: scene.ephemeral }), {
        mode: 0o600,
      });
      await giveTo(data, identity);
      return {
        part: 'redis',
        command: program.command,
        args: [configFile],
        cwd: data,
        env: redisEnv(program),
        identity,
        logFile: `${scene.layout.logs}/redis.log`,
        endSteps: redisEndSteps,
      };
    },
    isReady: (port) => redisAnswers(port, password),
    url: (port) => `redis://:${password}@127.0.0.1:${port}`,
  });
}

async function keepPassword(file: string): Promise<string> {
  const known = await readSecret(file);
  if (known) return known;
  const created = createSecret();
  await writeSecret(file, created);
  return created;
}

/** Redis, other than Postgres, does run as root: better not, but only where the other user reaches all it needs. */
async function usableIdentity(scene: ServiceScene, program: RedisProgram): Promise<Identity | undefined> {
  const { identity, layout } = scene;
  if (!identity || (await firstClosedFolder(layout.root, identity))) return undefined;
  return (await redisTrouble(program, identity)) === undefined ? identity : undefined;
}
