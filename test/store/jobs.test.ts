import { isSyncError } from '@syncline/connector-kit';
import {
  alreadyRunning,
  concludeJob,
  createJob,
  nextFlowRound,
  quietJobs,
  readJob,
  readRuns,
  reopenJob,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, jobOver, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const entities = ['accounts', 'contacts', 'matters', 'tasks'] as const;

/** Sets the runs of the scene's job, in the order of the entities. */
async function setRuns(...statuses: string[]): Promise<void> {
  for (const [i, status] of statuses.entries()) {
    const [code, message] =
      status === 'failed' ? ['BROKEN', 'it broke'] : status === 'skipped' ? ['DEPENDENCY_FAILED', 'another broke'] : [];
    await sql`update sync_progress set status = ${status}, error_code = ${code ?? null}, error_message = ${message ?? null}
      where sync_job_id = ${scene.jobId} and position = ${i}`.execute(bed.db);
  }
}
const jobRow = (id = scene.jobId) =>
  bed.db.selectFrom('sync_jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const statuses = async () => (await readRuns(bed.db, scene.jobId)).map((run) => run.status);
const endJob = async () => {
  await setRuns('succeeded', 'succeeded', 'succeeded', 'succeeded');
  await concludeJob(bed.db, scene.jobId);
};

describe('creating a job', () => {
  it('writes it together with its runs, in their order', async () => {
    expect(await readJob(bed.db, scene.jobId)).toEqual({
      id: scene.jobId,
      organizationId: scene.connection.organizationId,
      connectionId: scene.connection.id,
      connector: 'practicepanther',
      status: 'queued',
      mode: 'full',
      flowRound: 0,
      standing: 'live',
    });
    expect(await readRuns(bed.db, scene.jobId)).toEqual(
      entities.map((entity) => ({ entity, status: 'pending', waitingUntil: null })),
    );
  });

  it('keeps what its runs were planned with', async () => {
    await endJob();
    const bound = new Date('2025-06-02T10:00:00Z');
    const planned = {
      lowerBound: bound,
      upperBound: bound,
      cursor: { skip: 3 },
      recordsExpected: 7,
      modeReason: 'why',
    };
    const id = await createJob(bed.db, scene.connection, jobOver(['tasks'], planned));
    const run = await bed.db.selectFrom('sync_progress').selectAll().where('sync_job_id', '=', id).executeTakeFirst();
    expect(run).toMatchObject({
      lower_bound: bound,
      upper_bound: bound,
      cursor: { skip: 3 },
      records_expected: 7,
      mode_reason: 'why',
    });
  });

  it('by twenty at once makes one, and tells the others which', async () => {
    await endJob();
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => createJob(bed.db, scene.connection, jobOver(['tasks']))),
    );
    const made = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(made).toHaveLength(1);
    for (const attempt of tries) {
      if (attempt.status === 'fulfilled') continue;
      expect(isSyncError(attempt.reason, 'SYNC_ALREADY_RUNNING')).toBe(true);
      expect(attempt.reason.details).toEqual({ runningJobId: made[0] });
    }
  });

  it('is not in the way of another connection', async () => {
    const other = await createScene(bed);
    expect(other.jobId).not.toBe(scene.jobId);
    expect((await alreadyRunning(bed.db, other.connection)).details).toEqual({ runningJobId: other.jobId });
  });

  it('is possible again once the job before has ended', async () => {
    await expect(createJob(bed.db, scene.connection, jobOver(['tasks']))).rejects.toMatchObject({
      code: 'SYNC_ALREADY_RUNNING',
    });
    await endJob();
    await expect(createJob(bed.db, scene.connection, jobOver(['tasks']))).resolves.toBeTypeOf('string');
  });
});

