import { clearOldRows, confirmHeldSweep, createJob, holdSweep, recordAudit } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail, itemOf, take } from './recovery-scene.js';
import { beginScan, endLiveJob, livesAndDeaths, readWhole } from './scans.js';
import { createScene, jobOver, type Row, record, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const clear = (days = 90, of: Scene | null = scene, atMost = 1_000) =>
  clearOldRows(bed.db, { days, organizationId: of === null ? null : of.connection.organizationId, atMost });
const jobs = async () => {
  const rows = bed.db.selectFrom('sync_jobs').select('id').where('connection_id', '=', scene.connection.id);
  return (await rows.execute()).map(({ id }) => id);
};

/** Everything that the connection has was that long ago. */
async function age(days: number, of: Scene = scene): Promise<void> {
  const { id } = of.connection;
  const by = sql`make_interval(days => ${days})`;
  await sql`update sync_jobs set created_at = created_at - ${by}, started_at = started_at - ${by}, ended_at = ended_at - ${by}
    where connection_id = ${id}`.execute(bed.db);
  await sql`update sync_failed_items set created_at = created_at - ${by}, updated_at = updated_at - ${by},
    resolved_at = resolved_at - ${by} where connection_id = ${id}`.execute(bed.db);
}

/** As many syncs as asked for that ended so many days ago. */
const endedJobs = (count: number, days: number, of: Scene = scene) =>
  sql`insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, ended_at)
    select ${of.connection.organizationId}, ${of.connection.id}, 'full', 'full', 'schedule', 'succeeded', at, at
    from generate_series(1, ${count}), lateral (select now() - make_interval(days => ${days}) as at) t`.execute(bed.db);

describe('old history', () => {
  it('goes with its entity runs; what is live or newer stays, and so does what is known to be complete', async () => {
    await sql`insert into sync_state (connection_id, entity, organization_id, watermark, updated_at)
      values (${scene.connection.id}, 'matters', ${scene.connection.organizationId}, now() - interval '1 year',
        now() - interval '1 year')`.execute(bed.db);
    await endLiveJob(scene);
    await age(91);
    await endedJobs(2, 89);
    const live = await createJob(bed.db, scene.connection, jobOver(['tasks']));
    await sql`update sync_jobs set created_at = now() - interval '1 year' where id = ${live}`.execute(bed.db);

    expect(await clear()).toMatchObject({ sync_jobs: 1, sync_progress: 4 });
    const left = await jobs();
    expect(left).toHaveLength(3);
    expect(left).toContain(live);
    expect(
      await bed.db.selectFrom('sync_state').select('entity').where('connection_id', '=', scene.connection.id).execute(),
    ).toHaveLength(1);
    expect(await clear()).toMatchObject({ sync_jobs: 0, sync_progress: 0 });
  });

  it('of one organization is its own; without one it is everybody’s', async () => {
    const other = await createScene(bed);
    await endedJobs(1, 100);
    await endedJobs(2, 100, other);
    expect(await clear()).toMatchObject({ sync_jobs: 1 });
    expect(await clear(90, null)).toMatchObject({ sync_jobs: 2 });
  });

  it('goes a batch at a time, the oldest first', async () => {
    await endedJobs(3, 100);
    await endedJobs(2, 200);
    const counts: number[] = [];
    for (let i = 0; i < 4; i += 1) counts.push((await clear(90, scene, 2)).sync_jobs);
    expect(counts).toEqual([2, 2, 1, 0]);
    await endedJobs(1, 100);
    await endedJobs(1, 200);
    await clear(90, scene, 1);
    expect(await clear(150)).toMatchObject({ sync_jobs: 0 });
  });

  it('that somebody has in hand is passed over without waiting', async () => {
    await endedJobs(2, 100);
    await bed.db.transaction().execute(async (trx) => {
      await sql`select from sync_jobs where connection_id = ${scene.connection.id} and ended_at is not null
        order by id limit 1 for update`.execute(trx);
      expect(await clear()).toMatchObject({ sync_jobs: 1 });
    });
    expect(await clear()).toMatchObject({ sync_jobs: 1 });
  });
});

describe('failed items', () => {
  it('that are not resolved outlive their job; resolved ones go after their time', async () => {
    await fail(scene, 'matters', 'pending', 'dead', 'retrying', 'mended', 'mended lately');
    await scene.write('matters', [record('mended'), record('mended lately')]);
    await sql`update sync_failed_items set status = 'dead', next_attempt_at = null where vendor_id = 'dead'`.execute(
      bed.db,
    );
    await sql`update sync_failed_items set next_attempt_at = now() + interval '1 hour' where vendor_id = 'pending'`.execute(
      bed.db,
    );
    await take(scene);
    await endLiveJob(scene);
    // As a sweep leaves it: while a scan is there, its jobs are needed.
    await sql`delete from sync_scans where connection_id = ${scene.connection.id}`.execute(bed.db);
    await age(400);
    await sql`update sync_failed_items set resolved_at = now() - interval '89 days' where vendor_id = 'mended lately'
      and connection_id = ${scene.connection.id}`.execute(bed.db);

    expect(await clear()).toMatchObject({ sync_jobs: 1, sync_failed_items: 1 });
    const items = await scene.failedItems('matters');
    expect(items.map(({ vendor_id, status, sync_job_id }: Row) => [vendor_id, status, sync_job_id])).toEqual([
      ['dead', 'dead', null],
      ['mended lately', 'resolved', null],
      ['pending', 'pending', null],
      ['retrying', 'retrying', null],
    ]);
    expect((await itemOf(scene, 'matters', 'dead'))['payload']).toEqual({ id: 'dead', name: 7 });
  });
});

describe('a sweep that waits for somebody’s word', () => {
  it('keeps the job that proves it, and can be confirmed however late', async () => {
    await scene.write('matters', [record('a'), record('b'), record('c')]);
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { records: [record('a')] });
    const payload = { scanId: run.scanId, reason: 'brake', candidates: 2, live: 3, sample: [] } as const;
    await holdSweep(bed.db, run, { message: 'too many', payload });
    await endLiveJob(scene);
    await age(400);

    await clear();
    expect(await jobs()).toEqual([run.syncJobId]);
    const { organizationId, id: connectionId } = scene.connection;
    const owner = { organizationId, connectionId, entity: 'matters' };
    expect(await confirmHeldSweep(bed.db, scene.target('matters').sql, owner)).toBe(2);
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a'], deleted: ['b', 'c'] });
    expect(await clear()).toMatchObject({ sync_jobs: 1 });
  });
});

