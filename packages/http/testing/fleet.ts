import { randomUUID } from 'node:crypto';
import type { Send } from '@syncline/connector-kit';
import type { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { LaneOptions, Road, RoadOptions } from '../src/index.js';
import { freshPrefix, openRedis } from './redis.js';
import { openRoad } from './road.js';

/** One worker of several that share a Redis. */
export interface Member {
  readonly bootId: string;
  readonly road: Road;
  readonly send: Send;
}

export interface Fleet {
  readonly members: readonly [Member, Member, Member, ...Member[]];
  readonly redis: Redis;
  readonly keyPrefix: string;
  /** One more process, which is no worker: it does not vote. */
  bystander(): Member;
  /** Waits until everybody is registered as a voter, as is the case some seconds after a start. */
  settled(): Promise<void>;
}

/** So many workers on one credential, `credential`, each with an id and a Redis client of its own. */
export function openFleet(
  upstream: { readonly baseUrl: string; readonly hostPort: string },
  size: number,
  lane: Partial<LaneOptions> = {},
  roadOf: (worker: number) => Partial<RoadOptions> = () => ({}),
): Fleet {
  const keyPrefix = freshPrefix();
  const redis = openRedis();
  const open = (options: Partial<RoadOptions>): Member => {
    const bootId = randomUUID();
    const road = openRoad({ egressAllow: [upstream.hostPort], keyPrefix, bootId, ...options });
    const send = road.open({
      baseUrl: upstream.baseUrl,
      budgetKey: 'credential',
      windows: [{ requests: 1_000, seconds: 60 }],
      deadlineMs: 5_000,
      retry: { tries: 1, baseMs: 1 },
      ...lane,
    });
    return { bootId, road, send };
  };
  const members = Array.from({ length: size }, (_, worker) => open({ votes: true, ...roadOf(worker) }));
  return {
    members: members as unknown as Fleet['members'],
    redis,
    keyPrefix,
    bystander: () => open({}),
    settled: async () => {
      await expect.poll(() => redis.zcard(`${keyPrefix}:voters`)).toBe(size);
      await redis.set(`${keyPrefix}:voters:since`, 1);
    },
  };
}
