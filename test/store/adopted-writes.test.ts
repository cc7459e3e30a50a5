import { ensureConnection, ensureOrganization, takeOverRows } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPlace, guideTables, type Place } from './adopted.js';
import { createScene, marks, type Row, record, type Scene } from './scene.js';

let bed: TestBed;
const places: Place[] = [];
beforeAll(async () => {
  bed = await createTestBed({ empty: true });
});
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
});
afterAll(() => bed.close());

/** Somebody's database after `syncline adopt`, with a connection and a job. */
async function adopted(statements = ''): Promise<{ place: Place; scene: Scene }> {
  const place = await createPlace(bed, `${guideTables} ${statements}`);
  places.push(place);
  expect((await place.adopt()).obstacles).toEqual([]);
  return { place, scene: await createScene(place, ['accounts', 'contacts', 'matters', 'tasks']) };
}

/** All rows of a table that a connection does not have, with the marks of having been touched. */
async function unowned({ db }: Place, table: string): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select *, xmin::text, ctid::text from ${sql.table(table)} where connection_id is null order by id`.execute(db);
  return rows;
}

describe('columns with types of the user', () => {
  const odd = `
    create domain short as varchar(12);
    alter table contacts alter last_name type short, alter phone type char(5), alter address type json;
    create table accounts (id uuid primary key default gen_random_uuid(), address text, company_name varchar(50));
    alter table tasks alter due_date type timestamp(0), alter status type exchange_status using null;
    alter type exchange_status add value 'IN_PROGRESS'; alter type exchange_status add value 'CANCELLED';
    alter type exchange_status add value 'ON_HOLD';`;

  it('are written, linked and found unchanged, with what they cannot hold as was said', async () => {
    const { place, scene } = await adopted(odd);
    const account = record('a', { company_name: 'Acme', address: { street_1: 'Main St 1', zip_code: '07302' } });
    const contact = record('c', { pp_account_id: 'a', is_primary: true, last_name: 'Wren', phone: '12' });
    const at = '2025-06-01T23:30:00.600Z';
    const matter = record('m', { pp_account_id: 'a', status: '45D', start_date: at, exchange_value: '1000.125' });
    const task = record('t', { pp_matter_id: 'm', status: 'ON_HOLD', due_date: at, title: 'Call' });
    // Children first: they are linked, and take over what they take over, when their parents arrive.
    await scene.write('contacts', [contact]);
    await scene.write('matters', [matter]);
    await scene.write('accounts', [account]);
    await scene.write('tasks', [task]);

    const { rows } = await sql<Row>`
      select c.company, c.address->>'zip_code' as zip, c.address::text = a.address as alike, c.phone,
        e.status::text as status, e.start_date::text as start_date, e.exchange_value::text as value,
        e.client_id = c.id as client, t.status::text as task_status, t.due_date::text as due, t.exchange_id = e.id as linked
      from contacts c, accounts a, exchanges e, tasks t
      where c.pp_contact_id = 'c' and e.pp_matter_id = 'm' and t.pp_task_id = 't'`.execute(place.db);
    expect(rows).toEqual([
      {
        ...{ company: 'Acme', zip: '07302', alike: true, phone: '12   ', status: '45D', client: true, linked: true },
        ...{ start_date: '2025-06-01', value: '1000.13', task_status: 'ON_HOLD', due: '2025-06-01 23:30:01' },
      },
    ]);
    const all = { accounts: account, contacts: contact, matters: matter, tasks: task };
    for (const entity of ['accounts', 'contacts', 'matters', 'tasks'] as const) {
      const before = marks(await scene.rows(entity));
      expect(await scene.write(entity, [all[entity]]), entity).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
      // Not even locked: what was stored is what would be stored again.
      expect(marks(await scene.rows(entity)), entity).toEqual(before);
    }
    const moved = { ...account, values: { ...account.values, address: { street_1: 'Elm St 2' } } };
    await scene.write('accounts', [moved]);
    expect((await scene.rows('contacts'))['c']).toMatchObject({ address: { street_1: 'Elm St 2' } });
  });

  it.each(['json', 'text'])('of a parent are taken over as what was declared: %s', async (type) => {
    const { scene } = await adopted(
      `create table accounts (id uuid primary key default gen_random_uuid(), address ${type});`,
    );
    const account = record('a', { address: { street_1: 'Main St 1' } });
    await scene.write('contacts', [record('early', { pp_account_id: 'a' })]);
    await scene.write('accounts', [account]);
    await scene.write('contacts', [record('late', { pp_account_id: 'a' })]);
    const address = { street_1: 'Main St 1' };
    expect(await scene.rows('contacts')).toMatchObject({ early: { address }, late: { address } });
    expect(await scene.write('contacts', [record('late', { pp_account_id: 'a' })])).toMatchObject({ unchanged: 1 });
  });

  it('refuse single records: they become failed items and the rest is written', async () => {
    const { scene } = await adopted();
    const matters = [
      record('fits', { status: 'PENDING', exchange_value: '12.50', name: 'fits' }),
      record('word', { status: 'Reopened' }),
      record('large', { exchange_value: '99999999999999999999' }),
      record('long', { name: 'x'.repeat(256) }),
      ...Array.from({ length: 5 }, (_, i) => record(`m${i}`, { name: `Matter ${i}` })),
    ];
    expect(await scene.write('matters', matters)).toMatchObject({ created: 6, failed: 3 });
    const failed = (await scene.failedItems('matters')).map((item) => [item['vendor_id'], item['error_code']]);
    expect(failed).toEqual(['large', 'long', 'word'].map((id) => [id, 'RECORD_UNSTORABLE']));
  });
});

describe('rows that a script has left behind', () => {
  it('are taken over by the first sync, and the user’s own are not touched', async () => {
    const { place, scene } = await adopted();
    const mine = (await unowned(place, 'contacts')).filter((row) => row['pp_contact_id'] === null);
    const deals = await unowned(place, 'exchanges');
    await scene.write('matters', [record('m', { pp_account_id: 'a' })]);
    const script = (await unowned(place, 'contacts')).find((row) => row['pp_contact_id'] === 'pp-1');
    const people = [record('pp-1', { first_name: 'From the vendor' }), record('pp-2', { first_name: 'New' })];
    expect(await scene.write('contacts', people)).toMatchObject({ created: 1, updated: 1 });

    const rows = await scene.rows('contacts');
    expect(rows['pp-1']).toMatchObject({
      ...{ id: script?.['id'], first_name: 'From the vendor', organization_id: scene.connection.organizationId },
    });
    expect(await unowned(place, 'contacts')).toEqual(mine);
    // One of them is his client's whom the script has written, and stays so.
    expect(await unowned(place, 'exchanges')).toEqual(deals);
    expect(await scene.write('contacts', people)).toMatchObject({ unchanged: 2 });
  });

  it('count as unchanged if they are what the vendor has', async () => {
    const { scene } = await adopted("update contacts set first_name = 'Same' where pp_contact_id = 'pp-1'");
    const same = record('pp-1', { first_name: 'Same' }, null, { id: 'pp-1' });
    expect(await scene.write('contacts', [same])).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
  });

  it('that come a second time, from a script that still runs, are left alone', async () => {
    const { place, scene } = await adopted();
    await scene.write('contacts', [record('pp-1', { first_name: 'One' })]);
    await sql`insert into contacts (first_name, pp_contact_id) values ('Two', 'pp-1')`.execute(place.db);
    expect(await scene.write('contacts', [record('pp-1', { first_name: 'One, edited' })])).toMatchObject({
      updated: 1,
    });
    const left = (await unowned(place, 'contacts')).map((row) => row['first_name']);
    expect(left.sort()).toEqual(['Also mine', 'Mine', 'Two']);
  });

  it('and that the vendor does not have are candidates of a sweep, the user’s own are none', async () => {
    const { place, scene } = await adopted("insert into contacts (pp_contact_id) values ('gone')");
    const target = scene.target('contacts');
    expect(await takeOverRows(place.db, target)).toBe(2);
    expect(await takeOverRows(place.db, target)).toBe(0);
    const { rows } = await sql<Row>`
      select pp_contact_id from contacts where connection_id = ${scene.connection.id} and last_sync_at < now()
      order by 1`.execute(place.db);
    expect(rows).toEqual([{ pp_contact_id: 'gone' }, { pp_contact_id: 'pp-1' }]);
    expect(await unowned(place, 'contacts')).toHaveLength(2);
  });

  it('are nobody’s while two organizations have connections to the vendor', async () => {
    const { place, scene } = await adopted();
    const organizationId = await ensureOrganization(place.db, 'another', 'Another firm');
    const given = { organizationId, connector: 'practicepanther', name: 'x', settings: {}, credentials: {} };
    await ensureConnection(place.db, scene.vault, given);
    expect(await takeOverRows(place.db, scene.target('contacts'))).toBe(0);
    expect(await scene.write('contacts', [record('pp-1', { first_name: 'Mine' })])).toMatchObject({ created: 1 });
    expect(await unowned(place, 'contacts')).toHaveLength(3);
  });
});

it('a column of an adopted table that gets a type nothing fits stops the entity, not the others', async () => {
  const { place, scene } = await adopted();
  await sql`alter table contacts alter first_name type int using null`.execute(place.db);
  const again = await createScene(place, ['contacts', 'tasks']);
  await expect(again.write('contacts', [record('c', { first_name: 'Ann' })])).rejects.toMatchObject({
    code: 'TARGET_SCHEMA',
  });
  expect(await again.write('tasks', [record('t', { title: 'Call' })])).toMatchObject({ created: 1 });
  expect(scene.jobId).not.toBe(again.jobId);
});
