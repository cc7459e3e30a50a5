import { isSyncError, priorities, type Send } from '@syncline/connector-kit';
import { expect, it } from 'vitest';
import { most } from '../../testing/most.js';
import { freshPrefix } from '../../testing/redis.js';
import { openRoad } from '../../testing/road.js';
import { startUpstream } from '../../testing/upstream.js';
import { wait } from '../wait.js';

/** Sends, and comes back when the budget says so, as a job does. */
async function sendUntilServed(send: Send): Promise<number> {
  for (;;) {
    try {
      return (await send({ method: 'GET', url: '' })).status;
    } catch (error) {
      if (!isSyncError(error, 'BUDGET_WAIT')) throw error;
      await wait(Math.max(0, (error.resumeAt?.getTime() ?? 0) - Date.now()));
    }
  }
}

// The upstream notes an arrival before it answers, so one that is slow to note it cannot see a window too full.
it('is never exceeded in any sliding window by 16 takers in four processes’ roads, and serves them all', async () => {
  let latency = 0;
  const upstream = await startUpstream((_, response) => {
    latency = (latency + 17) % 40;
    setTimeout(() => response.end('{}'), latency);
  });
  const windows = [
    { requests: 20, seconds: 0.4 },
    { requests: 50, seconds: 1.5 },
  ];
  const keyPrefix = freshPrefix();
  // The same boot id on purpose: permits of two roads must not be taken for one.
  const roads = Array.from({ length: 4 }, () => openRoad({ egressAllow: [upstream.hostPort], keyPrefix }));
  const lanes = Array.from({ length: 16 }, (_, i) =>
    roads[i % roads.length]?.open({
      baseUrl: upstream.baseUrl,
      budgetKey: 'k',
      windows,
      priority: priorities[i % priorities.length] ?? 'full',
      deadlineMs: 5_000,
      maxInlineWaitMs: i % 2 === 0 ? 60_000 : 100,
    }),
  );

  let left = 120;
  const statuses: number[] = [];
  await Promise.all(
    lanes.map(async (send) => {
      while (send !== undefined && left > 0) {
        left -= 1;
        statuses.push(await sendUntilServed(send));
      }
    }),
  );

  expect(statuses).toEqual(Array(120).fill(200));
  const arrivals = upstream.requests.map(({ at }) => at);
  expect(arrivals).toHaveLength(120);
  expect(most(arrivals, 400)).toBeLessThanOrEqual(20);
  expect(most(arrivals, 1_500)).toBeLessThanOrEqual(50);
  // It was the budget that held them: both windows were full at some time.
  expect(most(arrivals, 400)).toBe(20);
  expect(most(arrivals, 1_500)).toBe(50);
});
