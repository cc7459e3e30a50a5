import { countTableRows } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPastSync } from '../../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let connection: { id: string; organization_id: string };
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true' });
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
type Row = any;
const rows = async (): Promise<Row[]> => (await api.get(`/api/v1/connections/${connection.id}/entities`)).body.data;
const entity = async (name: string): Promise<Row> => (await rows()).find((row) => row.entity === name);
const owner = () => sql`${connection.organization_id}::uuid, ${connection.id}::uuid`;

describe('the entities of a connection', () => {
  it('are all there in the order of their syncs, also when nothing is known of them', async () => {
    const names = (await rows()).map((row) => row.entity);
    expect(names.indexOf('accounts')).toBeLessThan(names.indexOf('contacts'));
    expect(names.indexOf('contacts')).toBeLessThan(names.indexOf('matters'));
    expect(await entity('matters')).toMatchObject({
      ...{ table: 'exchanges', rows: 0, rowsAreEstimated: false, deletedRows: 0, watermark: null, lastSyncedAt: null },
      ...{ lastRun: null, openFailedItems: 0, drift: null, isEnabled: true },
      freshness: { ageSeconds: expect.any(Number), targetSeconds: expect.any(Number), isStale: false },
    });
  });

  it('have their rows counted, and from ten thousand on guessed by what Postgres knows', async () => {
    await sql`insert into accounts (organization_id, connection_id, pp_account_id, pp_data, deleted_at)
      select ${owner()}, i::text, '{}', case when i <= 4 then now() end from generate_series(1, 24) i`.execute(bed.db);
    await sql`insert into tasks (organization_id, connection_id, pp_task_id, pp_data)
      select ${owner()}, i::text, '{}' from generate_series(1, 12000) i`.execute(bed.db);
    await sql`insert into contacts (organization_id, connection_id, pp_contact_id, pp_data)
      select ${owner()}, i::text, '{}' from generate_series(1, 11000) i`.execute(bed.db);
    // Somebody else's in the same tables.
    await sql`insert into accounts (organization_id, connection_id, pp_account_id, pp_data)
      values (gen_random_uuid(), gen_random_uuid(), 'x', '{}')`.execute(bed.db);
    await sql`analyze tasks, contacts`.execute(bed.db);
    expect(await entity('accounts')).toMatchObject({ rows: 20, deletedRows: 4, rowsAreEstimated: false });
    for (const [name, about] of Object.entries({ tasks: 12_000, contacts: 11_000 })) {
      const { rows: told, deletedRows, rowsAreEstimated } = await entity(name);
      expect([deletedRows, rowsAreEstimated]).toEqual([null, true]);
      expect(Math.abs(told - about)).toBeLessThan(about / 10);
    }
    // As of tables that are so big that several processes would read them.
    const counted = await bed.db.transaction().execute(async (trx) => {
      await sql`set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0;
        set local min_parallel_table_scan_size = 0; set local min_parallel_index_scan_size = 0`.execute(trx);
      return countTableRows(trx, { id: connection.id, organizationId: connection.organization_id }, [
        'tasks',
        'contacts',
      ]);
    });
    for (const [name, about] of Object.entries({ tasks: 12_000, contacts: 11_000 })) {
      expect(Math.abs((counted.get(name)?.rows ?? 0) - about)).toBeLessThan(about / 10);
    }
  });

  it('tell how their last run went, how old they are, and what is left to repair', async () => {
    const jobId = await addPastSync(bed.db, connection, { status: 'succeeded', minutesAgo: 30 });
    await sql`update sync_progress set ended_at = now() - interval '1 hour', all_pages_read = true, upper_bound = now()
      where sync_job_id = ${jobId}`.execute(bed.db);
    const next = await addPastSync(bed.db, connection, { status: 'cancelled', minutesAgo: 5 });
    await sql`insert into sync_state (organization_id, connection_id, entity, watermark)
      values (${owner()}, 'contacts', now() - interval '90 days')`.execute(bed.db);
    await sql`insert into sync_failed_items (organization_id, connection_id, entity, kind, error_code, message, status, vendor_id)
      select ${owner()}, 'contacts', 'record', 'RECORD_INVALID', 'odd', s, s from unnest('{pending,dead,resolved}'::text[]) s
    `.execute(bed.db);
    const { rows: verified } = await sql<{ id: string }>`
      insert into verifications (organization_id, connection_id, trigger, status, ended_at)
      values (${owner()}, 'manual', 'done', now()), (${owner()}, 'manual', 'failed', now()) returning id`.execute(
      bed.db,
    );
    await sql`insert into verification_entities (verification_id, organization_id, entity, position, status)
      select v, ${connection.organization_id}::uuid, 'contacts', 0, 'done'
      from unnest(${verified.map(({ id }) => id)}::uuid[]) v`.execute(bed.db);
    await sql`insert into verification_findings (verification_id, organization_id, entity, vendor_id, kind)
      select ${verified[0]?.id}::uuid, ${connection.organization_id}::uuid, 'contacts', n::text, k
      from unnest('{missing,missing,extra,stale,different}'::text[]) with ordinality as t(k, n)`.execute(bed.db);
    const contacts = await entity('contacts');
    expect(contacts).toMatchObject({
      lastRun: { jobId: next, status: 'cancelled', mode: 'incremental' },
      ...{ watermark: expect.any(String), lastSyncedAt: expect.any(String), openFailedItems: 2 },
      freshness: { isStale: true },
      drift: { verificationId: verified[0]?.id, missing: 2, extra: 1, different: 2, repaired: false },
    });
    expect(contacts.freshness.ageSeconds).toBeGreaterThanOrEqual(90 * 86_400);
    expect((await entity('accounts')).lastRun).toBeNull();
  });

  it('are not brought by schedules that rest, and have no target then', async () => {
    await sql`update sync_schedules set enabled = false, next_due_at = null`.execute(bed.db);
    expect(await entity('contacts')).toMatchObject({
      isEnabled: false,
      freshness: { targetSeconds: null, isStale: false },
    });
  });

  it('have no rows to tell where the role of tenants may not read an adopted table', async () => {
    await sql`revoke select on notes from syncline_tenant`.execute(bed.db);
    expect(await entity('notes')).toMatchObject({ rows: null, deletedRows: null });
    expect(await entity('accounts')).toMatchObject({ rows: 20 });
  });
});
