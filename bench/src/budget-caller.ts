import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type BudgetWindow, isSyncError, type Priority, priorities } from '@syncline/connector-kit';
import { createRoad, type Road } from '@syncline/http';
import { openRedis } from '@syncline/queue';

export interface CallerOptions {
  readonly redisUrl: string;
  readonly keyPrefix: string;
  readonly baseUrl: string;
  readonly windows: readonly BudgetWindow[];
  readonly callers: number;
}

/** One worker of the fleet: asks the vendor as often as it may, from several places at once, until it is killed. */
const options: CallerOptions = JSON.parse(process.argv[2] ?? '');
const redis = openRedis({ redisUrl: options.redisUrl, failFast: false, onError: console.error });
const road = createRoad({
  redis,
  keyPrefix: options.keyPrefix,
  egressAllow: [new URL(options.baseUrl).host],
  bootId: randomUUID(),
  votes: true,
});
await redis.ping();
process.send?.('ready');
process.once('message', () => {
  for (let i = 0; i < options.callers; i += 1) void call(road, priorities[i % priorities.length] ?? 'full');
});

async function call(over: Road, priority: Priority): Promise<never> {
  const send = over.open({ ...options, budgetKey: 'vendor', priority, deadlineMs: 10_000 });
  for (;;) {
    try {
      await send({ method: 'GET', url: priority });
    } catch (error) {
      if (!isSyncError(error, 'BUDGET_WAIT')) throw error;
      // As a job does that gives its place back meanwhile.
      await pause(Math.max(0, (error.resumeAt?.getTime() ?? 0) - Date.now()));
    }
  }
}
