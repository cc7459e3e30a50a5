import { listJobs } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { stopSyncs } from '../control/emergency-stop.js';
import { continueJob } from './continue-job.js';
import { explainJob } from './explain-job.js';

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
  await sql`delete from workers`.execute(bed.db);
});
afterEach(() => shop.close());

async function why() {
  const { organizationId } = shop.connection;
  const [job] = await listJobs(bed.db, organizationId, { id: jobId }, { limit: 1, offset: 0 });
  if (job === undefined) throw new Error('no job');
  return explainJob(shop.ctx, organizationId, job);
}
const aWorker = () => sql`insert into workers (boot_id, host, pid) values (gen_random_uuid(), 'h', 1)`.execute(bed.db);
const rest = (reason: string, when: string) =>
  sql`update sync_progress set status = 'running', waiting_for = ${reason}, error_code = 'UPSTREAM_TIMEOUT',
    error_message = 'slow', waiting_until = now() + ${when}::interval
    where sync_job_id = ${jobId} and entity = 'customers'`.execute(bed.db);

describe('a job that does not move', () => {
  it('because no worker is alive', async () => {
    expect(await why()).toMatchObject({ reason: 'no_worker', entity: 'customers', until: null });
    await sql`insert into workers (boot_id, host, pid, seen_at) values (gen_random_uuid(), 'h', 1, now() - interval '1 hour')`.execute(
      bed.db,
    );
    expect(await why()).toMatchObject({ reason: 'no_worker', detail: expect.stringContaining('last one was seen') });
  });

  it.each(['budget', 'vendor_rate_limit', 'circuit', 'retry'])('because it rests: %s', async (reason) => {
    await aWorker();
    await continueJob(shop.ctx, jobId);
    await rest(reason, '1 hour');
    const holdup = await why();
    expect(holdup).toMatchObject({ reason, entity: 'customers', detail: expect.stringContaining('UPSTREAM_TIMEOUT') });
    expect(holdup?.until?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it('because it was stopped, whatever else there is', async () => {
    await rest('budget', '1 hour');
    await stopSyncs(shop.ctx, shop.connection.organizationId, { actor: 'Ann' });
    expect(await why()).toMatchObject({ reason: 'stopped', detail: expect.stringContaining('by Ann') });
  });

  it('because its connection is paused', async () => {
    await sql`update connections set status = 'paused' where id = ${shop.connection.id}`.execute(bed.db);
    expect(await why()).toMatchObject({ reason: 'connection_paused' });
  });

  it('because others are before it in the queue', async () => {
    await aWorker();
    await continueJob(shop.ctx, jobId);
    expect(await why()).toMatchObject({ reason: 'turn', until: null });
  });

  it('because no queue holds it', async () => {
    await aWorker();
    await continueJob(shop.ctx, jobId);
    await shop.emptyRedis();
    expect(await why()).toMatchObject({ reason: 'not_queued' });
  });
});

describe('a job that has ended', () => {
  it('needs no explanation', async () => {
    await sql`update sync_jobs set status = 'failed' where id = ${jobId}`.execute(bed.db);
    expect(await why()).toBeNull();
  });
});
