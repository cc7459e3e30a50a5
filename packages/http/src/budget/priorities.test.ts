import { type BudgetWindow, type Priority, priorities } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { type CallersOf, runBusyFleet, type Sent } from '../../testing/busy-fleet.js';
import { most } from '../../testing/most.js';
import { openRedis } from '../../testing/redis.js';

const notion = [{ requests: 3, seconds: 1 }];
const cliniko = [{ requests: 200, seconds: 60 }];
const practicePanther = [{ requests: 300, seconds: 300 }];
const twoAtOnce = [
  { requests: 50, seconds: 2 },
  { requests: 300, seconds: 20 },
];
const each = (count: number): CallersOf[] => priorities.map((priority) => ({ priority, count }));

function shareOf(sent: readonly Sent[], priority: Priority): number {
  return sent.filter((one) => one.priority === priority).length / sent.length;
}

/** How many requests there were, over how many there could be if the vendor answered in no time. */
function shareUsed(sent: readonly Sent[], windows: readonly BudgetWindow[], lengthMs: number): number {
  const earliest: number[] = [];
  for (let next = 0; next < lengthMs; ) {
    earliest.push(next);
    next = Math.max(...windows.map((w) => (earliest.at(-w.requests) ?? -w.seconds * 1_000) + w.seconds * 1_000), next);
  }
  return sent.length / earliest.length;
}

describe('a budget that callers of all priorities want', () => {
  it.each([
    // Of a short window, what goes by while the vendor answers is a share that shows.
    ['3 a second', notion, 25_000, 0.85],
    ['two windows at once', twoAtOnce, 52_000, 0.96],
    ['200 a minute', cliniko, 250_000, 0.98],
    ['300 in five minutes', practicePanther, 1_000_000, 0.98],
  ])('is used up, never exceeded, and every one gets a share of it: %s', async (_, windows, lengthMs, used) => {
    const redis = openRedis();
    const sent = await runBusyFleet(redis, windows, each(4), { lengthMs });
    const moments = sent.map(({ sentMs }) => sentMs);
    for (const { requests, seconds } of windows) expect(most(moments, seconds * 1_000)).toBe(requests);
    expect(shareOf(sent, 'backfill')).toBeGreaterThanOrEqual(0.05);
    const alone = await runBusyFleet(redis, windows, [{ priority: 'full', count: 16 }], { lengthMs });
    expect(sent.length).toBeGreaterThanOrEqual(alone.length * 0.98);
    expect(shareUsed(sent, windows, lengthMs)).toBeGreaterThanOrEqual(used);
  });

  it('goes to each of them twice as much as to the next, where permits come one by one', async () => {
    const sent = await runBusyFleet(openRedis(), notion, each(4), { lengthMs: 120_000 });
    const shares = priorities.map((priority) => shareOf(sent, priority));
    for (const [i, expected] of [8, 4, 2, 1].entries()) expect(shares[i]).toBeCloseTo(expected / 15, 1);
    expect(shares[3]).toBeGreaterThanOrEqual(0.05);
  });

  it('leaves something to a single low one among many high ones', async () => {
    const callers: CallersOf[] = [
      { priority: 'webhook', count: 12 },
      { priority: 'incremental', count: 12 },
      { priority: 'full', count: 12 },
      { priority: 'backfill', count: 1 },
    ];
    const sent = await runBusyFleet(openRedis(), notion, callers, { lengthMs: 60_000 });
    expect(shareOf(sent, 'backfill')).toBeGreaterThanOrEqual(0.05);
  });

  it('serves a webhook that comes now and then with the next permit that is free', async () => {
    const callers: CallersOf[] = [
      { priority: 'full', count: 10 },
      { priority: 'backfill', count: 10 },
      { priority: 'webhook', count: 1, thinkMs: 3_700, fromMs: 5_000 },
    ];
    const sent = await runBusyFleet(openRedis(), notion, callers, { lengthMs: 100_000 });
    const webhooks = sent.filter(({ priority }) => priority === 'webhook');
    expect(webhooks.length).toBeGreaterThan(15);
    // A window, and the time that an answer takes.
    for (const { sentMs, wantedMs } of webhooks) expect(sentMs - wantedMs).toBeLessThan(1_300);
    // Some of the twenty others wait more than six seconds for theirs.
    const others = sent.filter(({ priority, sentMs }) => priority !== 'webhook' && sentMs > 20_000);
    expect(Math.max(...others.map(({ sentMs, wantedMs }) => sentMs - wantedMs))).toBeGreaterThan(6_000);
  });

  it('has its turns from the moment on when others come, not for the time before', async () => {
    const callers: CallersOf[] = [
      { priority: 'webhook', count: 6 },
      { priority: 'incremental', count: 6 },
      { priority: 'backfill', count: 6, fromMs: 60_000 },
    ];
    const sent = await runBusyFleet(openRedis(), notion, callers, { lengthMs: 76_000 });
    const first = sent.filter(({ sentMs }) => sentMs > 61_000);
    expect(shareOf(first, 'backfill')).toBeGreaterThanOrEqual(0.05);
    expect(shareOf(first, 'backfill')).toBeLessThan(0.2);
  });

  it('is used up as well when those who were expected come late', async () => {
    // Ten seconds are far longer than a permit is kept for anybody.
    const sent = await runBusyFleet(openRedis(), cliniko, each(30), { lengthMs: 250_000, lateMs: 10_000 });
    expect(shareUsed(sent, cliniko, 250_000)).toBeGreaterThanOrEqual(0.98);
  });

  it('is used up as well when those who were expected never come', async () => {
    const callers: CallersOf[] = [
      { priority: 'full', count: 8 },
      { priority: 'webhook', count: 150, fromMs: 30_000, vanish: true },
    ];
    const sent = await runBusyFleet(openRedis(), cliniko, callers, { lengthMs: 250_000 });
    expect(shareOf(sent, 'webhook')).toBe(0);
    expect(shareUsed(sent, cliniko, 250_000)).toBeGreaterThanOrEqual(0.98);
  });
});
