import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { inject, onTestFinished } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
  }
}

export function redisUrl(): string {
  const url = process.env.REDIS_URL ?? inject('redisUrl');
  if (!url) throw new Error('These tests need a Redis: set REDIS_URL, or run them through the repository setup');
  return url;
}

/** Different in each test file that calls it once, so that files share one server. */
export function freshPrefix(): string {
  return `{test-${randomUUID()}}`;
}

/** A client that is closed when the test is over. */
export function openRedis(url = redisUrl(), options: RedisOptions = {}): Redis {
  const redis = new Redis(url, options);
  // Without a listener ioredis prints connection errors, which some tests cause on purpose.
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}
