import { readJob } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { runEntity } from '../run/run-entity.js';
import { settleStale } from './settle-stale.js';

let bed: TestBed;
let [shop, other]: Shop[] = [];
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await sql`delete from workers`.execute(bed.db);
  [shop, other] = [await openShop(bed), await openShop(bed)];
});
afterEach(async () => {
  await Promise.all([shop?.close(), other?.close()]);
});

const the = (one: Shop | undefined): Shop => {
  if (one === undefined) throw new Error('not open');
  return one;
};
const settle = (of: Shop) => settleStale(of.ctx, 15, of.connection.organizationId);
const statusOf = async (jobId: string) => (await readJob(bed.db, jobId))?.status;
/** Makes a job look as if nobody had touched it for so long. */
const quietFor = async (jobId: string, hours: number) => {
  const then = sql`now() - make_interval(hours => ${hours})`;
  await sql`update sync_jobs set created_at = ${then} where id = ${jobId}`.execute(bed.db);
  await sql`update sync_progress set heartbeat_at = ${then} where sync_job_id = ${jobId}
    and heartbeat_at is not null`.execute(bed.db);
};
/** A worker that was alive all the time, and did not carry the job on. */
const aWorker = () =>
  sql`insert into workers (boot_id, host, pid, started_at)
    values (gen_random_uuid(), 'h', 1, now() - interval '9 hours')`.execute(bed.db);

describe('what nobody carries', () => {
  it('is settled for one organization, and stays as it is for all others', async () => {
    const [mine, theirs] = [await the(shop).job(), await the(other).job()];
    for (const jobId of [mine, theirs]) await quietFor(jobId, 1);
    expect(await settle(the(shop))).toEqual({ ended: 0, resumed: 1 });
    expect([(await readJob(bed.db, mine))?.flowRound, (await readJob(bed.db, theirs))?.flowRound]).toEqual([1, 0]);
    // It waits in its queue now, and that is not being lost.
    expect(await settle(the(shop))).toEqual({ ended: 0, resumed: 0 });
  });

  it('is ended when it could not be carried on for hours although a worker was alive', async () => {
    const [mine, theirs] = [await the(shop).job(), await the(other).job()];
    for (const jobId of [mine, theirs]) await quietFor(jobId, 7);
    expect(await settle(the(shop))).toEqual({ ended: 0, resumed: 1 });
    await aWorker();
    expect(await settle(the(shop))).toEqual({ ended: 1, resumed: 0 });
    expect([await statusOf(mine), await statusOf(theirs)]).toEqual(['failed', 'queued']);
  });

  it('is left alone while it shows signs of life, rests until later, or is paused', async () => {
    const jobId = await the(shop).job();
    await the(shop).claim(jobId);
    await sql`update sync_jobs set created_at = now() - interval '7 hours' where id = ${jobId}`.execute(bed.db);
    await aWorker();
    expect(await settle(the(shop))).toEqual({ ended: 0, resumed: 0 });
    await quietFor(jobId, 7);
    await sql`update sync_progress set waiting_until = now() + interval '1 hour'
      where sync_job_id = ${jobId} and position = 0`.execute(bed.db);
    expect((await settle(the(shop))).ended).toBe(0);
    await sql`update sync_progress set waiting_until = null where sync_job_id = ${jobId}`.execute(bed.db);
    await sql`update connections set status = 'paused' where id = ${the(shop).connection.id}`.execute(bed.db);
    expect(await settle(the(shop))).toEqual({ ended: 0, resumed: 0 });
    expect(await statusOf(jobId)).toBe('running');
  });
});

describe('a worker that had been halted, and wakes up after its sync was cleaned up', () => {
  it('writes nothing', async () => {
    const { ctx, pages, turn, job } = the(shop);
    const jobId = await job();
    await aWorker();
    let settled = 0;
    pages.customers = async () => {
      await quietFor(jobId, 7);
      settled = (await settle(the(shop))).ended;
      return { records: [{ id: 'a', name: 'late' }], lossless: false, next: undefined, vendorTime: undefined };
    };
    await runEntity(ctx, turn(jobId)).catch(() => undefined);
    expect(settled).toBe(1);
    expect(await statusOf(jobId)).toBe('failed');
    const { rows } = await sql`select name from customers where connection_id = ${the(shop).connection.id}`.execute(
      bed.db,
    );
    expect(rows).toEqual([]);
    expect(await the(shop).run(jobId)).toMatchObject({ status: 'failed', error_code: 'JOB_STALE', records_read: 0 });
  });
});
