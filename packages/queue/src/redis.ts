import { Redis } from 'ioredis';

export interface OpenRedisOptions {
  readonly redisUrl: string;
  /**
   * Fail commands at once while Redis is away instead of holding them until it is back. For callers who can say 503;
   * workers wait instead.
   */
  readonly failFast: boolean;
  readonly onError: (error: Error) => void;
}

/** Opens a connection that mends itself for as long as the process lives. The caller closes it. */
export function openRedis(options: OpenRedisOptions): Redis {
  const redis = new Redis(options.redisUrl, {
    maxRetriesPerRequest: options.failFast ? 1 : null,
    enableOfflineQueue: !options.failFast,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
    // A peer that is gone without a word (a machine cut off, a firewall that forgot) would be waited for until TCP gives
    // up, a quarter of an hour later. Longer than any answer may take: BullMQ waits for jobs up to 10 s at a time.
    socketTimeout: 15_000,
    // BullMQ duplicates a worker's connection. A lazy duplicate is connected by BullMQ itself, once: if that attempt
    // fails, because Redis is restarting just then, the worker never takes a job again.
    lazyConnect: options.failFast,
  });
  // Without a listener a lost connection would end the process.
  redis.on('error', options.onError);
  return redis;
}

/**
 * Checks that Redis keeps what it is given: one that may evict keys would drop queued jobs without a word.
 *
 * Throws Error with what to change. Managed services that forbid CONFIG are trusted to say so in INFO.
 */
export async function requireNoEviction(redis: Redis): Promise<void> {
  const info = await redis.info('memory');
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  throw new Error(
    `Redis may evict keys (maxmemory-policy ${policy}), which would lose queued jobs. ` +
      'Set maxmemory-policy to noeviction in its configuration, then start again.',
  );
}
