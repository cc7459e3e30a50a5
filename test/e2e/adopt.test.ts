import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guideTables } from '../store/adopted.js';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';

const program = fileURLToPath(new URL('../../apps/cli/dist/bundle.js', import.meta.url));

let bed: TestBed;
let firm: Firm;
beforeAll(async () => {
  bed = await createTestBed({ empty: true, schema: 'crm' });
  // Wide enough for the vendor's values, so that what arrives can be compared with what was sent.
  await sql
    .raw(`${guideTables} alter table exchanges alter start_date type timestamptz;
    alter table contacts alter first_name type varchar(60), alter phone type varchar(60);
    alter table tasks alter title type varchar(200);`)
    .execute(bed.db);
});
afterAll(() => (firm === undefined ? bed.close() : firm.close()));

/** Runs `syncline …` as an operator does. */
async function syncline(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { PATH } = process.env;
  const { DATABASE_URL, SYNCLINE_DATABASE_SCHEMA } = bed.environment;
  const child = spawn(process.execPath, [program, ...args], { env: { PATH, DATABASE_URL, SYNCLINE_DATABASE_SCHEMA } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

type Row = Record<string, unknown>;

/** The user's own rows, with Postgres' marks of having been touched. */
async function ownRows(): Promise<Row[]> {
  const of = async (table: string, key: string) =>
    (
      await sql<Row>`select t.*, xmin::text, ctid::text from ${sql.table(table)} t where ${sql.id(key)} is null order by id`.execute(
        bed.db,
      )
    ).rows;
  const users = await sql<Row>`select u.*, xmin::text from users u`.execute(bed.db);
  return [
    ...(await of('contacts', 'pp_contact_id')),
    ...(await of('exchanges', 'pp_matter_id')),
    ...(await of('tasks', 'pp_task_id')),
    ...users.rows,
  ];
}

describe('a database of somebody who has followed the guide, in a schema of his own', () => {
  it('cannot be migrated, shows what adopting would do, and is adopted', async () => {
    expect(await syncline('migrate')).toMatchObject({ code: 2, stderr: expect.stringMatching(/npm run adopt/) });

    await sql`alter type exchange_status rename value '45D' to 'FORTY_FIVE'`.execute(bed.db);
    await sql`create table sync_logs (id uuid primary key, triggered_by uuid references users (id))`.execute(bed.db);
    const blocked = await syncline('adopt');
    expect(blocked).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/In the way:\n {2}sync_logs .*\n.*\n {2}exchanges\.status .*'45D'/),
    });
    expect(blocked.stdout).toMatch(/alter type exchange_status add value '45D';.*Nothing was changed\.\n$/s);
    await sql`alter type exchange_status rename value 'FORTY_FIVE' to '45D'`.execute(bed.db);
    await sql`alter table sync_logs rename to sync_logs_before`.execute(bed.db);

    const dry = await syncline('adopt', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^-- .*alter table "contacts"\n {2}add column/s),
    });
    expect(await sql`select to_regclass('sync_jobs') as jobs`.execute(bed.db)).toMatchObject({
      rows: [{ jobs: null }],
    });

    const done = await syncline('adopt', '--schema', 'crm');
    expect(done).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/crm can be synced into now: contacts, exchanges, tasks/),
    });
    expect(done.stdout).toMatch(/Your table users is not touched/);
    expect(await syncline('migrate')).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
  });

  it('gets a real sync: whole, with what a script left taken over and what is its own untouched', async () => {
    firm = await createFirm({ contacts: 150 }, {}, bed);
    await firm.startWorker();
    const { store } = firm.simulator;
    const [known = '', long = ''] = store.ids('contacts');
    await sql`update contacts set pp_contact_id = ${known} where pp_contact_id = 'pp-1'`.execute(bed.db);
    await sql`insert into contacts (first_name, pp_contact_id) values ('Gone since', 'a-contact-that-was-deleted')`.execute(
      bed.db,
    );
    store.set('contacts', long, { fields: { first_name: 'x'.repeat(61) } });
    const { rows: scripts } = await sql<Row>`select id from contacts where pp_contact_id = ${known}`.execute(bed.db);
    const before = await ownRows();
    expect(before).toHaveLength(6);

    const job = await firm.sync('full');
    expect(job.status).toBe('partial');
    const { recordsRead, recordsCreated, recordsUpdated, recordsFailed, recordsDeleted } = entityOf(job, 'contacts');
    expect({ recordsRead, recordsCreated, recordsUpdated, recordsFailed, recordsDeleted }).toEqual({
      ...{ recordsRead: 150, recordsCreated: 148, recordsUpdated: 1, recordsFailed: 1, recordsDeleted: 1 },
    });
    expect(await bed.db.selectFrom('sync_failed_items').selectAll().execute()).toMatchObject([
      { entity: 'contacts', vendor_id: long, error_code: 'RECORD_UNSTORABLE', message: expect.stringMatching(/22001/) },
    ]);
    const { rows: taken } = await sql<Row>`select id from contacts where pp_contact_id = ${known}`.execute(bed.db);
    expect(taken).toEqual(scripts);
    expect(await ownRows()).toEqual(before);

    firm.simulator.clock.advance(3_600);
    store.set('contacts', long, { fields: { first_name: 'Short' }, touch: true });
    expect((await firm.sync('full')).status).toBe('succeeded');
    // Rows of his own have no vendor id: they are all under `null` there.
    await expectTruth(bed, firm.simulator, new Set(['null']));
    expect(await ownRows()).toEqual(before);
    const { rows } =
      await sql<Row>`select status::text, count(*) from exchanges where pp_matter_id is not null group by 1`.execute(
        bed.db,
      );
    expect(rows.map((row) => row['status'])).toEqual(expect.arrayContaining(['PENDING', 'COMPLETED']));
    const { rows: elsewhere } = await sql`select from pg_class where relnamespace = 'public'::regnamespace`.execute(
      bed.db,
    );
    expect(elsewhere).toEqual([]);
  });
});
