import { commitPages } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, marks, page, record, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const monday = '2025-06-02T10:00:00.000Z';
const tuesday = '2025-06-03T10:00:00.000Z';

const waiting = async ({ db }: TestBed) => {
  const { rows } = await sql<{ count: number }>`select count(*) from pg_locks
    where not granted and (database is null or database = (select oid from pg_database where datname = current_database()))
  `.execute(db);
  return rows[0]?.count ?? 0;
};

describe('a page', () => {
  it('counts what it created, updated and left alone', async () => {
    const first = [record('a', { name: 'A' }, monday), record('b', { name: 'B' }, monday)];
    expect(await scene.write('matters', first)).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
      failed: 0,
      deleted: 0,
      along: [],
      alongFailed: 0,
      standing: 'live',
    });
    const second = [record('a', { name: 'A' }, monday), record('b', { name: 'B2' }, tuesday), record('c')];
    expect(await scene.write('matters', second)).toMatchObject({ created: 1, updated: 1, unchanged: 1, failed: 0 });
    expect(await scene.progress('matters')).toMatchObject({
      pages: 2,
      records_read: 5,
      records_created: 3,
      records_updated: 1,
      records_unchanged: 1,
      records_failed: 0,
    });
  });

  it('may be empty', async () => {
    expect(await scene.write('matters', [])).toMatchObject({ created: 0, updated: 0, unchanged: 0, failed: 0 });
    expect(await scene.progress('matters')).toMatchObject({ pages: 1, records_read: 0 });
  });

  it('brings every type of column as it is', async () => {
    const values = {
      name: 'O\'Brien "& sons" \\ {a,b} 😀',
      status: '',
      start_date: monday,
      exchange_value: '9007199254740993.10',
      notes: null,
    };
    await scene.write('matters', [record('a', values, monday)]);
    await scene.write('contacts', [record('c', { is_primary: true, email: undefined })]);
    await scene.write('accounts', [record('x', { address: { city: 'Cork', list: [1, null] }, tags: [] })]);
    const { a } = await scene.rows('matters');
    expect(a).toMatchObject({
      ...values,
      start_date: new Date(monday),
      source_updated_at: new Date(monday),
      organization_id: scene.connection.organizationId,
      connection_id: scene.connection.id,
      deleted_at: null,
      sync_flags: null,
    });
    expect(a?.['pp_data']).toEqual({ id: 'a', ...values });
    expect((await scene.rows('contacts'))['c']).toMatchObject({ is_primary: true, email: null });
    expect((await scene.rows('accounts'))['x']).toMatchObject({ address: { city: 'Cork', list: [1, null] }, tags: [] });
  });

  it('keeps the doubts about a record beside it', async () => {
    const flags = [{ field: 'status', code: 'UNKNOWN_VALUE', value: 'Dreaming' }];
    await scene.write('matters', [{ ...record('a'), flags }]);
    expect((await scene.rows('matters'))['a']?.['sync_flags']).toEqual(flags);
    expect(await scene.write('matters', [record('a')])).toMatchObject({ updated: 1 });
    expect((await scene.rows('matters'))['a']?.['sync_flags']).toBeNull();
  });

  it('belongs to its own connection, even where another has the same ids', async () => {
    const other = await createScene(bed);
    await scene.write('matters', [record('a', { name: 'ours' }, monday)]);
    expect(await other.write('matters', [record('a', { name: 'theirs' }, monday)])).toMatchObject({ created: 1 });
    expect((await scene.rows('matters'))['a']).toMatchObject({ name: 'ours' });
  });
});

describe('an unchanged row', () => {
  it.each(['matters', 'contacts'] as const)('is not written again, nor even locked: %s', async (entity) => {
    const time = entity === 'matters' ? monday : null;
    const records = Array.from({ length: 20 }, (_, i) => record(`r${i}`, { status: 'x' }, time));
    await scene.write(entity, records);
    const before = marks(await scene.rows(entity));
    expect(await scene.write(entity, records)).toMatchObject({ created: 0, updated: 0, unchanged: 20 });
    expect(marks(await scene.rows(entity))).toEqual(before);
  });

  it('is one that is the same as JSON, whatever the order of its keys', async () => {
    await scene.write('accounts', [record('a', {}, null, { x: 1.5, y: [2] })]);
    expect(await scene.write('accounts', [record('a', {}, null, { y: [2], x: 1.5 })])).toMatchObject({ unchanged: 1 });
  });

  it('is changed as soon as the untouched record is, even where no column shows it', async () => {
    await scene.write('matters', [record('a', { name: 'A' }, monday, { id: 'a', rate: 1 })]);
    expect(await scene.write('matters', [record('a', { name: 'A' }, monday, { id: 'a', rate: 2 })])).toMatchObject({
      updated: 1,
    });
    expect((await scene.rows('matters'))['a']?.['pp_data']).toEqual({ id: 'a', rate: 2 });
  });
});

