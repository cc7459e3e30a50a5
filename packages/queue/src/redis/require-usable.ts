import { Cluster } from 'ioredis';
import { unlessRefused } from './explain-redis-error.js';
import type { RedisClient } from './open-redis.js';
import { RedisSetupError } from './redis-address.js';

/**
 * Checks that Redis can be worked with: that it keeps what it is given (one that may evict keys would drop queued jobs
 * without a word), and that it is what its address says, with keys that may be used together. Waits for a Redis that is
 * away as long as the connection does.
 *
 * Throws RedisSetupError with what to change. Managed services that forbid CONFIG are trusted to say so in INFO.
 */
export async function requireUsableRedis(redis: RedisClient, prefix: string): Promise<void> {
  const isCluster = redis instanceof Cluster;
  if (isCluster && !/\{[^}]+\}/.test(prefix)) {
    throw new RedisSetupError(
      `SYNCLINE_REDIS_PREFIX has no hash tag, and on a Redis Cluster its keys would be spread over the nodes: set it to {${prefix}}.`,
    );
  }
  const infos = await unlessRefused(redis, () => settings(redis));
  if (!isCluster && infos.some((info) => /cluster_enabled:1/.test(info))) {
    throw new RedisSetupError(
      'REDIS_URL leads to a node of a Redis Cluster: let it begin with redis+cluster:// (or rediss+cluster://).',
    );
  }
  for (const info of infos) refuseEviction(info);
}

/** Only whether Redis keeps what it is given. Throws RedisSetupError. */
export async function requireNoEviction(redis: RedisClient): Promise<void> {
  for (const info of await settings(redis)) refuseEviction(info);
}

/** What each server that takes writes says of itself. */
async function settings(redis: RedisClient): Promise<string[]> {
  if (!(redis instanceof Cluster)) return [await redis.info()];
  // Masters are known once the Cluster has answered for the first time.
  await redis.ping();
  return Promise.all(redis.nodes('master').map((node) => node.info()));
}

function refuseEviction(info: string): void {
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  throw new RedisSetupError(
    `Redis may evict keys (maxmemory-policy ${policy}), which would lose queued jobs. ` +
      'Set maxmemory-policy to noeviction in its configuration, then start again.',
  );
}
