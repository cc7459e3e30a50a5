import {
  type Db,
  endExpiredClaims,
  endZombies,
  judgeConnections,
  listDuePlaces,
  listGivenUp,
  listUnburiedRuns,
  quietJobs,
  settleEndedRetries,
  staleJobs,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plansOf } from './query-plans.js';
import { createScene } from './scene.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
  const { connection } = await createScene(bed);
  const { organizationId, id } = connection;
  await sql`
    with jobs as (
      insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, ended_at)
      select ${organizationId}, ${id}, 'full', 'full', 'schedule', 'succeeded', now() - make_interval(hours => n),
        now() - make_interval(hours => n) from generate_series(1, 2000) n
      returning id, organization_id, connection_id, ended_at)
    insert into sync_progress (sync_job_id, entity, organization_id, connection_id, position, status, mode, ended_at)
    select id, 'entity ' || n, organization_id, connection_id, n, 'succeeded', 'full', ended_at
    from jobs cross join generate_series(1, 5) n`.execute(bed.db);
  await sql`
    insert into sync_failed_items (organization_id, connection_id, entity, kind, error_code, message, status, resolved_at)
    select ${organizationId}, ${id}, 'contacts', 'record', 'RECORD_INVALID', '', 'resolved', now()
    from generate_series(1, 5000)`.execute(bed.db);
  await sql`analyze`.execute(bed.db);
});
afterAll(() => bed.close());

describe('what workers ask every few seconds, whether there is work or not', () => {
  it.each<[string, (db: Db) => Promise<unknown>]>([
    ['runs whose job has ended', (db) => endZombies(db)],
    ['jobs that are quiet', (db) => quietJobs(db, 15)],
    ['jobs that nobody carries on', (db) => staleJobs(db, 21_600)],
    ['claims that have run out', (db) => endExpiredClaims(db, 5)],
    ['retries that have ended', (db) => settleEndedRetries(db)],
    ['items that are due', (db) => listDuePlaces(db, 1_000)],
    ['items that were given up', (db) => listGivenUp(db, 30, 1_000)],
    ['runs without a letter', (db) => listUnburiedRuns(db, 30, 1_000)],
    ['what is wrong with connections', (db) => judgeConnections(db, { pauses: [], entities: [] })],
  ])('does not read all history: %s', async (_what, ask) => {
    const [plan = ''] = await plansOf(bed.databaseUrl, ask);
    expect(plan).toMatch(/Scan/);
    expect(plan).not.toMatch(/Seq Scan on (sync_progress|sync_jobs|sync_failed_items)/);
  });
});
