import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeDifference,
  editedMigrations,
  ensureSchema,
  findDrift,
  makeManifest,
  manifestText,
  migrate,
  migrationsFolder,
  openDatabase,
  readManifest,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPlace } from './adopted.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

describe('the manifest', () => {
  it('is what the migrations make of an empty database, and none that it knows was edited', async () => {
    const made = await makeManifest(bed.db);
    const committed = await readManifest();
    expect(editedMigrations(committed, made), 'a migration that was released stays as it is').toEqual([]);
    expect(manifestText(made), 'npm run schema writes it anew').toBe(manifestText(committed));
  });

  it('notices a migration that was edited, and one that is gone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'syncline-migrations-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const file of (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql') && name > '0003')) {
      await copyFile(join(migrationsFolder, file), join(folder, file));
    }
    await writeFile(join(folder, '0005_schedules.sql'), 'select 1');
    const edited = editedMigrations(await readManifest(), await makeManifest(bed.db, folder));
    expect(edited).toEqual(['0001_core', '0002_practicepanther', '0005_schedules']);
  });
});

describe('drift', () => {
  it('names what of ours is missing or was altered, in whatever schema, and nothing of the user', async () => {
    const options = { databaseUrl: bed.databaseUrl, schema: 'drifting', applicationName: 'test', poolSize: 2 };
    const db = openDatabase({ ...options, onError: () => undefined });
    onTestFinished(() => db.destroy());
    await ensureSchema(db, 'drifting');
    await migrate(db);
    await sql`create table mine (id int)`.execute(db);
    await sql`alter table contacts add column shoe_size int`.execute(db);
    await sql`create index contacts_by_shoe on contacts (shoe_size)`.execute(db);
    expect((await findDrift(db)).map(describeDifference), 'as in public').toEqual([]);

    await sql`drop index sync_jobs_history`.execute(db);
    await sql`alter table contacts drop column email`.execute(db);
    await sql`alter table tasks alter column status type varchar(20)`.execute(db);
    await sql`alter table sync_state disable row level security`.execute(db);
    await sql`alter table notes disable trigger all`.execute(db);
    await sql`drop policy syncline_tenant on sync_jobs`.execute(db);
    await sql`create or replace function keep_email_body() returns trigger language plpgsql as 'begin return new; end'`.execute(
      db,
    );
    const drift = await findDrift(db);
    expect(drift.map(({ object }) => object)).toEqual(
      expect.arrayContaining([
        'column contacts.email',
        'column tasks.status',
        'function keep_email_body()',
        'index sync_jobs.sync_jobs_history',
        'policy sync_jobs.syncline_tenant',
        'table sync_state',
      ]),
    );
    const said = drift.map(describeDifference);
    expect(said).toContain('column contacts.email is missing (text)');
    expect(said).toContain('column tasks.status is character varying(20), and should be text');
    expect(said.join()).not.toMatch(/mine|shoe/);
  });

  it('is not in tables that were adopted: their types are their owner’s; what we need of them is', async () => {
    const place = await createPlace(bed);
    onTestFinished(() => place.close());
    expect((await place.adopt()).obstacles).toEqual([]);
    expect((await findDrift(place.db)).map(describeDifference)).toEqual([]);
    await sql`alter table contacts drop column deleted_at`.execute(place.db);
    expect((await findDrift(place.db)).map(({ object }) => object)).toEqual(['column contacts.deleted_at']);
  });
});
