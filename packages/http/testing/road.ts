import type { Send } from '@syncline/connector-kit';
import { isSyncError, type SyncError } from '@syncline/connector-kit';
import { onTestFinished } from 'vitest';
import { createRoad, type LaneOptions, type Road, type RoadOptions } from '../src/index.js';
import { freshPrefix, openRedis } from './redis.js';

/** A road that is closed when the test is over. */
export function openRoad(options: Partial<RoadOptions> & Pick<RoadOptions, 'egressAllow'>): Road {
  const road = createRoad({
    redis: options.redis ?? openRedis(),
    keyPrefix: freshPrefix(),
    bootId: 'boot',
    ...options,
  });
  onTestFinished(() => road.close());
  return road;
}

/** A lane to one upstream, with a budget that is no obstacle and tries that follow quickly. */
export function openLane(
  upstream: { readonly baseUrl: string; readonly hostPort: string },
  lane: Partial<LaneOptions> = {},
  road: Partial<RoadOptions> = {},
): Send {
  return openRoad({ egressAllow: [upstream.hostPort], ...road }).open({
    baseUrl: upstream.baseUrl,
    budgetKey: 'credential',
    windows: [{ requests: 1_000, seconds: 60 }],
    deadlineMs: 5_000,
    retry: { tries: 1, baseMs: 1 },
    ...lane,
  });
}

/** The SyncError that `promise` ends with. Anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<SyncError> {
  try {
    await promise;
  } catch (error) {
    if (isSyncError(error)) return error;
    throw error;
  }
  throw new Error('It was expected to fail');
}
