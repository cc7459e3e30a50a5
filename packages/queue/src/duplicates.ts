import type { Redis } from 'ioredis';

/**
 * Remembers the connections that are made after the example of this one: BullMQ makes one for each worker, and while
 * Redis is away it cannot be made to give them up. Returns how to end all of them, however they stand.
 */
export function trackDuplicates(redis: Redis): () => void {
  const made = new Set<Redis>();
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = ((override) => {
    const copy = duplicate(override);
    made.add(copy as Redis);
    copy.once('end', () => made.delete(copy as Redis));
    return copy;
  }) as Redis['duplicate'];
  return () => {
    for (const copy of made) copy.disconnect();
  };
}
