import { openRedis, parseRedisAddress, requireNoEviction, requireUsableRedis } from '@syncline/queue';
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

  it.each([
    ['{syncline}', /^This Redis is no Cluster: let REDIS_URL begin with redis:/],
    ['syncline', /^SYNCLINE_REDIS_PREFIX has no hash tag.*: set it to \{syncline\}\.$/],
  ])('that is addressed as a Cluster has to be one, and %s its prefix', async (prefix, sentence) => {
    const url = bed.redisUrl.replace('redis://', 'redis+cluster://');
    const redis = openRedis({ redisUrl: url, failFast: false, onError: () => undefined });
    try {
      await expect(requireUsableRedis(redis, prefix)).rejects.toThrow(sentence);
    } finally {
      redis.disconnect();
    }
  });

  it('whose password is wrong is refused at once, although its connection would try for ever', async () => {
    const url = Object.assign(new URL(bed.redisUrl), { username: 'nobody', password: 'wrong' });
    const redis = openRedis({ redisUrl: url.href, failFast: false, onError: () => undefined });
    try {
      await expect(requireUsableRedis(redis, bed.prefix)).rejects.toThrow('refuses the user or password in REDIS_URL');
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

const plain = { family: 0, db: 0, tls: false, kind: 'single' };

describe('the address of a Redis', () => {
  it.each([
    ['redis://cache', { ...plain, hosts: [{ host: 'cache', port: 6379 }] }],
    ['redis://:p%40ss@cache:1/3', { ...plain, db: 3, password: 'p@ss', hosts: [{ host: 'cache', port: 1 }] }],
    ['redis://u:p@ss@cache', { ...plain, username: 'u', password: 'p@ss', hosts: [{ host: 'cache', port: 6379 }] }],
    ['rediss://u:p:q@[::1]:7?family=6', { ...plain, tls: true, family: 6, username: 'u', password: 'p:q' }],
    [
      'redis+sentinel://u:p@a,b:7/main/2?sentinel_username=s&sentinel_password=t',
      {
        ...{ kind: 'sentinel', masterName: 'main', db: 2, username: 'u', password: 'p' },
        ...{ sentinelUsername: 's', sentinelPassword: 't' },
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 7 },
        ],
      },
    ],
    [
      'rediss+cluster://a:1,[fe80::1]',
      {
        kind: 'cluster',
        tls: true,
        hosts: [
          { host: 'a', port: 1 },
          { host: 'fe80::1', port: 6379 },
        ],
      },
    ],
  ])('is read: %s', (text, address) => expect(parseRedisAddress(text)).toMatchObject(address));

  it.each([
    ['http://cache', 'has to be a URL that starts with'],
    ['redis://a,b', 'has several hosts: write redis+sentinel://'],
    ['redis://S3CRET@', 'has to list hosts'],
    ['redis://u:S3CRET@ca che', 'has to list hosts'],
    ['redis://u:S3CRET%@cache', 'write %25 for the sign itself'],
    ['redis://cache:66000', 'has to list hosts'],
    ['redis://cache/main', 'has to end with the number of a database'],
    ['redis+sentinel://u:S3CRET@a', 'has to name the master'],
    ['redis+sentinel://a/main/x', 'has to end with the number of a database'],
    ['redis+cluster://a/1', 'names a database'],
    ['redis://cache?tls=S3CRET', 'has an option that is not known'],
  ])('is refused with what to change, and without what is secret: %s', (text, sentence) => {
    expect(() => parseRedisAddress(text)).toThrow(sentence);
    expect(() => parseRedisAddress(text)).not.toThrow('S3CRET');
  });
});
