import { entityOf } from '@syncline/connector-kit';
import { readJob } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { checkDependencies, type Readiness } from './check-dependencies.js';

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

/** Looks whether the orders, which depend on the customers, can run. */
async function check(job: string, customers: string, orders: string): Promise<Readiness> {
  await shop.setRuns(jobId, customers, orders);
  await sql`update sync_jobs set status = ${job} where id = ${jobId}`.execute(bed.db);
  const head = await readJob(bed.db, jobId);
  if (head === undefined) throw new Error('no job');
  return checkDependencies(shop.ctx, head, entityOf(shop.connector, 'orders'));
}

describe('in a live job an entity', () => {
  it.each<[Readiness, string, string]>([
    ['ready', 'succeeded', 'pending'],
    ['ready', 'partial', 'pending'],
    ['ready', 'succeeded', 'running'],
    ['ready', 'succeeded', 'failed'],
    ['wait', 'running', 'pending'],
    ['wait', 'pending', 'pending'],
    ['skipped', 'failed', 'pending'],
    ['skipped', 'skipped', 'pending'],
    ['skipped', 'cancelled', 'pending'],
    ['ended', 'succeeded', 'succeeded'],
    ['ended', 'succeeded', 'partial'],
    ['ended', 'succeeded', 'skipped'],
    ['ended', 'failed', 'cancelled'],
  ])('is %s when what it depends on is %s and itself %s', async (readiness, customers, orders) => {
    for (const job of ['queued', 'running']) expect(await check(job, customers, orders)).toBe(readiness);
  });

  it('that is skipped says because of what, and those behind it follow', async () => {
    await check('running', 'failed', 'pending');
    expect(await shop.run(jobId, 'orders')).toMatchObject({
      status: 'skipped',
      error_code: 'DEPENDENCY_FAILED',
      error_message: 'customers failed',
    });
    const head = await readJob(bed.db, jobId);
    if (head === undefined) throw new Error('no job');
    expect(await checkDependencies(shop.ctx, head, entityOf(shop.connector, 'payments'))).toBe('skipped');
    expect(await shop.run(jobId, 'payments')).toMatchObject({ status: 'skipped', error_message: 'orders skipped' });
  });

  it('that depends on nothing is ready', async () => {
    const head = await readJob(bed.db, jobId);
    if (head === undefined) throw new Error('no job');
    expect(await checkDependencies(shop.ctx, head, entityOf(shop.connector, 'customers'))).toBe('ready');
  });
});

describe('in a job that has ended an entity', () => {
  it.each<[Readiness, string, string]>([
    ['retry', 'partial', 'failed'],
    ['retry', 'failed', 'failed'],
    ['ended', 'partial', 'succeeded'],
    ['ended', 'failed', 'skipped'],
    ['ended', 'cancelled', 'failed'],
    ['ended', 'succeeded', 'succeeded'],
    ['ended', 'cancelled', 'pending'],
  ])('is %s when the job is %s and itself %s', async (readiness, job, orders) => {
    expect(await check(job, 'succeeded', orders)).toBe(readiness);
  });
});
