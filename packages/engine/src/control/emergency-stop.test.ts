import { readJob, takeLease } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { finishJob } from '../job/finish-job.js';
import { lookAfter } from '../job/reconcile.js';
import { startSync } from '../job/start-sync.js';
import { cancelSync } from './cancel-sync.js';
import { restartSyncs, stopSyncs } from './emergency-stop.js';

let bed: TestBed;
let shop: Shop;
let jobId: string;
let organization: string;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  jobId = await shop.job();
  organization = shop.connection.organizationId;
});
afterEach(() => shop.close());

const request = { syncType: 'full', mode: 'full', entities: [], trigger: 'manual', triggeredBy: null } as const;
const audits = async () =>
  (
    await bed.db.selectFrom('audit_log').selectAll().where('organization_id', '=', organization).orderBy('id').execute()
  ).map(({ actor, action, subject_id }) => ({ actor, action, subject_id }));
const round = async (id = jobId) => (await readJob(bed.db, id))?.flowRound;

describe('the emergency stop', () => {
  it('keeps new syncs from starting, says who pressed it, and is noted', async () => {
    expect(await stopSyncs(shop.ctx, organization, { actor: 'Ann' })).toMatchObject({
      changed: true,
      jobs: 1,
      stop: { stoppedBy: 'Ann' },
    });
    expect(await stopSyncs(shop.ctx, organization, { actor: 'Bob' })).toMatchObject({
      changed: false,
      stop: { stoppedBy: 'Ann' },
    });
    await expect(startSync(shop.ctx, shop.connection, request)).rejects.toMatchObject({ code: 'SYNC_STOPPED' });
    expect(await audits()).toEqual([{ actor: 'Ann', action: 'syncs.stop', subject_id: null }]);
  });

  it('is not undone by the reconciler', async () => {
    await stopSyncs(shop.ctx, organization, { actor: 'Ann' });
    await lookAfter(shop.ctx, 0);
    expect(await round()).toBe(0);
  });

  it('ends the flow without ending the job', async () => {
    await stopSyncs(shop.ctx, organization, { actor: 'Ann' });
    expect(await finishJob(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'queued', standing: 'paused' });
  });

  it('is one organization’s', async () => {
    const other = await openShop(bed);
    try {
      await stopSyncs(shop.ctx, organization, { actor: 'Ann' });
      const started = await startSync(other.ctx, other.connection, request);
      expect(await readJob(bed.db, started.jobId)).toMatchObject({ standing: 'live' });
      expect(await restartSyncs(other.ctx, other.connection.organizationId, { actor: 'Bob' })).toMatchObject({
        changed: false,
      });
      expect(await readJob(bed.db, jobId)).toMatchObject({ standing: 'paused' });
    } finally {
      await other.close();
    }
  });

  it('when lifted lets held jobs go on, also those that no queue holds', async () => {
    await stopSyncs(shop.ctx, organization, { actor: 'Ann' });
    expect(await restartSyncs(shop.ctx, organization, { actor: 'Bob' })).toEqual({
      changed: true,
      stop: undefined,
      jobs: 1,
    });
    expect(await round()).toBe(1);
    expect((await audits()).map(({ action }) => action)).toEqual(['syncs.stop', 'syncs.restart']);
  });
});

describe('a cancelled sync', () => {
  it('has ended at once, with all its open runs, and frees its connection', async () => {
    await shop.setRuns(jobId, 'succeeded', 'running', 'pending');
    await cancelSync(shop.ctx, organization, jobId, { actor: 'Ann' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'cancelled' });
    expect((await shop.run(jobId, 'customers'))['status']).toBe('succeeded');
    expect((await shop.run(jobId, 'orders'))['status']).toBe('cancelled');
    expect((await shop.run(jobId, 'payments'))['status']).toBe('cancelled');
    expect(await audits()).toEqual([{ actor: 'Ann', action: 'sync.cancel', subject_id: jobId }]);
    await startSync(shop.ctx, shop.connection, request);
  });

  it('cannot be cancelled twice, by strangers, or if there is none', async () => {
    const other = await openShop(bed);
    const cancel = (id: string, by = organization) => cancelSync(shop.ctx, by, id, { actor: 'Ann' });
    await expect(cancel(jobId, other.connection.organizationId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'queued' });
    await cancel(jobId);
    await expect(cancel(jobId)).rejects.toMatchObject({ code: 'SYNC_NOT_RUNNING' });
    await expect(cancel(shop.connection.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await other.close();
  });
});

describe('the reconciler', () => {
  it('closes entity runs that outlived their job', async () => {
    await bed.db.updateTable('sync_jobs').set({ status: 'failed' }).where('id', '=', jobId).execute();
    await lookAfter(shop.ctx, 60);
    expect(await shop.run(jobId)).toMatchObject({ status: 'cancelled', ended_at: expect.any(Date) });
  });

  const old = () => sql`update sync_jobs set created_at = now() - interval '1 day' where id = ${jobId}`.execute(bed.db);
  const workerSince = (hours: number) =>
    sql`insert into workers (boot_id, host, pid, started_at) values (gen_random_uuid(), 'h', 1,
      now() - make_interval(hours => ${hours}))`.execute(bed.db);

  it('ends a job that nobody could carry on for hours, though workers were alive', async () => {
    await old();
    await workerSince(7);
    await lookAfter(shop.ctx, 15);
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'failed' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'failed', error_code: 'JOB_STALE' });
    await sql`delete from workers`.execute(bed.db);
  });

  it.each([
    ['the workers came only now', () => workerSince(1)],
    ['there is no worker', async () => undefined],
    [
      'it rests until a later time',
      async () => {
        await workerSince(7);
        await sql`update sync_progress set waiting_until = now() + interval '1 hour' where sync_job_id = ${jobId}`.execute(
          bed.db,
        );
      },
    ],
    [
      'it shows signs of life',
      async () => {
        await workerSince(7);
        await sql`update sync_progress set heartbeat_at = now() where sync_job_id = ${jobId}`.execute(bed.db);
      },
    ],
  ])('ends no other: %s', async (_what, arrange) => {
    await old();
    await arrange();
    await lookAfter(shop.ctx, 15);
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'queued' });
    await sql`delete from workers`.execute(bed.db);
  });

  it('is one process at a time, and the next one takes over when it is gone', async () => {
    const [first, second] = [shop.connection.id, jobId];
    expect(await Promise.all(Array.from({ length: 5 }, () => takeLease(bed.db, 'duty', first, 60)))).toEqual(
      Array(5).fill(true),
    );
    expect(await takeLease(bed.db, 'duty', second, 60)).toBe(false);
    await sql`update leases set held_until = now() - interval '1 second' where name = 'duty'`.execute(bed.db);
    const holders = [second, shop.ctx.bootId];
    const taken = await Promise.all(holders.map((holder) => takeLease(bed.db, 'duty', holder, 60)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });
});
