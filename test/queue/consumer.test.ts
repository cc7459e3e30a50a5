import type { Turn, Verdict } from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import type { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Hopeless, type Line, openLine } from './line.js';

let bed: TestBed;
let line: Line;
let queue: Queue;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() => {
  line = openLine(bed);
  queue = line.openQueues('shop-orders').all[0] as Queue;
});
afterEach(() => line.close());

const ended = (id: string) =>
  eventually('the job to end', async () => {
    const job = await queue.getJob(id);
    return job?.finishedOn !== undefined && job;
  });

describe('a step', () => {
  it('that is done leaves its result, and is told what it is about', async () => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 5 });
    const turns: unknown[] = [];
    line.consume('shop-orders', async ({ payload, signal, othersWait }) => {
      turns.push({ payload, aborted: signal.aborted, othersWait: await othersWait() });
      return { kind: 'done', result: { rows: 3 } };
    });
    expect((await ended(syncJobId)).returnvalue).toEqual({ rows: 3 });
    const payload = { v: 1, syncJobId, connector: 'shop', entity: 'shop-orders' };
    expect(turns).toEqual([{ payload, aborted: false, othersWait: false }]);
  });

  it('that rests comes back, and has lost no attempt', async () => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 2 });
    let turns = 0;
    line.consume('shop-orders', async () => {
      turns += 1;
      return turns < 6 ? { kind: 'rest', until: new Date(Date.now() + 5) } : { kind: 'done' };
    });
    const job = await ended(syncJobId);
    expect(turns).toBe(6);
    expect(job.failedReason).toBeUndefined();
    expect(job.attemptsMade).toBe(1);
  });

  it('frees its slot while it rests', async () => {
    const { syncJobId: resting } = await line.add('shop-orders');
    const { syncJobId: next } = await line.add('shop-orders');
    line.consume('shop-orders', async ({ payload }) =>
      payload.syncJobId === resting ? { kind: 'rest', until: new Date(Date.now() + 3_600_000) } : { kind: 'done' },
    );
    await ended(next);
    expect(await queue.getJobState(resting)).toBe('delayed');
  });

  it('that yields goes behind those of its tenant, and has lost no attempt', async () => {
    const names = ['first', 'second', 'third'];
    for (const jobId of names) await line.add('shop-orders', { jobId, priority: 1 }, { connector: jobId });
    const turns: string[] = [];
    line.consume('shop-orders', async ({ payload }) => {
      const begun = turns.includes(payload.connector);
      turns.push(payload.connector);
      return begun || payload.connector === 'third' ? { kind: 'done' } : { kind: 'yield' };
    });
    const jobs = await Promise.all(names.map(ended));
    expect(turns).toEqual(['first', 'second', 'third', 'first', 'second']);
    expect(jobs.map((job) => job.attemptsMade)).toEqual([1, 1, 1]);
  });
});

describe('a failure', () => {
  it('that nobody expected is tried again, a few times', async () => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 3 });
    let turns = 0;
    line.consume('shop-orders', async () => {
      turns += 1;
      throw new Error('not today');
    });
    const job = await ended(syncJobId);
    expect(turns).toBe(3);
    expect(job).toMatchObject({ failedReason: 'not today', attemptsMade: 3 });
  });

  it('that is final is not', async () => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 3 });
    line.consume('shop-orders', async () => {
      throw new Hopeless('never');
    });
    expect(await ended(syncJobId)).toMatchObject({ failedReason: 'never', attemptsMade: 1 });
    expect(await queue.getJobState(syncJobId)).toBe('failed');
  });

  it('of one step is nothing to the next', async () => {
    const { syncJobId: bad } = await line.add('shop-orders');
    const { syncJobId: good } = await line.add('shop-orders');
    line.consume('shop-orders', async ({ payload }) => {
      if (payload.syncJobId === bad) throw new Hopeless('never');
      return { kind: 'done' };
    });
    expect((await ended(good)).failedReason).toBeUndefined();
  });

  it.each([
    ['a version to come', { v: 2 }],
    ['no job id', { syncJobId: 'all of them' }],
    ['no connector', { connector: undefined }],
  ])('is what a payload of another release comes to: %s', async (_what, payload) => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 5 }, payload);
    const told: unknown[] = [];
    const handled: unknown[] = [];
    const note = async (turn: unknown) => ({ kind: 'done', result: { turns: handled.push(turn) } }) as const;
    line.consume('shop-orders', note, 1, async (step) => void told.push(step));
    const job = await ended(syncJobId);
    expect(job.failedReason).toMatch(/queued by another release/);
    expect(told).toEqual([{ queue: 'shop-orders', stepId: syncJobId, message: job.failedReason }]);
    expect(handled).toEqual([]);
  });
});

