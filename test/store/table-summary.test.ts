import { createVault, type Db, ensureConnection, ensureOrganization, readTableSummary } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plansOf } from './query-plans.js';

const request = {
  ...{ table: 'clients', filled: ['contact_email', 'client_page_info'] },
  ...{ shown: ['name', 'contact_email'], latest: 3 },
};

let bed: TestBed;
let ours: string;
beforeAll(async () => {
  bed = await createTestBed();
  const add = async (slug: string, rows: number) => {
    const organizationId = await ensureOrganization(bed.db, slug, slug);
    const about = { organizationId, connector: 'notion', name: slug, settings: {}, credentials: {} };
    const { id } = await ensureConnection(bed.db, createVault([bed.encryptionKey]), about);
    // Of every ten one is deleted, and those are the newest; two have no mail, two an empty text, one nothing.
    await sql`
      insert into clients (organization_id, connection_id, notion_page_id, name, contact_email, client_page_info,
        source_updated_at, deleted_at, notion_data)
      select ${organizationId}, ${id}, i::text, ${slug} || i, case when i % 10 not in (1, 2, 3) then 'a@b.example' end,
        case when i % 10 in (4, 5) then '' when i % 10 <> 3 then 'text' end,
        case when i % 10 <> 3 then timestamptz '2026-01-01' - make_interval(mins => i) end
          + case when i % 10 = 0 then interval '1 day' else interval '0' end,
        case when i % 10 = 0 then now() end, '{}'
      from generate_series(1, ${rows}::int) i`.execute(bed.db);
    return organizationId;
  };
  ours = await add('ours', 200);
  await add('theirs', 20_000);
  await sql`analyze clients`.execute(bed.db);
});
afterAll(() => bed.close());

const read = (db: Db) => readTableSummary(db, ours, request);

describe('a summary of a table', () => {
  it('counts what is there, and what is filled, of one organization, without what is deleted', async () => {
    const { rows, filled } = await read(bed.db);
    expect({ rows, filled }).toEqual({ rows: 180, filled: { contact_email: 120, client_page_info: 120 } });
  });

  it('shows what changed last, as far as that is known', async () => {
    const { latest } = await read(bed.db);
    expect(latest.map(({ values, changedAt }) => [values['name'], changedAt.toISOString()])).toEqual([
      ['ours1', '2025-12-31T23:59:00.000Z'],
      ['ours2', '2025-12-31T23:58:00.000Z'],
      ['ours4', '2025-12-31T23:56:00.000Z'],
    ]);
  });

  it('of a table without rows is nothing', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await readTableSummary(bed.db, nobody, request)).toEqual({
      ...{ rows: 0, filled: { contact_email: 0, client_page_info: 0 }, latest: [] },
    });
  });

  it('does not look at the rows of others', async () => {
    for (const plan of await plansOf(bed.databaseUrl, read)) {
      expect(plan).toContain('clients_by_change');
      expect(plan).not.toContain('Seq Scan');
    }
  });
});
