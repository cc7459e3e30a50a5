import { parseJson } from '@syncline/connector-kit';
import { commitPages } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, page, record, rejected, type Scene } from './scene.js';

/** As users do it to tables of their own: a rule that records may break. */
const rules = `
  alter table exchanges add constraint no_ghosts check (name <> 'ghost');
  create function refuse_bad_tasks() returns trigger language plpgsql as $$
    begin
      if new.title = 'bad' then raise exception 'this firm has no bad tasks'; end if;
      if new.title = 'not now' then raise exception 'come back later' using errcode = '40001'; end if;
      return new;
    end $$;
  create trigger no_bad_tasks before insert or update on tasks for each row execute function refuse_bad_tasks();
  alter table contacts add constraint short_company check (length(company) < 50);
  alter table accounts alter column company_name set not null;`;

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
  await sql.raw(rules).execute(bed.db);
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const hundred = (bad: ReadonlySet<number>) =>
  Array.from({ length: 100 }, (_, i) =>
    record(`m${String(i).padStart(3, '0')}`, { name: bad.has(i) ? 'ghost' : 'fine' }),
  );

const first = (count: number) => new Set(Array.from({ length: count }, (_, i) => i));
const every = (step: number) => new Set(Array.from({ length: Math.ceil(100 / step) }, (_, i) => i * step));

async function expectSum(entity: 'matters' | 'tasks' | 'accounts' | 'contacts'): Promise<void> {
  const run = await scene.progress(entity);
  const parts = ['created', 'updated', 'unchanged', 'failed'].map((part) => Number(run[`records_${part}`]));
  expect(run['records_read']).toBe(parts.reduce((sum, part) => sum + part, 0));
}

describe('one record of a hundred that Postgres refuses', () => {
  it.each([0, 1, 49, 50, 98, 99])('stands alone at place %i, and the others are written', async (place) => {
    const outcome = await scene.write('matters', hundred(new Set([place])));
    expect(outcome).toMatchObject({ created: 99, updated: 0, unchanged: 0, failed: 1 });
    const id = `m${String(place).padStart(3, '0')}`;
    const rows = await scene.rows('matters');
    expect(Object.keys(rows)).toHaveLength(99);
    expect(rows[id]).toBeUndefined();
    expect(await scene.failedItems('matters')).toMatchObject([
      {
        kind: 'record',
        vendor_id: id,
        payload: { id, name: 'ghost' },
        error_code: 'RECORD_UNSTORABLE',
        field: 'no_ghosts',
        message: expect.stringContaining('23514'),
        status: 'pending',
        attempts: 1,
        sync_job_id: scene.jobId,
        organization_id: scene.connection.organizationId,
      },
    ]);
    await expectSum('matters');
  });

  it('has company: every third of them, and eighty-nine', async () => {
    expect(await scene.write('matters', hundred(every(3)))).toMatchObject({ created: 66, failed: 34 });
    expect(await scene.write('matters', hundred(first(89)))).toMatchObject({ created: 4, unchanged: 7, failed: 89 });
    expect(await scene.failedItems('matters')).toHaveLength(93);
    expect(await scene.progress('matters')).toMatchObject({ pages: 2, records_read: 200, records_failed: 123 });
    await expectSum('matters');
  });

  it('stands beside one that was rejected before, and one that is unchanged', async () => {
    await scene.write('matters', [record('same', { name: 'same' })]);
    const records = [record('same', { name: 'same' }), record('ghost', { name: 'ghost' }), record('new')];
    const outcome = await scene.write('matters', records, { rejected: [rejected('odd'), rejected(undefined)] });
    expect(outcome).toMatchObject({ created: 1, updated: 0, unchanged: 1, failed: 3 });
    expect((await scene.failedItems('matters')).map((item) => item['vendor_id'])).toEqual(['ghost', 'odd', null]);
    await expectSum('matters');
  });
});

describe('a page of which Postgres refuses nearly everything', () => {
  it('stops the run instead of filling the failed items, and nothing of it is there', async () => {
    await scene.write('matters', [record('before')]);
    const run = await scene.claim('matters');
    const page = scene.commit(run, hundred(first(90)), { rejected: [rejected('odd')] });
    await expect(page).rejects.toMatchObject({
      code: 'TARGET_SCHEMA',
      message: 'matters: Postgres refused 90 of 100 records; the first: SQLSTATE 23514, no_ghosts',
    });
    expect(Object.keys(await scene.rows('matters'))).toEqual(['before']);
    expect(await scene.failedItems('matters')).toEqual([]);
    expect(await scene.progress('matters')).toMatchObject({ pages: 1, records_read: 1 });
  });

  it('is no page of nine records', async () => {
    const nine = hundred(first(9)).slice(0, 9);
    expect(await scene.write('matters', nine)).toMatchObject({ failed: 9 });
  });

  it.each([
    ['a trigger', 'tasks', { title: 'bad' }, 'SQLSTATE P0001, refuse_bad_tasks()'],
    ['a value that is none', 'matters', { exchange_value: 'S3CRET' }, 'SQLSTATE 22P02'],
    ['a column that must not be empty', 'accounts', { company_name: null }, 'SQLSTATE 23502, company_name'],
  ] as const)('is told of without any content: %s', async (_what, entity, values, cause) => {
    const ten = Array.from({ length: 10 }, (_, i) => record(`r${i}`, values));
    const error = await scene.write(entity, ten).catch((thrown: Error) => thrown);
    expect((error as Error).message).toBe(`${entity}: Postgres refused 10 of 10 records; the first: ${cause}`);
  });
});

