import { openRedis, requireNoEviction } from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

/** A server that only tells about its memory. The real one is shared, and must keep its policy. */
const telling = (info: string) => ({ info: async () => info }) as unknown as Redis;

describe('a Redis', () => {
  it.each(['allkeys-lru', 'volatile-lru', 'allkeys-random', 'volatile-ttl'])(
    'that may evict keys is refused, with what to change: %s',
    async (policy) => {
      const refused = requireNoEviction(
        telling(`# Memory\r\nused_memory:1\r\nmaxmemory_policy:${policy}\r\nother:2\r\n`),
      );
      await expect(refused).rejects.toThrow(`maxmemory-policy ${policy}`);
      await expect(refused).rejects.toThrow('Set maxmemory-policy to noeviction');
    },
  );

  it.each(['# Memory\r\nmaxmemory_policy:noeviction\r\n', '# Memory\r\nused_memory:1\r\n', ''])(
    'that keeps what it is given, or does not say, is taken: %j',
    (info) => expect(requireNoEviction(telling(info))).resolves.toBeUndefined(),
  );

  it('as we bring it along is taken', async () => {
    const redis = openRedis({ redisUrl: bed.redisUrl, failFast: true, onError: () => undefined });
    try {
      await redis.connect();
      await requireNoEviction(redis);
    } finally {
      redis.disconnect();
    }
  });

  it('that is away fails at once for whoever can say so', async () => {
    const errors: Error[] = [];
    const redis = openRedis({
      redisUrl: 'redis://127.0.0.1:1',
      failFast: true,
      onError: (error) => errors.push(error),
    });
    try {
      await expect(redis.ping()).rejects.toThrow();
      await eventually('the lost connection to be told of', () => errors.length > 0);
    } finally {
      redis.disconnect();
    }
  });
});