describe('concluding a job', () => {
  it.each([
    ['succeeded', ['succeeded', 'succeeded', 'succeeded', 'succeeded'], null],
    ['partial', ['succeeded', 'succeeded', 'partial', 'succeeded'], null],
    ['partial', ['succeeded', 'failed', 'skipped', 'skipped'], 'contacts: it broke'],
    ['failed', ['failed', 'skipped', 'skipped', 'skipped'], 'accounts: it broke'],
    ['partial', ['succeeded', 'skipped', 'failed', 'succeeded'], 'matters: it broke'],
    ['cancelled', ['succeeded', 'cancelled', 'skipped', 'skipped'], null],
  ])('comes to %s when its runs are %j', async (status, runs, message) => {
    await setRuns(...runs);
    expect(await concludeJob(bed.db, scene.jobId)).toBe(status);
    const code = message === null ? null : 'BROKEN';
    expect(await jobRow()).toMatchObject({
      status,
      error_code: code,
      error_message: message,
      ended_at: expect.any(Date),
    });
  });

  it.each(['pending', 'running'])('waits while a run is %s', async (status) => {
    await setRuns('succeeded', 'failed', status, 'succeeded');
    expect(await concludeJob(bed.db, scene.jobId)).toBeUndefined();
    expect(await jobRow()).toMatchObject({ status: 'queued', ended_at: null });
  });

  it('again leaves it as it is', async () => {
    await endJob();
    const { ended_at } = await jobRow();
    await setRuns('failed');
    expect(await concludeJob(bed.db, scene.jobId)).toBe('succeeded');
    expect((await jobRow()).ended_at).toEqual(ended_at);
  });

  it('that does not exist is nothing', async () => {
    expect(await concludeJob(bed.db, scene.connection.id)).toBeUndefined();
  });
});

describe('reopening a job', () => {
  it('makes it live, with another turn for what was skipped', async () => {
    await setRuns('succeeded', 'failed', 'skipped', 'skipped');
    await concludeJob(bed.db, scene.jobId);
    expect(await reopenJob(bed.db, scene.jobId)).toBe(true);
    expect(await jobRow()).toMatchObject({ status: 'running', ended_at: null, error_code: null, error_message: null });
    expect(await statuses()).toEqual(['succeeded', 'failed', 'pending', 'pending']);
  });

  it('waits for another job of the connection, and changes nothing', async () => {
    await setRuns('failed', 'skipped', 'skipped', 'skipped');
    await concludeJob(bed.db, scene.jobId);
    const next = await createJob(bed.db, scene.connection, jobOver(['tasks']));
    expect(await reopenJob(bed.db, scene.jobId)).toBe(false);
    expect(await jobRow()).toMatchObject({ status: 'failed', ended_at: expect.any(Date) });
    expect(await statuses()).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
    expect(await jobRow(next)).toMatchObject({ status: 'queued' });
  });
});

describe("a job's flow", () => {
  it('is laid out by one of many at once', async () => {
    const rounds = await Promise.all(Array.from({ length: 10 }, () => nextFlowRound(bed.db, scene.jobId, 0)));
    expect(rounds.filter((round) => round !== undefined)).toEqual([1]);
    expect(await nextFlowRound(bed.db, scene.jobId, 1)).toBe(2);
  });
});

describe('a job that is quiet', () => {
  const quiet = async (seconds: number) => (await quietJobs(bed.db, seconds)).some((job) => job.id === scene.jobId);
  const age = (column: 'created_at' | 'heartbeat_at', table: string, seconds: number) =>
    sql`update ${sql.table(table)} set ${sql.ref(column)} = now() - make_interval(secs => ${seconds})
      where ${sql.ref(table === 'sync_jobs' ? 'id' : 'sync_job_id')} = ${scene.jobId}`.execute(bed.db);

  it('is live, old enough, and shows no sign of life', async () => {
    expect(await quiet(15)).toBe(false);
    await age('created_at', 'sync_jobs', 100);
    expect(await quiet(15)).toBe(true);
    await scene.claim('accounts');
    expect(await quiet(15)).toBe(false);
    await age('heartbeat_at', 'sync_progress', 100);
    expect(await quiet(15)).toBe(true);
    await endJob();
    expect(await quiet(15)).toBe(false);
  });
});
