import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, migrate, migrationsFolder, openDatabase, pendingMigrations } from '@syncline/store';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';

/** An empty database, and as many pools into it as asked for. */
describe('migrations', () => {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  const endings: (() => Promise<unknown>)[] = [];
  beforeAll(() => admin.connect());
  afterAll(() => admin.end());
  afterEach(async () => {
    for (const end of endings.splice(0).toReversed()) await end();
  });

  async function emptyDatabase(pools: number): Promise<Db[]> {
    const name = `syncline_test_${randomBytes(6).toString('hex')}`;
    await admin.query(`create database ${name}`);
    endings.push(() => admin.query(`drop database ${name} with (force)`));
    const url = new URL(inject('adminUrl'));
    url.pathname = `/${name}`;
    return Array.from({ length: pools }, () => {
      const options = { databaseUrl: url.href, applicationName: 'syncline test', poolSize: 2 };
      const db = openDatabase({ ...options, onError: () => undefined });
      endings.push(() => db.destroy());
      return db;
    });
  }

  async function folderOf(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-migrations-'));
    endings.push(() => rm(folder, { recursive: true }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return folder;
  }

  const [one, two] = ['create table one (id int)', 'create table two (id int); insert into two values (1), (2)'];
  const tablesOf = async (db: Db) => {
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
      order by 1`.execute(db);
    return rows.map((row) => row.name);
  };

  it('run once, and not again', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    const files = (await readdir(migrationsFolder)).flatMap((file) => /^(.*)\.sql$/.exec(file)?.[1] ?? []).sort();
    expect(await pendingMigrations(db)).toEqual(files);
    expect(await migrate(db)).toEqual(files);
    expect(await pendingMigrations(db)).toEqual([]);
    expect(await migrate(db)).toEqual([]);
  });

  it('run exactly once when eight processes start at once', async () => {
    const pools = await emptyDatabase(8);
    const applied = await Promise.all(pools.map((db) => migrate(db)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    for (const db of pools) expect(await pendingMigrations(db)).toEqual([]);
  });

  it('only run what is new, in the order of their numbers', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await migrate(db, await folderOf({ '0001_one.sql': one }));
    const grown = await folderOf({
      '0001_one.sql': one,
      '0003_three.sql': 'insert into two values (3)',
      '0002_two.sql': two,
      'notes.txt': 'x',
    });
    expect(await pendingMigrations(db, grown)).toEqual(['0002_two', '0003_three']);
    expect(await migrate(db, grown)).toEqual(['0002_two', '0003_three']);
    const { rows } = await sql<{ n: number }>`select count(*) as n from two`.execute(db);
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('name the file that fails, and leave nothing of the whole lot behind', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    const broken = await folderOf({ '0001_one.sql': one, '0002_two.sql': 'create table two (id int); selec 1' });
    await expect(migrate(db, broken)).rejects.toThrow(/^Migration 0002_two failed: .*syntax error/);
    expect(await tablesOf(db)).toEqual([]);
    expect(await migrate(db, await folderOf({ '0001_one.sql': one, '0002_two.sql': two }))).toEqual([
      '0001_one',
      '0002_two',
    ]);
    expect(await tablesOf(db)).toEqual(['one', 'two']);
  });

  it("leave a table of the user's own that is called sync_logs alone, and say what to do about it", async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await sql`create table sync_logs (id int)`.execute(db);
    await expect(migrate(db)).rejects.toThrow(/alter table sync_logs rename to/);
    expect(await tablesOf(db)).toEqual(['sync_logs']);
    await sql`alter table sync_logs rename to sync_logs_before`.execute(db);
    expect(await migrate(db)).toContain('0007_admin');
    expect(await tablesOf(db)).toContain('sync_logs_before');
  });

  it('are refused by a release that is older than the database', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await migrate(db, await folderOf({ '0001_one.sql': one, '0002_two.sql': two }));
    await expect(migrate(db, await folderOf({ '0001_one.sql': one }))).rejects.toThrow(/0002_two/);
  });
});
