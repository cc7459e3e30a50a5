import type { RedisClient } from './open-redis.js';

/** What a Redis or Valkey says about itself. Undefined: a managed one that keeps it to itself. */
export interface RedisFacts {
  readonly product: 'Redis' | 'Valkey';
  readonly version: string;
  readonly readOnly: boolean;
  readonly evictionPolicy: string | undefined;
  readonly usedBytes: number;
  /** 0: no limit. */
  readonly mostBytes: number;
  readonly appendOnly: boolean;
  /** Whether the last snapshot, or the last write to the file, worked. */
  readonly persistenceWorks: boolean;
  /** When it has written a snapshot at all. */
  readonly snapshots: boolean;
  readonly now: Date;
}

/** Of a Cluster, those of one of its masters. Rejects when Redis is away. */
export async function readRedisFacts(redis: RedisClient): Promise<RedisFacts> {
  const [info, time] = await Promise.all([redis.info(), redis.time()]);
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  return {
    product: field('valkey_version') === undefined ? 'Redis' : 'Valkey',
    version: field('valkey_version') ?? field('redis_version') ?? '0',
    readOnly: field('role') === 'slave',
    evictionPolicy: field('maxmemory_policy'),
    usedBytes: Number(field('used_memory') ?? 0),
    mostBytes: Number(field('maxmemory') ?? 0),
    appendOnly: field('aof_enabled') === '1',
    persistenceWorks: field('rdb_last_bgsave_status') !== 'err' && field('aof_last_write_status') !== 'err',
    snapshots: Number(field('rdb_saves') ?? 0) > 0,
    now: new Date(Number(time[0]) * 1_000 + Number(time[1]) / 1_000),
  };
}
