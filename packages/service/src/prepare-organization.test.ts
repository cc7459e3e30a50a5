import { createVault, migrate, openDatabase } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { prepareOrganization } from './prepare-organization.js';
import { StartError } from './start-error.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

function start(schema: string | undefined, wanted = schema, patienceMs = 0) {
  const options = { databaseUrl: bed.databaseUrl, schema, applicationName: 'test', poolSize: 1 };
  const db = openDatabase({ ...options, onError: () => undefined });
  onTestFinished(() => db.destroy());
  const ctx = { db, vault: createVault([bed.encryptionKey]), connectors: [], log: pino({ level: 'silent' }) };
  return { db, ready: prepareOrganization(ctx, { SYNCLINE_DATABASE_SCHEMA: wanted, vendors: {} }, patienceMs) };
}

describe('a process at its start', () => {
  it('has its organization when it is where it should be', async () => {
    expect(await start(undefined).ready).toMatch(/^[0-9a-f-]{36}$/);
    expect(await start('public').ready).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('does not go on in another schema than the one that was asked for', async () => {
    await sql`create schema if not exists elsewhere`.execute(bed.db);
    const { ready } = start(undefined, 'elsewhere');
    await expect(ready).rejects.toThrow(StartError);
    await expect(start(undefined, 'elsewhere', 60_000).ready, 'waiting would not help').rejects.toThrow(
      /a pooler has dropped/,
    );
  });

  it('waits for its schema, which may be made at the same time', async () => {
    await expect(start('later').ready).rejects.toThrow(/schema later does not exist; run npm run migrate/);
    const { db, ready } = start('later', 'later', 60_000);
    await sql`create schema later`.execute(bed.db);
    await migrate(db);
    expect(await ready).toMatch(/^[0-9a-f-]{36}$/);
  });
});
