import { eventually, type ServiceProcess } from '@syncline/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectTruth } from '../e2e/truth.js';
import { createFirmWithRedis, type RedisFirm } from './rough-times.js';

// Hazard O9: yesterday's Postgres with today's Redis, and workers that have lived through it.

const environment = { ENABLE_SYNC_SCHEDULER: 'true' };
const admin = new pg.Client({ connectionString: inject('adminUrl') });
let firm: RedisFirm;
beforeAll(async () => {
  await admin.connect();
  firm = await createFirmWithRedis({ environment });
  // What a schedule would start is not the subject.
  await sql`delete from sync_schedules`.execute(firm.bed.db);
});
afterAll(async () => {
  await firm.close();
  await admin.query('drop database if exists syncline_test_backup with (force)');
  await admin.end();
});

/**
 * Copies the database as it is. Everybody's sessions are cut, as at the end of a file system's snapshot. Gives what puts the
 * copy in the database's place: not before Redis has counted on, because what was lost sooner is not noticed.
 */
async function backUp(): Promise<() => Promise<void>> {
  await admin.query('drop database if exists syncline_test_backup with (force)');
  await copyDatabase(nameOf(firm), 'syncline_test_backup');
  const counted = await generation();
  return async () => {
    // Postgres first, then Redis: at the second one Redis has the first.
    await eventually('two counts', async () => (await generation()) >= counted + 2);
    await admin.query(`alter database ${nameOf(firm)} with allow_connections false`);
    await admin.query(`drop database ${nameOf(firm)} with (force)`);
    await copyDatabase('syncline_test_backup', nameOf(firm));
  };
}

async function generation(): Promise<number> {
  const row = await firm.bed.db.selectFrom('syncline_installation').select('generation').executeTakeFirstOrThrow();
  return Number(row.generation);
}

async function copyDatabase(from: string, to: string): Promise<void> {
  await admin.query(`alter database ${from} with allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [from]);
  await eventually('the copy', async () => {
    // A session that was told to end may not be gone yet.
    const { rows } = await admin.query('select from pg_stat_activity where datname = $1', [from]);
    if (rows.length === 0) await admin.query(`create database ${to} template ${from}`);
    return rows.length === 0;
  });
  await admin.query(`alter database ${from} with allow_connections true`);
}

const nameOf = ({ bed }: RedisFirm) => new URL(bed.databaseUrl).pathname.slice(1);

const said = (worker: ServiceProcess, what: string, since: number) => () => worker.output().slice(since).includes(what);

async function keysAbout(id: string): Promise<unknown[]> {
  return (await firm.redis.command('KEYS', `*${id}*`)) as unknown[];
}

it('is noticed and put right: queues are what Postgres knows, and who comes from the lost time cannot write', async () => {
  const { simulator } = firm;
  const first = simulator.holds.add({ match: { path: '/accounts', after: 1 } });
  const sleeper = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await simulator.holds.untilHeld(first, 1, AbortSignal.timeout(30_000));
  await eventually('Redis to know whose it is', async () =>
    firm.redis.command('EXISTS', `${firm.bed.prefix}:installation`),
  );
  const restore = await backUp();
  const epochOf = async () =>
    await firm.bed.db
      .selectFrom('sync_progress')
      .selectAll()
      .where('entity', '=', 'contacts')
      .where('sync_job_id', '=', jobId)
      .executeTakeFirst();

  // What will have been lost: the rest of this sync by another worker, changes, and a sync that Postgres will not know of.
  const twoPages = async () =>
    eventually('two pages of contacts', async () => entityOf(await firm.job(jobId), 'contacts').pages === 2, 60_000);
  const second = simulator.holds.add({ match: { path: '/contacts', after: 2 } });
  simulator.holds.release({ id: first });
  await twoPages();
  await simulator.holds.untilHeld(second, 1, AbortSignal.timeout(30_000));
  sleeper.signal('SIGSTOP');
  simulator.holds.release();
  const stale = await epochOf();
  const worker = await firm.startWorker();
  await firm.ended(jobId);
  simulator.store.mutate({ edits: { contacts: 5, tasks: 5 }, adds: { contacts: 3 }, deletes: { tasks: 2 } });
  await firm.sync('incremental');
  simulator.store.mutate({ edits: { contacts: 2 } });
  const held = simulator.holds.add({ match: { path: '/matters' } });
  const unknownJob = await firm.trigger('incremental');
  await simulator.holds.untilHeld(held, 1, AbortSignal.timeout(30_000));
  expect(await keysAbout(unknownJob)).not.toEqual([]);

  const since = worker.output().length;
  await restore();
  await eventually('the workers to hold still', said(worker, 'held: nothing is worked on', since));
  expect((await fetch(`${firm.api.url}/readyz`)).status).toBe(503);
  simulator.holds.release();
  const third = simulator.holds.add({ match: { path: '/contacts', after: 2 } });
  await eventually('it to be put right', said(worker, 'restored: what was synced in between was lost', since), 60_000);
  expect(await keysAbout(unknownJob), 'nothing is queued that Postgres does not know').toEqual([]);

  // The same entity run, under the same number, with as many pages: and yet not the sleeper's.
  await twoPages();
  expect(stale).toMatchObject({ pages: 2, status: 'running' });
  expect(await epochOf()).toMatchObject({ epoch: stale?.epoch, pages: stale?.pages, status: 'running' });
  const asleep = sleeper.output().length;
  sleeper.signal('SIGCONT');
  // Its connection is gone, and so is its step; what it would try on another connection is in test/store/fence.test.ts.
  await eventually('the sleeper to be refused', said(sleeper, `Missing key for job ${jobId}`, asleep));
  await sleeper.kill('SIGKILL');
  simulator.holds.release({ id: third });
  expect(await firm.ended(jobId)).toMatchObject({ status: 'succeeded' });
  await expectTruth(firm.bed, simulator);
});

it('what the vendor changed in the lost time is read again by itself, and what it deleted by a full sync', async () => {
  const { simulator } = firm;
  const restore = await backUp();
  simulator.store.mutate({ edits: { contacts: 4, matters: 3 }, adds: { tasks: 2 } });
  const [gone = ''] = simulator.store.ids('tasks');
  await firm.sync('incremental');
  await expectTruth(firm.bed, simulator);
  simulator.store.delete('tasks', gone);
  await restore();

  const [restoration] = await eventually(
    'a second restore to be noticed',
    async () => {
      const { rows } = await sql<{ syncs: { jobId?: string }[] }>`
        select syncs from syncline_restorations where put_right_at is not null order by noticed_at desc`.execute(
        firm.bed.db,
      );
      return rows.length > 1 && rows;
    },
    60_000,
  );
  const jobId = restoration?.syncs[0]?.jobId ?? '';
  expect(await firm.ended(jobId)).toMatchObject({ status: 'succeeded' });
  await expectTruth(firm.bed, simulator, new Set([gone]));
  expect((await fetch(`${firm.api.url}/readyz`)).status).toBe(200);
  await firm.sync('full');
  await expectTruth(firm.bed, simulator);
});
