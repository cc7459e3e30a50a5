import { randomUUID } from 'node:crypto';
import type { SimulatorOptions } from '@syncline/connectors/notion/simulator';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAgencyOn } from './agency.js';

type Row = Record<string, unknown>;

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const openAgency = (options: SimulatorOptions = {}, more: Row = {}) => openAgencyOn(bed, options, more);

describe('an agency', () => {
  it('has its clients in the table, and another full sync writes nothing', async () => {
    const { simulator, sync, rows, changedAt } = await openAgency({ clients: 120 });
    const { store } = simulator;
    expect(await sync('full')).toMatchObject({ status: 'succeeded', records_created: 120 });
    const found = await rows();
    expect(Object.keys(found).sort()).toEqual(store.ids().sort());
    for (const { id, values, inTrash } of store.rows()) {
      const row = found[id];
      expect(row?.['name']).toBe((values.get('title') as { plain_text: string }[])[0]?.plain_text);
      expect(row?.['contact_email']).toBe(values.get('aB%3Dc'));
      const services = (values.get('Xy1%7D') as { name: string }[]).map(({ name }) => name);
      expect(row?.['products_services']).toBe(services.join(', ') || null);
      expect(row?.['deleted_at'] !== null).toBe(inTrash);
      expect(row?.['client_page_info'] === null).toBe(inTrash);
      expect(row?.['sync_flags']).toBeNull();
    }
    const slugs = Object.values(found).map((row) => String(row['slug']));
    expect(new Set(slugs).size).toBe(120);
    expect(slugs.filter((slug) => /-\d+$/.test(slug)).length).toBeGreaterThan(5);
    expect(JSON.stringify(found)).not.toContain('signature=');

    const since = await changedAt();
    expect(await sync('full')).toMatchObject({ records_created: 0, records_updated: 0, records_unchanged: 120 });
    expect(await rows()).toEqual(found);
    // What was found out about the database is not stored anew each time either.
    expect(await changedAt()).toEqual(since);
  });

  it('keeps the slug of a client that is renamed', async () => {
    const { simulator, sync, rows } = await openAgency({ clients: 4 });
    const { store } = simulator;
    const [first = '', second = ''] = [store.add('Café Müller'), store.add('Cafe Muller')];
    await sync('full');
    const slugs = async () => [(await rows())[first]?.['slug'], (await rows())[second]?.['slug']];
    const given = await slugs();
    expect(given.toSorted()).toEqual(['cafe-muller', 'cafe-muller-2']);
    store.rename(first, 'Konditorei');
    const third = store.add('Cafe Muller');
    expect(await sync('incremental')).toMatchObject({ mode: 'incremental', records_updated: 1, records_created: 1 });
    expect((await rows())[first]?.['name']).toBe('Konditorei');
    expect(await slugs()).toEqual(given);
    expect((await rows())[third]?.['slug']).toBe('cafe-muller-3');
  });

  it('has a slug of its own, however many have the same name', async () => {
    const { simulator, sync, rows } = await openAgency({ clients: 0 }, { pageBodies: 'never' });
    for (let i = 0; i < 70; i += 1) simulator.store.add('');
    expect(await sync('full')).toMatchObject({ records_created: 70, records_failed: 0 });
    const slugs = Object.values(await rows()).map((row) => String(row['slug']));
    expect(new Set(slugs).size).toBe(70);
    expect(slugs).toEqual(expect.arrayContaining(['client', 'client-2', 'client-50']));
    expect(slugs.filter((slug) => /^client-[0-9a-f]{8}$/.test(slug))).toHaveLength(20);
  });

  it('has a slug of its own also where two transactions add clients of one name at once, and neither fails', async () => {
    const connectionId = randomUUID();
    const add = (trx: typeof bed.db, page: string) =>
      sql`insert into clients (organization_id, connection_id, notion_page_id, name, slug, notion_data)
        values (${randomUUID()}, ${connectionId}, ${page}, 'Acme', 'acme', '{}')`.execute(trx);
    let second: Promise<unknown> | undefined;
    await bed.db.transaction().execute(async (trx) => {
      await add(trx, 'first');
      second = bed.db.transaction().execute((other) => add(other, 'second'));
      await eventually('the second to wait for the first', async () => {
        const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`.execute(bed.db);
        return rows.length > 0;
      });
    });
    await second;
    const { rows } = await sql<Row>`select notion_page_id as page, slug from clients
      where connection_id = ${connectionId} order by 1`.execute(bed.db);
    expect(rows).toEqual([
      { page: 'first', slug: 'acme' },
      { page: 'second', slug: 'acme-2' },
    ]);
  });

  it('marks who is in the trash or not shared any more, and takes the mark away', async () => {
    const { simulator, sync, rows } = await openAgency({ clients: 12 });
    const { store, clock } = simulator;
    await sync('full');
    const [trashed = '', hidden = ''] = store.ids();
    const text = (await rows())[trashed]?.['client_page_info'];
    clock.advance(600);
    store.trash(trashed);
    store.share(hidden, false);
    const deleted = async () => {
      const found = await rows();
      return [trashed, hidden].map((id) => found[id]?.['deleted_at'] !== null);
    };
    await sync('incremental');
    expect(await deleted()).toEqual([true, false]);
    expect(await sync('full')).toMatchObject({ status: 'succeeded', records_deleted: 1 });
    expect(await deleted()).toEqual([true, true]);
    expect((await rows())[trashed]?.['client_page_info']).toBe(text);
    store.trash(trashed, false);
    store.share(hidden, true);
    await sync('full');
    expect(await deleted()).toEqual([false, false]);
  });
});

describe('a weekend', () => {
  it('is not lost: what is edited on Friday night comes with the first sync of Monday', async () => {
    const { simulator, sync, rows } = await openAgency({ clients: 4 });
    const { store, clock } = simulator;
    const [edited = '', same = ''] = store.ids();
    const hour = 3_600;
    // Friday at five, when the week's last sync is due. Monday at nine is now.
    clock.advance(-64 * hour);
    await sync('full');
    clock.advance(5 * hour);
    store.set(edited, 'Contact Email', 'friday@night.example');
    clock.advance(59 * hour);
    const monday = await sync('incremental');
    expect(monday).toMatchObject({ mode: 'incremental', records_updated: 1, records_created: 0 });
    const found = await rows();
    expect(found[edited]?.['contact_email']).toBe('friday@night.example');
    expect(found[same]?.['contact_email']).not.toBe('friday@night.example');
    // The last two hours alone would not have had it.
    expect(clock.nowMs() - store.row(edited).editedMs).toBeGreaterThan(2 * hour * 1_000);
  });
});

describe('the properties of a database', () => {
  it('are chosen once, and go on by their ids', async () => {
    const { simulator, sync, rows, settings } = await openAgency({ clients: 5 });
    const { store } = simulator;
    await sync('full');
    const { database } = await settings();
    expect(database).toMatchObject({
      dataSourceId: store.agency.sources[0]?.id,
      properties: { contact_email: { id: 'aB%3Dc', name: 'Contact Email', type: 'email' } },
      drift: [],
    });
    const before = await rows();
    store.renameProperty('Contact Email', 'Old Mail');
    store.addProperty({ id: 'new', name: 'Contact Email', type: 'email' });
    await sync('full');
    for (const [id, row] of Object.entries(await rows()))
      expect(row['contact_email']).toBe(before[id]?.['contact_email']);
    expect((await settings()).database?.drift).toEqual([
      'the property "Contact Email" for contact_email is called "Old Mail" now',
    ]);
  });

  it('that are removed leave what they gave, and say so; the next full sync writes nothing', async () => {
    const { simulator, sync, rows, settings, change } = await openAgency({ clients: 12 });
    const { store } = simulator;
    await sync('full');
    const before = await rows();
    store.removeProperty('Contact Email');
    await sync('full');
    for (const [id, row] of Object.entries(await rows())) {
      expect(row['contact_email']).toBe(before[id]?.['contact_email']);
      expect(row['sync_flags']).toEqual([{ field: 'contact_email', code: 'MISSING', value: 'Contact Email' }]);
    }
    expect((await settings()).database?.drift).toHaveLength(1);
    expect(await sync('full')).toMatchObject({ records_updated: 0, records_unchanged: 12 });

    await change({ columns: { contact_email: 'Billing Email' } });
    await sync('full');
    for (const row of Object.values(await rows())) {
      expect(row['contact_email']).toMatch(/^billing@/);
      expect(row['sync_flags']).toBeNull();
    }
    expect((await settings()).database?.drift).toEqual([]);
  });
});

describe('a database that cannot be read', () => {
  it('of several data sources asks for one of them', async () => {
    const { simulator, sync, change, status } = await openAgency({ clients: 3, dataSources: 2 });
    const [first, second] = simulator.store.agency.sources;
    const run = await sync('full');
    expect(run).toMatchObject({ status: 'failed', error_code: 'CONNECTION_SETTINGS_INVALID' });
    expect(run['error_message']).toContain(`Clients (${first?.id}), Clients 2 (${second?.id})`);
    await change({ dataSourceId: first?.id });
    expect(await sync('full')).toMatchObject({ status: 'succeeded', records_created: 3 });
    expect(await status()).toBe('active');
  });

  it('gives way to another one, which is read in full however new the watermark', async () => {
    const { simulator, sync, rows, change } = await openAgency({ clients: 12, dataSources: 2 }, { sweepMaxShare: 1 });
    const { store } = simulator;
    const [first, second] = store.agency.sources;
    await change({ dataSourceId: first?.id });
    await sync('full');
    const [old = '', ...others] = store.ids();
    for (const id of others) {
      const { editedMs } = store.row(id);
      store.move(id, second?.id ?? '');
      store.row(id).editedMs = editedMs;
    }
    await change({ dataSourceId: second?.id });
    // Not by the watermark, which says nothing about this one: the run begins anew, in full.
    expect(await sync('incremental')).toMatchObject({ mode: 'full', status: 'succeeded', records_unchanged: 0 });
    const found = await rows();
    expect(found[old]?.['deleted_at']).not.toBeNull();
    expect(others.filter((id) => found[id] === undefined)).toEqual([]);
  });

  it('is not taken for another one by the watermark of that one, when the first full run has failed', async () => {
    const { simulator, sync, rows, change } = await openAgency({ clients: 12, dataSources: 2 }, { sweepMaxShare: 1 });
    const { store, faults } = simulator;
    const [first, second] = store.agency.sources;
    await change({ dataSourceId: first?.id });
    await sync('full');
    const [id = ''] = store.ids();
    const { editedMs } = store.row(id);
    store.move(id, second?.id ?? '');
    store.row(id).editedMs = editedMs;
    const name = 'Somebody else';
    await sql`update clients set name = ${name} where notion_page_id = ${id}`.execute(bed.db);
    await change({ dataSourceId: second?.id });
    faults.add({ match: { path: '/query' }, action: { status: 400, body: '{}' } });
    expect(await sync('full')).toMatchObject({ status: 'failed', pages: 0 });
    faults.clear();
    expect(await sync('incremental')).toMatchObject({ mode: 'full', status: 'succeeded' });
    expect((await rows())[id]?.['name']).not.toBe(name);
    expect(await sync('incremental')).toMatchObject({ mode: 'incremental' });
  });

  it('that has to be found anew may be another one, and is read in full', async () => {
    const { sync, forget } = await openAgency({ clients: 2 });
    await sync('full');
    await forget('database');
    expect(await sync('incremental')).toMatchObject({ mode: 'full', status: 'succeeded', records_unchanged: 2 });
  });

  it('to its end because a cursor leads back to itself is no complete one (U8)', async () => {
    const { simulator, sync, rows } = await openAgency({ clients: 3 });
    const body = JSON.stringify({ object: 'list', results: [], has_more: true, next_cursor: 'again' });
    simulator.faults.add({ match: { path: '/query' }, action: { status: 200, body } });
    expect(await sync('full')).toMatchObject({ status: 'partial', error_code: 'CURSOR_CYCLE' });
    simulator.faults.clear();
    expect(await sync('incremental')).toMatchObject({ mode: 'full' });
    expect(Object.keys(await rows())).toHaveLength(3);
  });

  it('any more deletes nothing, and says why', async () => {
    const { simulator, sync, rows, change } = await openAgency({ clients: 3 });
    await sync('full');
    simulator.faults.add({ match: { path: 'data_sources/' }, action: { status: 404 } });
    const run = await sync('full');
    expect(run).toMatchObject({ error_code: 'CONNECTION_SETTINGS_INVALID' });
    expect(run['error_message']).toContain('not shared');
    expect(Object.values(await rows()).every((row) => row['deleted_at'] === null)).toBe(true);
    simulator.faults.clear();
    await change({ columns: { status: 'No such property' } });
    expect((await sync('full'))['error_message']).toContain('columns.status');
  });
});
