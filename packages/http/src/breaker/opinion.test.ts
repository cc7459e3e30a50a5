import { describe, expect, it, onTestFinished } from 'vitest';
import { Opinion } from './opinion.js';
import type { Outcome } from './outcome.js';

const long = { maxFailures: 5, resetMs: 60_000 };

function opinion(options = long): Opinion {
  const made = new Opinion(options);
  onTestFinished(() => made.close());
  return made;
}

async function hear(about: Opinion, ...outcomes: Outcome[]): Promise<void> {
  for (const outcome of outcomes) await about.begin()(outcome);
}

const times = (count: number, outcome: Outcome): Outcome[] => Array(count).fill(outcome);
const mixed = (failures: number, others: number): Outcome[] =>
  // Never two failures in a row more than the shares ask for.
  Array.from({ length: failures + others }, (_, i) =>
    Math.floor(((i + 1) * failures) / (failures + others)) > Math.floor((i * failures) / (failures + others))
      ? 'failure'
      : 'success',
  );

describe('an opinion opens', () => {
  it('at the fifth failure in a row, not at the fourth', async () => {
    const about = opinion();
    await hear(about, ...times(4, 'failure'));
    expect(about.restMs).toBe(0);
    await hear(about, 'failure');
    expect(about.isOpen).toBe(true);
    expect(about.restMs).toBeGreaterThan(59_000);
    expect(about.restMs).toBeLessThanOrEqual(60_000);
  });

  it('at as many as are set', async () => {
    const about = opinion({ ...long, maxFailures: 2 });
    await hear(about, 'failure');
    expect(about.isOpen).toBe(false);
    await hear(about, 'failure');
    expect(about.isOpen).toBe(true);
  });

  it('not when a success came in between', async () => {
    const about = opinion();
    await hear(about, ...times(4, 'failure'), 'success', ...times(4, 'failure'));
    expect(about.isOpen).toBe(false);
  });

  it('regardless of calls that say nothing', async () => {
    const about = opinion();
    await hear(about, ...times(4, 'failure'), ...times(9, 'neither'), 'failure');
    expect(about.isOpen).toBe(true);
  });

  it('when over half of twenty calls failed', async () => {
    const about = opinion();
    await hear(about, ...mixed(11, 8));
    expect(about.isOpen).toBe(false);
    await hear(about, 'failure');
    expect(about.isOpen).toBe(true);
  });

  it('not when it was half of them', async () => {
    const about = opinion();
    await hear(about, ...mixed(30, 30));
    expect(about.isOpen).toBe(false);
  });

  it('when over half failed of those that say anything', async () => {
    const about = opinion();
    await hear(about, ...times(100, 'neither'), ...mixed(11, 8), 'failure');
    expect(about.isOpen).toBe(true);
  });
});

describe('an open one', () => {
  const short = { maxFailures: 2, resetMs: 30 };
  async function halfOpen(): Promise<Opinion> {
    const about = opinion(short);
    await hear(about, 'failure', 'failure');
    expect(about.isOpen).toBe(true);
    await expect.poll(() => about.restMs, { interval: 5 }).toBe(0);
    return about;
  }

  it('lets one call try when its time is over', async () => {
    const about = await halfOpen();
    const ended = about.begin();
    expect(about.restMs).toBeGreaterThan(0);
    await ended('success');
    expect(about.isOpen).toBe(false);
    expect(about.restMs).toBe(0);
  });

  it('opens again when that call fails', async () => {
    const about = await halfOpen();
    await hear(about, 'failure');
    expect(about.isOpen).toBe(true);
    expect(about.restMs).toBeGreaterThan(0);
  });

  it('lets the next call try when that one says nothing', async () => {
    const about = await halfOpen();
    await hear(about, 'neither');
    expect(about.restMs).toBe(0);
    await hear(about, 'failure');
    expect(about.isOpen).toBe(true);
  });

  it('has forgotten after it what it had counted', async () => {
    const about = opinion({ maxFailures: 100, resetMs: 30 });
    await hear(about, ...times(20, 'failure'));
    expect(about.isOpen).toBe(true);
    await expect.poll(() => about.restMs, { interval: 5 }).toBe(0);
    await hear(about, 'success', ...times(19, 'failure'));
    expect(about.isOpen).toBe(false);
  });
});

describe('when the circuit was closed for all', () => {
  it('begins anew', async () => {
    const about = opinion();
    await hear(about, ...times(5, 'failure'));
    about.learn('2000');
    expect(about.restMs).toBe(0);
    expect(about.closedAt).toBe('2000');
    await hear(about, ...times(4, 'failure'));
    expect(about.isOpen).toBe(false);
  });

  it('and it knew so already, stays as it is; also when Redis has forgotten', async () => {
    const about = opinion();
    about.learn('2000');
    await hear(about, ...times(5, 'failure'));
    for (const older of ['2000', '1000', '']) about.learn(older);
    expect(about.isOpen).toBe(true);
    expect(about.closedAt).toBe('2000');
  });

  it('does not hear calls that had begun before', async () => {
    const about = opinion({ ...long, maxFailures: 1 });
    const ended = about.begin();
    about.learn('2000');
    await ended('failure');
    expect(about.restMs).toBe(0);
  });

  it('does not hear the call either that tried the vendor then', async () => {
    const about = opinion({ maxFailures: 1, resetMs: 30 });
    await hear(about, 'failure');
    await expect.poll(() => about.restMs, { interval: 5 }).toBe(0);
    const ended = about.begin();
    about.learn('2000');
    await hear(about, 'failure');
    await ended('success');
    expect(about.restMs).toBeGreaterThan(0);
  });
});
