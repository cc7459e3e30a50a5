import { Cluster } from 'ioredis';
import type { RedisClient } from './open-redis.js';

/** Every key below a prefix, on all nodes, a thousand at a time. For tests and benchmarks: it reads all there is. */
export async function* keysBelow(redis: RedisClient, prefix: string): AsyncGenerator<string[]> {
  if (redis instanceof Cluster) await redis.ping();
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  for (const node of nodes) {
    for await (const keys of node.scanStream({ match: `${prefix}*`, count: 1_000 })) yield keys as string[];
  }
}
