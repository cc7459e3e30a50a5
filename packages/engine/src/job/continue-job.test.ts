import { entityQueue, finishQueue, nodeId } from '@syncline/queue';
import { readJob } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entities, openShop, type Shop } from '../../testing/shop.js';
import { continueJob } from './continue-job.js';

let bed: TestBed;
let shop: Shop;
let jobId: string;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  jobId = await shop.job();
});
afterEach(() => shop.close());

const goOn = () => continueJob(shop.ctx, jobId);
const roundNow = async () => (await readJob(bed.db, jobId))?.flowRound ?? 0;

/** The steps that the queues hold of a round, in the order they run. */
async function stepsOf(round: number): Promise<string[]> {
  const steps = [
    ...entities.map((step) => ({ queue: entityQueue('shop', step), step })),
    { queue: finishQueue, step: 'finish' },
  ];
  const held = await Promise.all(
    steps.map(async ({ queue, step }) => {
      const node = { queue, id: nodeId(jobId, round, step) };
      return (await shop.ctx.queues.holdsAll([node])) ? step : undefined;
    }),
  );
  return held.filter((step) => step !== undefined);
}

describe('a live job', () => {
  it('that no queue knows of gets its flow', async () => {
    await goOn();
    expect(await roundNow()).toBe(1);
    expect(await stepsOf(1)).toEqual([...entities, 'finish']);
  });

  it('whose flow is alive is left alone, however often and by however many', async () => {
    await goOn();
    await Promise.all(Array.from({ length: 10 }, goOn));
    expect(await roundNow()).toBe(1);
  });

  it('gets its flow anew after Redis was emptied', async () => {
    await goOn();
    await shop.emptyRedis();
    expect(await stepsOf(1)).toEqual([]);
    await goOn();
    expect(await roundNow()).toBe(2);
    expect(await stepsOf(2)).toEqual([...entities, 'finish']);
  });

  it('gets it for what has not ended yet, and for nothing else', async () => {
    await goOn();
    await shop.setRuns(jobId, 'succeeded', 'running', 'pending');
    await shop.emptyRedis();
    await goOn();
    expect(await stepsOf(2)).toEqual(['orders', 'payments', 'finish']);
  });

  it('gets it when a single step of it is lost', async () => {
    await goOn();
    const orders = shop.ctx.queues.all.find(({ name }) => name === entityQueue('shop', 'payments'));
    const step = await orders?.getJob(nodeId(jobId, 1, 'payments'));
    await step?.remove();
    await goOn();
    expect(await roundNow()).toBe(2);
    expect(await stepsOf(2)).toEqual([...entities, 'finish']);
  });

  it('is concluded when all its runs have ended and nothing is queued', async () => {
    await shop.setRuns(jobId, 'succeeded', 'failed', 'skipped');
    await goOn();
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'partial', flowRound: 0 });
  });

  it('is concluded as well when all has ended but the finish step, which is lost', async () => {
    await goOn();
    await shop.setRuns(jobId, 'succeeded', 'succeeded', 'succeeded');
    await shop.emptyRedis();
    await goOn();
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'succeeded', flowRound: 1 });
  });

  it('that rests until a later time is queued for then', async () => {
    await goOn();
    await sql`update sync_progress set waiting_until = now() + interval '1 hour'
      where sync_job_id = ${jobId} and entity = 'customers'`.execute(bed.db);
    await shop.emptyRedis();
    await goOn();
    const queue = shop.ctx.queues.all.find(({ name }) => name === entityQueue('shop', 'customers'));
    const step = await queue?.getJob(nodeId(jobId, 2, 'customers'));
    expect(await step?.getState()).toBe('delayed');
    expect(step?.opts.delay).toBeGreaterThan(3_000_000);
  });

  it('that is paused is left alone', async () => {
    await sql`update connections set status = 'paused' where id = ${shop.connection.id}`.execute(bed.db);
    await goOn();
    expect(await roundNow()).toBe(0);
  });

  it('whose finish step is still queued is left to it', async () => {
    await goOn();
    await shop.setRuns(jobId, 'succeeded', 'succeeded', 'succeeded');
    await goOn();
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'queued', flowRound: 1 });
  });
});

describe('after Redis was emptied', () => {
  it('ten who notice at the same time leave one whole flow', async () => {
    await goOn();
    await shop.emptyRedis();
    await Promise.all(Array.from({ length: 10 }, goOn));
    const round = await roundNow();
    expect(round).toBe(2);
    expect(await stepsOf(round)).toEqual([...entities, 'finish']);
    const queues = shop.ctx.queues.all.slice(0, entities.length + 1);
    const counts = await Promise.all(queues.map((queue) => queue.getJobCountByTypes()));
    expect(counts).toEqual(queues.map(() => 1));
  });
});

describe('a job that has ended, or is none', () => {
  it.each(['succeeded', 'partial', 'failed', 'cancelled'] as const)('is left as it is: %s', async (status) => {
    await bed.db.updateTable('sync_jobs').set({ status }).where('id', '=', jobId).execute();
    await goOn();
    expect(await readJob(bed.db, jobId)).toMatchObject({ status, flowRound: 0 });
    expect(await stepsOf(1)).toEqual([]);
  });

  it('is nothing to go on with', async () => {
    await continueJob(shop.ctx, shop.connection.id);
  });
});
