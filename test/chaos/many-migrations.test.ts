import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Db, migrate, migrationsFolder, openDatabase, pendingMigrations } from '@syncline/store';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';

// Hazard P9: a deployment starts many processes at once, and each of them migrates first.

const program = fileURLToPath(new URL('../../apps/cli/dist/bundle.js', import.meta.url));

it('twenty processes that migrate an empty and an old database at once all end well, and it is done once', async () => {
  const [empty, old] = await Promise.all([createDatabase(), createDatabase()]);
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith('.sql')).sort();
  const before = await migrate(old.db, await folderOf(files.slice(0, 2)));
  expect(before).toHaveLength(2);

  const ends = await Promise.all(Array.from({ length: 20 }, (_, i) => migrateIn(i % 2 === 0 ? empty.url : old.url)));
  expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 0));
  const busy = ends.filter(({ output }) => output.includes(files.at(-1)?.replace('.sql', '') ?? ''));
  expect(busy, 'one process for each database did the work').toHaveLength(2);
  for (const { db } of [empty, old]) {
    expect(await pendingMigrations(db)).toEqual([]);
    const { rows } = await sql<{ n: number }>`select count(*) as n from kysely_migration`.execute(db);
    expect(rows).toEqual([{ n: files.length }]);
  }
});

async function createDatabase(): Promise<{ readonly url: string; readonly db: Db }> {
  const name = `syncline_test_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = Object.assign(new URL(inject('adminUrl')), { pathname: `/${name}` }).href;
  const db = openDatabase({ databaseUrl: url, applicationName: 'test', poolSize: 1, onError: () => undefined });
  onTestFinished(async () => {
    await db.destroy();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  return { url, db };
}

/** A folder with some of the migrations, as an earlier release had them. */
async function folderOf(files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'syncline-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const file of files) await copyFile(join(migrationsFolder, file), join(folder, file));
  return folder;
}

async function migrateIn(databaseUrl: string): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(process.execPath, [program, 'migrate'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, output };
}
