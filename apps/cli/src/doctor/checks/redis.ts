import { readRedisFacts } from '@syncline/queue';
import { type Check, ok, problem, warning } from '../check.js';
import type { Scene } from '../scene.js';
import { skew } from '../skew.js';
import { inRedis, once } from './needs.js';

type Redis = NonNullable<Scene['redis']>;

/** Supported from here on. */
const oldest = { Redis: [6, 2], Valkey: [7, 2] } as const;
const fullShare = 0.8;
const megabyte = 1024 ** 2;

const factsOf = once((redis: Redis) => readRedisFacts(redis));

export const redisChecks: readonly Check[] = [
  {
    id: 'redis.reachable',
    look: ({ noRedis }) =>
      noRedis === undefined
        ? ok('Redis answers.')
        : problem(`Redis cannot be used: ${noRedis}. Check REDIS_URL, the server and its firewall.`),
  },
  {
    id: 'redis.version',
    look: inRedis(async (redis, scene) => {
      const { product, version } = await factsOf(redis, scene);
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const [leastMajor, leastMinor] = oldest[product];
      const fits = major > leastMajor || (major === leastMajor && minor >= leastMinor);
      return fits
        ? ok(`${product} ${version}.`)
        : problem(`${product} ${version}; ${leastMajor}.${leastMinor} or later is needed.`);
    }),
  },
  {
    id: 'redis.writable',
    look: inRedis(async (redis, scene) =>
      (await factsOf(redis, scene)).readOnly
        ? problem('Redis is a replica, which takes no writes. Lead REDIS_URL to the primary.')
        : ok('Redis takes writes.'),
    ),
  },
  {
    id: 'redis.eviction',
    look: inRedis(async (redis, scene) => {
      const { evictionPolicy } = await factsOf(redis, scene);
      if (evictionPolicy === undefined)
        return warning('Redis does not say whether it evicts keys; see that it is noeviction.');
      if (evictionPolicy === 'noeviction') return ok('Redis keeps what it is given.');
      return problem(
        `Redis may evict keys (${evictionPolicy}), and queued jobs with them: set maxmemory-policy noeviction. Nothing starts before.`,
      );
    }),
  },
  {
    id: 'redis.persistence',
    look: inRedis(async (redis, scene) => {
      const { appendOnly, snapshots, persistenceWorks } = await factsOf(redis, scene);
      if (!persistenceWorks) return problem('Redis could not write its data to disk: look at its log and at the disk.');
      if (appendOnly) return ok('Redis writes an append-only file.');
      return warning(
        `Redis keeps ${snapshots ? 'only snapshots' : 'nothing'} of its data on disk: set appendonly yes. After a restart jobs are ` +
          'queued again from Postgres, but what was used of budgets is forgotten.',
      );
    }),
  },
  {
    id: 'redis.memory',
    look: inRedis(async (redis, scene) => {
      const { usedBytes, mostBytes } = await factsOf(redis, scene);
      const used = `${Math.round(usedBytes / megabyte)} MB`;
      if (mostBytes === 0) return ok(`Redis uses ${used}, without a limit.`);
      const most = `${Math.round(mostBytes / megabyte)} MB`;
      if (usedBytes < mostBytes * fullShare) return ok(`Redis uses ${used} of ${most}.`);
      return (usedBytes >= mostBytes ? problem : warning)(
        `Redis uses ${used} of ${most}: raise maxmemory. A full one takes no jobs.`,
      );
    }),
  },
  {
    id: 'redis.clock',
    look: inRedis(async (redis, { clock }) => skew('Redis', clock, async () => (await readRedisFacts(redis)).now)),
  },
];