describe('a process that stops', () => {
  it('hands its running job back, and the next one goes on with it', async () => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 1 });
    let begun = false;
    const first = line.consume('shop-orders', async ({ signal }) => {
      begun = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { kind: 'hand-back' };
    });
    await eventually('the job to be running', () => begun);
    await first.stop();
    // Not active under a dead worker's lock, which the next one would have to wait for.
    expect(await queue.getJobState(syncJobId)).toBe('prioritized');
    line.consume('shop-orders', async () => ({ kind: 'done', result: { by: 'the second' } }));
    expect(await ended(syncJobId)).toMatchObject({ attemptsMade: 1, returnvalue: { by: 'the second' } });
  });

  it('does not take the job that it hands back again, although it has slots that wait for one', async () => {
    const { syncJobId } = await line.add('shop-orders', { attempts: 1 });
    let turns = 0;
    const handle = async ({ signal }: Turn): Promise<Verdict> => {
      turns += 1;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { kind: 'hand-back' };
    };
    const first = line.consume('shop-orders', handle, 3);
    await eventually('the job to be running', () => turns === 1);
    await first.stop();
    expect(turns).toBe(1);
    expect(await queue.getJobState(syncJobId)).toBe('prioritized');
  });

  it('hands its job to a worker that is idle at once', async () => {
    // BullMQ does not wake idle workers for a job with a priority that comes back; they would find it seconds later.
    let begun = false;
    const first = line.consume('shop-orders', async ({ signal }) => {
      begun = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { kind: 'hand-back' };
    });
    const { syncJobId } = await line.add('shop-orders', { priority: 1 });
    await eventually('the job to be running', () => begun);
    line.consume('shop-orders', async () => ({ kind: 'done', result: { by: 'the second' } }));
    await eventually('the second to be idle', async () => (await queue.getWorkersCount()) === 2);
    await first.stop();
    const stopped = Date.now();
    expect(await ended(syncJobId)).toMatchObject({ returnvalue: { by: 'the second' } });
    expect(Date.now() - stopped).toBeLessThan(3_000);
  });

  it('begins nothing any more, also not what it takes from the queue at that very moment', async () => {
    for (let job = 0; job < 300; job += 1) await line.add('shop-orders');
    let stopping = false;
    let begun = 0;
    let begunTooLate = 0;
    const consumer = line.consume(
      'shop-orders',
      async () => {
        begun += 1;
        if (stopping) begunTooLate += 1;
        return { kind: 'done' };
      },
      5,
    );
    await eventually('jobs to be running', () => begun > 20);
    stopping = true;
    await consumer.stop();
    expect(begun).toBeLessThan(300);
    expect(begunTooLate).toBe(0);
  });

  it('takes no job any more', async () => {
    const first = line.consume('shop-orders', async () => ({ kind: 'done' }));
    expect(first.isRunning()).toBe(true);
    await first.stop();
    expect(first.isRunning()).toBe(false);
    const { syncJobId } = await line.add('shop-orders');
    expect(await queue.getJobState(syncJobId)).toBe('waiting');
  });

  it('lets a job that is about to end, end', async () => {
    const { syncJobId } = await line.add('shop-orders');
    let begun = false;
    const consumer = line.consume('shop-orders', async ({ signal }) => {
      begun = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { kind: 'done', result: { rows: 1 } };
    });
    await eventually('the job to be running', () => begun);
    await consumer.stop();
    expect((await ended(syncJobId)).returnvalue).toEqual({ rows: 1 });
  });
});
