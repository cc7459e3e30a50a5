import { randomUUID } from 'node:crypto';
import {
  claimRun,
  concludeJob,
  createJob,
  endRun,
  forgetStates,
  noteWaiting,
  readStates,
  restartAsFull,
  skipRun,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, jobOver, record, rejected, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const worker = randomUUID();
const job = () => bed.db.selectFrom('sync_jobs').selectAll().where('id', '=', scene.jobId).executeTakeFirstOrThrow();
const setRun = (status: string) =>
  sql`update sync_progress set status = ${status} where sync_job_id = ${scene.jobId} and entity = 'matters'`.execute(
    bed.db,
  );

describe('claiming a run', () => {
  it('starts it, and its job with it', async () => {
    expect(await job()).toMatchObject({ status: 'queued', started_at: null });
    const run = await claimRun(bed.db, scene.jobId, 'matters', worker);
    expect(run).toMatchObject({ syncJobId: scene.jobId, entity: 'matters', epoch: 1, pages: 0, cursor: undefined });
    expect(await job()).toMatchObject({ status: 'running', started_at: expect.any(Date) });
    expect(await scene.progress('matters')).toMatchObject({
      status: 'running',
      worker,
      heartbeat_at: expect.any(Date),
    });
  });

  it('again raises the epoch, and keeps when it all began', async () => {
    const first = await scene.claim('matters');
    const began = (await job()).started_at;
    const second = await scene.claim('matters');
    expect(second).toMatchObject({ epoch: 2, startedAt: first.startedAt });
    expect((await job()).started_at).toEqual(began);
  });

  it('by twenty at once gives each an epoch of its own', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => scene.claim('matters')));
    expect(runs.map((run) => run.epoch).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it.each(['pending', 'running', 'failed'])('is possible while it is %s', async (status) => {
    await setRun(status);
    expect(await claimRun(bed.db, scene.jobId, 'matters', worker)).toBeDefined();
  });

  it.each(['succeeded', 'partial', 'skipped', 'cancelled'])('is not possible once it is %s', async (status) => {
    await setRun(status);
    expect(await claimRun(bed.db, scene.jobId, 'matters', worker)).toBeUndefined();
    expect(await scene.progress('matters')).toMatchObject({ epoch: 0, status });
  });

  it.each(['succeeded', 'partial', 'failed', 'cancelled'] as const)(
    'is not possible in a job that is %s',
    async (status) => {
      await bed.db.updateTable('sync_jobs').set({ status }).where('id', '=', scene.jobId).execute();
      expect(await claimRun(bed.db, scene.jobId, 'matters', worker)).toBeUndefined();
      expect(await scene.progress('matters')).toMatchObject({ epoch: 0, status: 'pending' });
    },
  );

  it('is not possible where there is none', async () => {
    expect(await claimRun(bed.db, randomUUID(), 'matters', worker)).toBeUndefined();
    expect(await claimRun(bed.db, scene.jobId, 'nothing', worker)).toBeUndefined();
  });

  it('ends its waiting and forgets how it failed before', async () => {
    const run = await scene.claim('matters');
    await noteWaiting(bed.db, run, 'budget', new Date());
    expect(await scene.progress('matters')).toMatchObject({ waiting_for: 'budget', waiting_until: expect.any(Date) });
    await endRun(bed.db, run, { status: 'failed', complete: false, errorCode: 'X', errorMessage: 'y' });
    await scene.claim('matters');
    const cleared = { waiting_for: null, waiting_until: null, error_code: null, error_message: null, ended_at: null };
    expect(await scene.progress('matters')).toMatchObject({ status: 'running', ...cleared });
  });
});

describe('ending a run', () => {
  const bound = new Date('2025-06-02T10:00:00Z');
  const later = new Date('2025-06-03T10:00:00Z');
  const state = async () =>
    (await readStates(bed.db, scene.connection.organizationId, scene.connection.id)).get('matters');

  /** A complete run in a job of its own. */
  const completeRun = async (upperBound: Date | undefined, mode: 'full' | 'incremental' = 'full') => {
    await sql`update sync_progress set status = 'succeeded' where sync_job_id = ${scene.jobId} and status in ('pending', 'running')`.execute(
      bed.db,
    );
    await concludeJob(bed.db, scene.jobId);
    const jobId = await createJob(bed.db, scene.connection, jobOver(['matters'], { mode }));
    const run = await claimRun(bed.db, jobId, 'matters', worker);
    if (run === undefined) throw new Error('not claimed');
    await scene.commit(run, [record('a'), record('b')], { cursor: undefined, upperBound });
    expect(await endRun(bed.db, run, { status: 'succeeded', complete: true })).toBe(true);
    await concludeJob(bed.db, jobId);
  };

  it('well moves the watermark to the bound that was frozen at its start', async () => {
    await completeRun(bound);
    expect(await state()).toMatchObject({ watermark: bound, lastFullRecords: 2, continuation: null });
    await completeRun(later, 'incremental');
    expect(await state()).toMatchObject({ watermark: later, lastFullRecords: 2 });
  });

  it('never moves the watermark back', async () => {
    await completeRun(later);
    await completeRun(bound);
    expect(await state()).toMatchObject({ watermark: later });
  });

  it('well without a time of the vendor takes the time it was started', async () => {
    const run = await scene.claim('matters');
    await scene.commit(run, [], { cursor: undefined });
    await endRun(bed.db, run, { status: 'succeeded', complete: true });
    expect((await state())?.watermark).toEqual(run.startedAt);
  });

  it('moves no watermark but its own', async () => {
    await completeRun(bound);
    const states = await readStates(bed.db, scene.connection.organizationId, scene.connection.id);
    expect([...states.keys()]).toEqual(['matters']);
  });

  it('as failed or cancelled leaves the watermark where it is', async () => {
    await completeRun(bound);
    for (const status of ['failed', 'cancelled'] as const) {
      const jobId = await createJob(bed.db, scene.connection, jobOver(['matters']));
      const run = await claimRun(bed.db, jobId, 'matters', worker);
      if (run === undefined) throw new Error('not claimed');
      await scene.commit(run, [record('c')], { upperBound: later });
      await endRun(bed.db, run, { status, complete: false });
      await concludeJob(bed.db, jobId);
      expect(await state()).toMatchObject({ watermark: bound, continuation: null });
    }
  });

  it('cut short keeps the place to go on from, until a run has read all', async () => {
    await scene.write('matters', [record('a')], { cursor: { skip: 99 }, upperBound: bound });
    const run = await scene.claim('matters');
    await endRun(bed.db, run, { status: 'partial', complete: false, errorCode: 'PAGE_CAP_REACHED' });
    const continuation = { cursor: { skip: 99 }, mode: 'full', lowerBound: null, upperBound: bound.toISOString() };
    expect(await state()).toMatchObject({ watermark: null, continuation });
    await completeRun(later);
    expect(await state()).toMatchObject({ watermark: later, continuation: null });
  });

  it('as failed does not lose the place where an earlier one was cut short', async () => {
    await scene.write('matters', [], { cursor: { skip: 99 } });
    await endRun(bed.db, await scene.claim('matters'), { status: 'partial', complete: false });
    await setRun('pending');
    await endRun(bed.db, await scene.claim('matters'), { status: 'failed', complete: false });
    expect(await state()).toMatchObject({ continuation: { cursor: { skip: 99 } } });
  });

  it('is partial where records failed, although every page was read', async () => {
    const run = await scene.claim('matters');
    await scene.commit(run, [record('a')], { rejected: [rejected('b')], cursor: undefined, upperBound: bound });
    await endRun(bed.db, run, { status: 'succeeded', complete: true });
    expect(await scene.progress('matters')).toMatchObject({ status: 'partial', ended_at: expect.any(Date) });
    expect(await state()).toMatchObject({ watermark: bound, continuation: null });
  });

  it('notes how it failed', async () => {
    const run = await scene.claim('matters');
    await endRun(bed.db, run, { status: 'failed', complete: false, errorCode: 'X', errorMessage: 'y'.repeat(3000) });
    expect(await scene.progress('matters')).toMatchObject({ error_code: 'X', error_message: 'y'.repeat(2000) });
  });

  it('twice has one effect', async () => {
    const run = await scene.claim('matters');
    expect(await endRun(bed.db, run, { status: 'failed', complete: false })).toBe(true);
    expect(await endRun(bed.db, run, { status: 'succeeded', complete: true })).toBe(false);
    expect(await scene.progress('matters')).toMatchObject({ status: 'failed' });
    expect(await state()).toMatchObject({ watermark: null });
  });
});

describe('a run whose watermark the vendor refuses', () => {
  it('starts over in full, and keeps its pages counted', async () => {
    await scene.write('matters', [record('a')], { cursor: { skip: 99 } });
    const run = await scene.claim('matters');
    expect(await restartAsFull(bed.db, run, 'refused')).toBe(true);
    expect(await scene.claim('matters')).toMatchObject({ mode: 'full', cursor: undefined, lowerBound: null, pages: 1 });
    expect(await restartAsFull(bed.db, run, 'late')).toBe(false);
    expect(await scene.progress('matters')).toMatchObject({ mode_reason: 'refused' });
  });
});

describe('a run that is skipped', () => {
  it('says why, unless it has begun', async () => {
    await skipRun(bed.db, scene.jobId, 'tasks', 'DEPENDENCY_FAILED', 'matters failed');
    expect(await scene.progress('tasks')).toMatchObject({ status: 'skipped', error_message: 'matters failed' });
    await scene.claim('matters');
    await skipRun(bed.db, scene.jobId, 'matters', 'DEPENDENCY_FAILED', 'too late');
    expect(await scene.progress('matters')).toMatchObject({ status: 'running', error_message: null });
  });
});

describe('a connection that leads to another account', () => {
  const planned = (entity: string) =>
    bed.db
      .selectFrom('sync_progress')
      .select(['mode', 'lower_bound', 'cursor', 'status'])
      .where('connection_id', '=', scene.connection.id)
      .where('entity', '=', entity)
      .executeTakeFirstOrThrow();

  it('has no watermarks, and what was planned by them and has not ended well is read in full', async () => {
    const other = await createScene(bed);
    for (const each of [scene, other]) {
      await sql`insert into sync_state (organization_id, connection_id, entity, watermark)
        values (${each.connection.organizationId}, ${each.connection.id}, 'matters', now())`.execute(bed.db);
      await sql`update sync_progress set mode = 'incremental', lower_bound = now(), cursor = '{"after": 1}',
        status = case entity when 'tasks' then 'failed' when 'matters' then 'succeeded' else 'pending' end
        where sync_job_id = ${each.jobId}`.execute(bed.db);
    }
    await forgetStates(bed.db, scene.connection, 'another account');
    const states = async ({ connection: { organizationId, id } }: Scene) => readStates(bed.db, organizationId, id);
    expect([(await states(scene)).size, (await states(other)).size]).toEqual([0, 1]);
    const anew = { mode: 'full', lower_bound: null, cursor: null };
    expect(await planned('contacts')).toEqual({ ...anew, status: 'pending' });
    expect(await planned('tasks')).toEqual({ ...anew, status: 'failed' });
    expect(await planned('matters')).toMatchObject({ mode: 'incremental', status: 'succeeded' });
    expect(await other.progress('tasks')).toMatchObject({ mode: 'incremental', lower_bound: expect.any(Date) });
  });
});