describe('a table that is not the declared one any more', () => {
  it.each([
    ['a column is gone', 'alter table tasks rename column title to heading', '42703'],
    ['the table is gone', 'alter table tasks rename to chores', '42P01'],
    ['a column has another type', 'alter table tasks alter column due_date type text', '42883'],
  ])('ends the run, whatever the record: %s', async (_what, change, state) => {
    const other = await createTestBed();
    try {
      const changed = await createScene(other);
      await sql.raw(change).execute(other.db);
      const written = changed.write('tasks', [record('t', { title: 'fine' })]);
      await expect(written).rejects.toMatchObject({
        code: 'TARGET_SCHEMA',
        message: expect.stringContaining(`(${state})`),
      });
      expect(await changed.failedItems('tasks')).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('what Postgres objects to', () => {
  it.each([
    ['a trigger', 'tasks', { title: 'bad' }, 'P0001', null],
    ['a column that must not be empty', 'accounts', { company_name: null }, '23502', 'company_name'],
    ['a time out of range', 'tasks', { due_date: '300000-01-01T00:00:00Z' }, '22', null],
    ['a number that is none', 'matters', { exchange_value: 'NaN-ish' }, '22P02', null],
    ['a number out of range', 'matters', { exchange_value: '1e200000' }, '22003', null],
  ] as const)('is told: %s', async (_what, entity, values, state, field) => {
    const fine = { company_name: 'A', title: 'fine' };
    const good = Object.fromEntries(
      Object.entries(fine).filter(([column]) => column in values || entity === 'accounts'),
    );
    const outcome = await scene.write(entity, [record('good', good), record('wrong', values)]);
    expect(outcome).toMatchObject({ created: 1, failed: 1 });
    expect(await scene.failedItems(entity)).toMatchObject([
      { vendor_id: 'wrong', error_code: 'RECORD_UNSTORABLE', field, message: expect.stringContaining(`(${state}`) },
    ]);
  });

  it('may be a change to rows that hang on the record: then it is the record that fails', async () => {
    await scene.write('accounts', [record('acme', { company_name: 'Acme' }), record('bolt', { company_name: 'Bolt' })]);
    await scene.write('contacts', [
      record('maria', { pp_account_id: 'acme' }),
      record('max', { pp_account_id: 'bolt' }),
    ]);
    const outcome = await scene.write('accounts', [
      record('acme', { company_name: 'A'.repeat(60) }),
      record('bolt', { company_name: 'Bolt & Sons' }),
    ]);
    expect(outcome).toMatchObject({ updated: 1, failed: 1 });
    expect((await scene.rows('accounts'))['acme']).toMatchObject({ company_name: 'Acme' });
    const contacts = await scene.rows('contacts');
    expect(contacts['maria']).toMatchObject({ company: 'Acme' });
    expect(contacts['max']).toMatchObject({ company: 'Bolt & Sons' });
    expect(await scene.failedItems('accounts')).toMatchObject([{ vendor_id: 'acme', field: 'short_company' }]);
  });
});

describe('a record that jsonb itself cannot hold', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
  const { value: endless } = parseJson('{"id":"odd","rate":1e200000}');

  it('is kept as text, and does not stop its page', async () => {
    const records = [record('good', { name: 'fine' }), record('odd', {}, null, endless)];
    expect(await scene.write('matters', records, { lossless: true })).toMatchObject({ created: 1, failed: 1 });
    expect(await scene.failedItems('matters')).toMatchObject([
      { vendor_id: 'odd', payload: '{"id":"odd","rate":1e200000}', error_code: 'RECORD_UNSTORABLE' },
    ]);
  });

  it('is kept as text also when it was rejected before it came here', async () => {
    const odd = { ...rejected('odd'), raw: endless };
    const outcome = await scene.write('matters', [record('good')], {
      rejected: [odd, rejected('plain')],
      lossless: true,
    });
    expect(outcome).toMatchObject({ created: 1, failed: 2 });
    expect(await scene.failedItems('matters')).toMatchObject([
      { vendor_id: 'odd', payload: '{"id":"odd","rate":1e200000}' },
      { vendor_id: 'plain', payload: { id: 'plain', name: 7 } },
    ]);
  });

  it.each([20_000, 200_000])('is kept without its inside when that is %i levels deep', async (levels) => {
    const records = [record('good'), record('deep', {}, null, deep(levels))];
    expect(await scene.write('matters', records)).toMatchObject({ created: 1, failed: 1 });
    expect(await scene.failedItems('matters')).toMatchObject([{ vendor_id: 'deep', error_code: 'RECORD_UNSTORABLE' }]);
  });
});

describe('what is no fault of the record', () => {
  it('is thrown even while the culprits are looked for, and nothing of the page is there', async () => {
    const page = [record('a', { title: 'fine' }), record('b', { title: 'bad' }), record('c', { title: 'not now' })];
    await expect(scene.write('tasks', page)).rejects.toMatchObject({ code: '40001' });
    expect(await scene.rows('tasks')).toEqual({});
    expect(await scene.failedItems('tasks')).toEqual([]);
  });

  it('is thrown, and nothing of the page is there', async () => {
    const run = await scene.claim('matters');
    const target = scene.target('matters');
    const broken = { ...target, sql: { ...target.sql, upsert: 'selec' } };
    await expect(commitPages(bed.db, broken, run, page([record('a')]))).rejects.toThrow('syntax error');
    expect(await scene.rows('matters')).toEqual({});
    expect(await scene.progress('matters')).toMatchObject({ pages: 0, records_read: 0 });
  });
});