describe('a version', () => {
  const nameAfter = async (...versions: [string, string | null][]) => {
    for (const [name, time] of versions) await scene.write('matters', [record('a', { name }, time)]);
    return (await scene.rows('matters'))['a']?.['name'];
  };

  it('replaces an older one', async () => {
    expect(await nameAfter(['old', monday], ['new', tuesday])).toBe('new');
  });

  it('never replaces a newer one, and leaves its row untouched', async () => {
    await scene.write('matters', [record('a', { name: 'new' }, tuesday)]);
    const before = marks(await scene.rows('matters'));
    expect(await scene.write('matters', [record('a', { name: 'old' }, monday)])).toMatchObject({ unchanged: 1 });
    expect(marks(await scene.rows('matters'))).toEqual(before);
    expect((await scene.rows('matters'))['a']).toMatchObject({ name: 'new', source_updated_at: new Date(tuesday) });
  });

  it('replaces another of the very same time', async () => {
    expect(await nameAfter(['first', monday], ['second', monday])).toBe('second');
  });

  describe('of the same time as another', () => {
    const noon = new Date('2025-06-03T12:00:00.000Z');
    const later = (ms: number) => new Date(noon.getTime() + ms);
    const take = async (name: string, asOf: Date, time: string | null = monday) =>
      scene.write('matters', [record('a', { name }, time)], { asOf });
    const row = async () => (await scene.rows('matters'))['a'];

    it('replaces it if it was asked for later, and is passed over untouched if it was asked for earlier', async () => {
      await take('first', noon);
      expect(await take('refetched', later(1))).toMatchObject({ updated: 1 });
      const before = marks(await scene.rows('matters'));
      expect(await take('of a page from before', noon)).toMatchObject({ updated: 0, unchanged: 1 });
      expect(marks(await scene.rows('matters'))).toEqual(before);
      expect(await row()).toMatchObject({ name: 'refetched', last_sync_at: later(1) });
    });

    it('replaces it if both were asked for at once, however often, and each is seen to be written', async () => {
      for (const name of ['first', 'second', 'third']) {
        const before = await row();
        await take(name, noon);
        const after = await row();
        expect(after).toMatchObject({ name });
        const { rows } = await sql<{ moved: boolean }>`select last_sync_at > ${noon}::timestamptz as moved
          from exchanges where connection_id = ${scene.connection.id}`.execute(bed.db);
        expect(rows).toEqual([{ moved: before !== undefined }]);
      }
    });

    it('is passed over also by the statement for a first load', async () => {
      await take('refetched', later(1));
      const run = await scene.claim('matters');
      const stale = { ...page([record('a', { name: 'stale' }, monday)], run.pages), asOf: noon };
      expect(await commitPages(bed.db, scene.target('matters', true), run, stale)).toMatchObject({ unchanged: 1 });
      expect(await row()).toMatchObject({ name: 'refetched' });
    });

    it('goes by the later request, also where another has waited for the row meanwhile', async () => {
      await take('first', noon);
      const run = await scene.claim('matters');
      let late: Promise<unknown> | undefined;
      await bed.db.transaction().execute(async (trx) => {
        await sql`update exchanges set name = 'refetched', last_sync_at = ${later(2)}
          where connection_id = ${scene.connection.id}`.execute(trx);
        late = scene.commit(run, [record('a', { name: 'stale' }, monday)], { asOf: later(1) });
        await eventually('the page to wait for the row', async () => (await waiting(bed)) > 0);
      });
      expect(await late).toMatchObject({ updated: 0, unchanged: 1 });
      expect(await row()).toMatchObject({ name: 'refetched' });
    });

    it('does not revive a row that was found gone since it was asked for, but one from after that does', async () => {
      await take('A', noon);
      const run = await scene.claim('matters');
      const gone = { vendorIds: ['a'], asOf: later(5) };
      expect(await scene.commit(run, [], { gone, asOf: later(5) })).toMatchObject({ deleted: 1 });
      expect(await take('A', later(4))).toMatchObject({ unchanged: 1 });
      expect(await row()).toMatchObject({ deleted_at: expect.any(Date) });
      expect(await take('A', later(6))).toMatchObject({ updated: 1 });
      expect(await row()).toMatchObject({ deleted_at: null });
    });

    it('does not go by requests where the times differ, or where there are none', async () => {
      await take('new', noon, tuesday);
      await take('old', later(1), monday);
      expect(await row()).toMatchObject({ name: 'new' });
      await take('newer', later(-1), '2025-06-04T10:00:00.000Z');
      expect(await row()).toMatchObject({ name: 'newer' });
      await take('timeless', later(-2), null);
      await take('timed', later(-3), monday);
      expect(await row()).toMatchObject({ name: 'timed' });
    });

    it('is not hindered by a link that its row got meanwhile', async () => {
      const child = (name: string) => record('a', { name, pp_account_id: 'acme' }, monday);
      await scene.write('matters', [child('first')], { asOf: noon });
      await scene.write('accounts', [record('acme')], { asOf: later(9) });
      expect(await row()).toMatchObject({ account_id: expect.any(String), last_sync_at: noon });
      await scene.write('matters', [child('second')], { asOf: later(1) });
      expect(await row()).toMatchObject({ name: 'second' });
    });
  });

  it('without a time replaces any, and is replaced by any', async () => {
    expect(await nameAfter(['timed', tuesday], ['timeless', null])).toBe('timeless');
    expect(await nameAfter(['timed again', monday])).toBe('timed again');
  });

  it('that comes in any order, and more than once, ends as the newest', async () => {
    const times = [0, 1, 2, 3, 4].map((hour) => `2025-06-02T0${hour}:00:00.000Z`);
    for (const order of [
      [4, 0, 1, 2, 3],
      [0, 4, 2, 4, 1],
      [3, 2, 4, 0, 0],
    ]) {
      const fresh = await createScene(bed);
      for (const i of order) await fresh.write('matters', [record('a', { name: `v${i}` }, times[i] ?? null)]);
      expect((await fresh.rows('matters'))['a']?.['name']).toBe('v4');
    }
  });
});

