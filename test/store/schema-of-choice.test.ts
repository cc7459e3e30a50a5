import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureOrganization,
  ensureSchema,
  migrate,
  openDatabase,
  pendingMigrations,
  requireSchema,
  SchemaError,
} from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let bed: TestBed;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  bed = await createTestBed({ empty: true });
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => bed.close());

function open(schema: string | undefined, databaseUrl = bed.databaseUrl) {
  const db = openDatabase({ databaseUrl, schema, applicationName: 'test', poolSize: 2, onError: () => undefined });
  closing.push(() => db.destroy());
  return db;
}

async function tablesIn(schema: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname::text as name from pg_class where relnamespace = to_regnamespace(${schema}) order by 1`.execute(
    bed.db,
  );
  return rows.map(({ name }) => name);
}

describe('a schema of choice', () => {
  it('is made, and has everything; public has nothing', async () => {
    const db = open('chosen');
    await expect(requireSchema(db, 'chosen')).rejects.toMatchObject({ name: 'SchemaError', missing: true });
    expect(await ensureSchema(db, 'chosen')).toBe('chosen');
    await migrate(db);
    expect(await pendingMigrations(db)).toEqual([]);
    expect(await tablesIn('chosen')).toEqual(expect.arrayContaining(['contacts', 'kysely_migration', 'sync_jobs']));
    expect(await tablesIn('public')).toEqual([]);
    const { rows } = await sql`select * from get_failed_items_summary()`.execute(db);
    expect(rows).toEqual([]);
  });

  it('is apart from another one in the same database, and from public', async () => {
    const [one, two, shared] = [open('one'), open('two'), open(undefined)];
    await Promise.all([ensureSchema(one, 'one'), ensureSchema(two, 'two')]);
    await migrate(one);
    expect(await pendingMigrations(two)).toContain('0001_core');
    expect(await pendingMigrations(shared)).toContain('0001_core');
    await Promise.all([migrate(two), migrate(shared)]);
    await ensureOrganization(one, 'firm', 'In one');
    for (const db of [two, shared]) expect(await db.selectFrom('organizations').selectAll().execute()).toEqual([]);
    expect(await tablesIn('two')).toEqual(await tablesIn('one'));
    expect(await tablesIn('public')).toEqual(await tablesIn('one'));
  });

  it('is not held up by a migration of another one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-migrations-'));
    closing.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, '0001_slow.sql'), 'select pg_advisory_xact_lock(4711)');
    const [slow, quick] = [open('slow'), open('quick')];
    await Promise.all([ensureSchema(slow, 'slow'), ensureSchema(quick, 'quick')]);
    let migrating: Promise<string[]> | undefined;
    await bed.db.transaction().execute(async (gate) => {
      await sql`select pg_advisory_xact_lock(4711)`.execute(gate);
      migrating = migrate(slow, folder);
      await eventually('the migration to be under way', async () => {
        const { rows } = await sql`select from pg_stat_activity where wait_event = 'advisory'`.execute(bed.db);
        return rows.length > 0;
      });
      await migrate(quick);
    });
    expect(await migrating).toEqual(['0001_slow']);
    expect(await pendingMigrations(quick)).toEqual([]);
  });

  it('is made once by many at once', async () => {
    const many = Array.from({ length: 6 }, () => open('many'));
    expect(await Promise.all(many.map((db) => ensureSchema(db, 'many')))).toEqual(many.map(() => 'many'));
  });
});

describe('sessions that are not where they should be', () => {
  it('are noticed: a pooler has dropped the option, and what helps is said', async () => {
    const dropped = open(undefined);
    await sql`create schema if not exists elsewhere`.execute(bed.db);
    const refused = requireSchema(dropped, 'elsewhere');
    await expect(refused).rejects.toMatchObject({ name: 'SchemaError', missing: false });
    await expect(refused).rejects.toThrow(/sessions are in public.*pooler.*alter role \S+ set search_path = elsewhere/);
  });

  it('are in no schema at all', async () => {
    await expect(requireSchema(open('nowhere'))).rejects.toBeInstanceOf(SchemaError);
  });
});

it('options that the address brings along stay', async () => {
  await sql`create schema if not exists beside`.execute(bed.db);
  const url = new URL(bed.databaseUrl);
  url.searchParams.set('options', '-c work_mem=7MB');
  const { rows } = await sql`
    select current_schema() as schema, current_setting('work_mem') as memory`.execute(open('beside', url.href));
  expect(rows).toEqual([{ schema: 'beside', memory: '7MB' }]);
});