describe('runs of schedules and the audit log', () => {
  it('lose what is old, but for the last run of each schedule', async () => {
    const { organizationId, id: connectionId } = scene.connection;
    const { rows } = await sql<{ id: string }>`
      insert into sync_schedules (organization_id, connection_id, name, cron, mode, next_due_at, last_due_at)
      values (${organizationId}, ${connectionId}, 'yearly', '0 0 1 1 *', 'full', now(), current_date - 200) returning id`.execute(
      bed.db,
    );
    await sql`insert into sync_schedule_runs (schedule_id, due_at, organization_id, outcome, sync_job_id, created_at)
      select ${rows[0]?.id}, current_date - ago, ${organizationId}, 'started', ${scene.jobId}, current_date - ago
      from unnest(array[80, 200, 300, 400]) ago`.execute(bed.db);
    expect(await clear()).toMatchObject({ sync_schedule_runs: 2 });
    const left = await sql<{ ago: number }>`
      select current_date - due_at::date as ago from sync_schedule_runs where schedule_id = ${rows[0]?.id} order by 1`.execute(
      bed.db,
    );
    expect(left.rows).toEqual([{ ago: 80 }, { ago: 200 }]);
  });

  it('keep entries of the audit log for a year at least, and longer where all is kept longer', async () => {
    const { organizationId } = scene.connection;
    for (const days of [100, 370, 500]) {
      await recordAudit(bed.db, { organizationId, actor: 'Ann', action: `${days}`, subjectKind: 'test' });
      await sql`update audit_log set created_at = now() - make_interval(days => ${days}) where action = ${`${days}`}`.execute(
        bed.db,
      );
    }
    expect(await clear(400)).toMatchObject({ audit_log: 1 });
    expect(await clear(1)).toMatchObject({ audit_log: 1 });
    const left = await bed.db
      .selectFrom('audit_log')
      .select('action')
      .where('organization_id', '=', organizationId)
      .execute();
    expect(left).toEqual([{ action: '100' }]);
  });
});

describe('days and rows that make no sense', () => {
  it.each([
    ['0', '1'],
    ['-90', '1'],
    ['null', '1'],
    ['36501', '1'],
    ['90', '0'],
    ['90', 'null'],
  ])('%s days, %s at most: refused, and nothing goes', async (days, most) => {
    await endedJobs(1, 40_000);
    const call = sql.raw(`select * from cleanup_old_sync_data(${days}, null, ${most})`).execute(bed.db);
    await expect(call).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(/(days_to_keep|at_most) has to be/),
    });
    expect(await jobs()).toHaveLength(2);
  });

  it('90 unless said otherwise', async () => {
    await endedJobs(1, 91);
    await endedJobs(1, 89);
    const { rows } = await sql`select * from cleanup_old_sync_data()`.execute(bed.db);
    expect(rows).toContainEqual({ table_name: 'sync_jobs', deleted: expect.any(Number) });
    expect(await jobs()).toHaveLength(2);
  });
});