describe('a row that was marked deleted', () => {
  const markDeleted = () =>
    sql`update exchanges set deleted_at = now() where connection_id = ${scene.connection.id}`.execute(bed.db);

  it('comes back to life when it is seen again, unchanged as it may be', async () => {
    await scene.write('matters', [record('a', { name: 'A' }, monday)]);
    const { id } = (await scene.rows('matters'))['a'] ?? {};
    await markDeleted();
    expect(await scene.write('matters', [record('a', { name: 'A' }, monday)])).toMatchObject({ updated: 1 });
    expect((await scene.rows('matters'))['a']).toMatchObject({ id, deleted_at: null });
  });

  it('stays deleted on the word of an older version', async () => {
    await scene.write('matters', [record('a', { name: 'A' }, tuesday)]);
    await markDeleted();
    await scene.write('matters', [record('a', { name: 'old' }, monday)]);
    expect((await scene.rows('matters'))['a']).toMatchObject({ name: 'A', deleted_at: expect.any(Date) });
  });
});

describe('a record that comes twice in a page', () => {
  it('is written once, in its newest version, wherever that stands', async () => {
    const versions = [record('a', { name: 'new' }, tuesday), record('a', { name: 'old' }, monday)];
    for (const order of [versions, versions.toReversed()]) {
      const fresh = await createScene(bed);
      expect(await fresh.write('matters', [...order, record('b')])).toMatchObject({ created: 2, unchanged: 1 });
      expect((await fresh.rows('matters'))['a']).toMatchObject({ name: 'new' });
    }
  });

  it('is written as it came last, where there is no time', async () => {
    const twice = [record('c', { first_name: 'first' }), record('c', { first_name: 'last' })];
    expect(await scene.write('contacts', twice)).toMatchObject({ created: 1, unchanged: 1 });
    expect((await scene.rows('contacts'))['c']).toMatchObject({ first_name: 'last' });
  });

  it('is written as it came last, where the time of the last cannot be read: as if it had come in two pages', async () => {
    const versions = [record('a', { name: 'timed' }, monday), record('a', { name: 'unreadable' })];
    expect(await scene.write('matters', versions)).toMatchObject({ created: 1, unchanged: 1 });
    expect((await scene.rows('matters'))['a']).toMatchObject({ name: 'unreadable', source_updated_at: null });
  });
});

describe('the statement for a first load', () => {
  it('does the same as the other, also where rows are there already', async () => {
    const loads = [
      [record('a', { name: 'A' }, monday), record('b', { name: 'B' }, tuesday), record('c', {}, null)],
      [record('a', { name: 'A' }, monday), record('b', { name: 'old' }, monday), record('d', { name: 'D' }, monday)],
    ];
    const results = [];
    for (const firstLoad of [false, true]) {
      const fresh = await createScene(bed);
      const counts = [];
      for (const records of loads) {
        const run = await fresh.claim('matters');
        counts.push(await commitPages(bed.db, fresh.target('matters', firstLoad), run, page(records, run.pages)));
      }
      const rows = Object.entries(await fresh.rows('matters'));
      results.push({ counts, rows: rows.map(([id, row]) => [id, row['name'], row['source_updated_at']]).sort() });
    }
    expect(results[1]).toEqual(results[0]);
  });
});
