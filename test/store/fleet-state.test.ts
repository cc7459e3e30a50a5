import {
  concludeRun,
  countLiveJobs,
  countWaitingRuns,
  endJob,
  isTransientDatabaseError,
  noteWaiting,
  readBacklog,
  skipRun,
  withinMs,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
  scene = await createScene(bed, ['accounts', 'contacts']);
});
afterAll(() => bed.close());

/** Moves what was noted of the job, and what is to come, so many seconds into the past. */
const later = (seconds: number) =>
  Promise.all([
    sql`update sync_jobs set created_at = created_at - make_interval(secs => ${seconds})`.execute(bed.db),
    sql`update sync_progress set heartbeat_at = heartbeat_at - make_interval(secs => ${seconds}),
      waiting_until = waiting_until - make_interval(secs => ${seconds}),
      started_at = started_at - make_interval(secs => ${seconds}),
      ended_at = ended_at - make_interval(secs => ${seconds})`.execute(bed.db),
  ]);
const backlog = async () =>
  (await readBacklog(bed.db)).map(({ connector, entity, seconds }) => [connector, entity, Math.floor(seconds / 100)]);

describe('how long the next step of a job could have been taken for', () => {
  it('counts from the job’s making, not while it is worked on, and from the worker’s last sign of life', async () => {
    await later(300);
    expect(await backlog()).toEqual([['practicepanther', 'accounts', 3]]);
    await scene.claim('accounts');
    expect(await backlog()).toEqual([]);
    await later(200);
    expect(await backlog()).toEqual([['practicepanther', 'accounts', 2]]);
  });

  it('counts from the end of a rest, and not at all while somebody has paused it', async () => {
    const run = await scene.claim('accounts');
    await noteWaiting(bed.db, run, 'budget', new Date(Date.now() + 60_000));
    expect(await backlog()).toEqual([]);
    expect(await countWaitingRuns(bed.db)).toEqual([{ connector: 'practicepanther', reason: 'budget', count: 1 }]);
    await later(500);
    expect(await backlog()).toEqual([['practicepanther', 'accounts', 4]]);
    expect(await countWaitingRuns(bed.db)).toEqual([]);
    await noteWaiting(bed.db, run, 'paused', null);
    await later(100);
    expect(await backlog()).toEqual([]);
  });

  it('goes on to the next step when one has ended, and in the end to the last one', async () => {
    const run = await scene.claim('accounts');
    expect(await concludeRun(bed.db, { ...run, epoch: run.epoch + 1 }, { status: 'failed', complete: false })).toBe(
      undefined,
    );
    await scene.commit(run, [], { cursor: undefined });
    const ended = await concludeRun(bed.db, run, { status: 'succeeded', complete: true });
    expect(ended).toMatchObject({ status: 'succeeded', mode: 'full' });
    expect(Math.floor((ended?.seconds ?? 0) / 100)).toBe(8);
    await later(700);
    expect(await backlog()).toEqual([['practicepanther', 'contacts', 7]]);
    expect(await endJob(bed.db, scene.jobId)).toBeUndefined();
    await skipRun(bed.db, scene.jobId, 'contacts', 'X', 'y');
    await later(200);
    expect(await backlog()).toEqual([['', '', 2]]);
    expect(await countLiveJobs(bed.db)).toEqual([{ state: 'running', count: 1 }]);
    expect(await endJob(bed.db, scene.jobId)).toEqual({ status: 'partial', endedNow: true });
    expect(await endJob(bed.db, scene.jobId)).toEqual({ status: 'partial', endedNow: false });
    expect(await backlog()).toEqual([]);
  });

  it('is not told of connections that are paused, nor of organizations that are stopped', async () => {
    const other = await createScene(bed, ['accounts']);
    await later(100);
    expect(await backlog()).toEqual([['practicepanther', 'accounts', 1]]);
    await sql`update connections set status = 'paused' where id = ${other.connection.id}`.execute(bed.db);
    expect(await backlog()).toEqual([]);
    await sql`update connections set status = 'active'`.execute(bed.db);
    await sql`update organizations set stopped_at = now()`.execute(bed.db);
    expect(await backlog()).toEqual([]);
  });
});

describe('a query for numbers', () => {
  it('is ended by Postgres when it takes too long, changes nothing, and leaves the session as it was', async () => {
    const slow = withinMs(bed.db, 20, (trx) => sql`select pg_sleep(20)`.execute(trx));
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(isTransientDatabaseError(await slow.catch((error: unknown) => error))).toBe(true);
    const writing = withinMs(bed.db, 1_000, (trx) => sql`delete from connections`.execute(trx));
    await expect(writing).rejects.toMatchObject({ code: '25006' });
    const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(bed.db);
    expect(rows).toEqual([{ statement_timeout: '0' }]);
  });
});
