import { runEntity } from '@syncline/engine';
import { openDatabase } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPage, openShop, type Shop } from '../../packages/engine/testing/shop.js';

// Hazards P5 and P6: Postgres is there and says no: lost races, time-outs, read-only, no connection left.

let bed: TestBed;
let shop: Shop;
let jobId: string;
let other: pg.Client;
let logged: string;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  jobId = await shop.job();
  shop.pages.customers = async () => ({ ...emptyPage, records: ids.map((id) => ({ id, name: 'new' })) });
  other = await connect();
  logged = '';
});
afterEach(async () => {
  await other.end();
  await shop.close();
});

const ids = ['a', 'b', 'c', 'd'];

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: bed.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Rows that another writer can hold on to. */
async function rowsThere(): Promise<void> {
  for (const id of ids) {
    await sql`insert into customers (organization_id, connection_id, vendor_id, name, raw)
      values (${shop.connection.organizationId}, ${shop.connection.id}, ${id}, 'old', '{}')`.execute(bed.db);
  }
}

async function namesNow(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from customers
    where connection_id = ${shop.connection.id} order by vendor_id`.execute(bed.db);
  return rows.map(({ name }) => name);
}

/** A setting that new sessions of this database begin with; the present ones are ended. */
async function setForAll(setting: string, value: string): Promise<void> {
  const name = new URL(bed.databaseUrl).pathname.slice(1);
  await other.query(`alter database ${name} set ${setting} = ${value}`);
  await endSessions();
}

const endSessions = () =>
  other.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);

async function resetForAll(setting: string): Promise<void> {
  await other.query('set default_transaction_read_only = off');
  await other.query(`alter database ${new URL(bed.databaseUrl).pathname.slice(1)} reset ${setting}`);
  await endSessions();
}

const log = pino({}, { write: (line) => (logged += line) });
const takeTurn = (db = bed.db) => runEntity({ ...shop.ctx, db, log }, shop.turn(jobId));

/** A turn that Postgres has refused with this SQLSTATE: the run rests, and it costs no attempt. */
async function expectRefused(turn: ReturnType<typeof takeTurn>, sqlState: string): Promise<void> {
  expect((await turn).kind).toBe('rest');
  expect(logged).toContain(`"code":"${sqlState}"`);
}

/** As the queue would repeat it: the pool may still have sessions that were ended. */
async function turnThatEnds(): Promise<void> {
  await eventually('a turn that ends', async () => (await takeTurn()).kind === 'done');
  await expectEnded();
}

async function expectEnded(): Promise<void> {
  expect(await namesNow()).toEqual(['new', 'new', 'new', 'new']);
  expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_read: 4, records_failed: 0 });
}

/** What Postgres has counted in this database. */
async function counted(what: 'deadlocks' | 'xact_rollback'): Promise<number> {
  // Sessions report with what they do next.
  await Promise.all(Array.from({ length: 4 }, () => sql`select 1`.execute(bed.db)));
  await other.query('select pg_stat_clear_snapshot()');
  const { rows } = await other.query(`select ${what} as n from pg_stat_database where datname = current_database()`);
  return Number(rows[0]?.n);
}

/** Waits until a session of ours waits for a lock of `other`. */
const untilBlocked = () =>
  eventually('the page to wait for a lock', async () => {
    const { rows } = await other.query(`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    return rows.length > 0;
  });

describe('a page transaction that', () => {
  it('loses a deadlock (40P01) is rolled back as a whole, and run again', async () => {
    await rowsThere();
    const deadlocks = await counted('deadlocks');
    // The other side takes the rows in the wrong order, and waits longer than Postgres looks for deadlocks.
    await other.query("set deadlock_timeout = '1h'");
    await other.query("begin; update customers set name = 'theirs' where vendor_id = 'c'");
    const turn = takeTurn();
    await untilBlocked();
    await other.query("update customers set name = 'theirs' where vendor_id = 'a'");
    await eventually('a deadlock', async () => (await counted('deadlocks')) > deadlocks);
    await other.query('rollback');
    expect((await turn).kind).toBe('done');
    await expectEnded();
  });

  it('cannot be serialized (40001) is rolled back, and run again', async () => {
    await rowsThere();
    await setForAll('default_transaction_isolation', "'repeatable read'");
    await eventually('a pool with new sessions', () => sql`select 1`.execute(bed.db).catch(() => false));
    const rollbacks = await counted('xact_rollback');
    await other.query("begin; update customers set name = 'theirs' where vendor_id = 'c'");
    const turn = takeTurn();
    await untilBlocked();
    await other.query('commit');
    expect((await turn).kind).toBe('done');
    await eventually('a transaction rolled back', async () => (await counted('xact_rollback')) > rollbacks);
    await expectEnded();
    await resetForAll('default_transaction_isolation');
    await eventually('a pool with new sessions', () => sql`select 1`.execute(bed.db).catch(() => false));
  });

  it.each([
    ['statement_timeout', '57014'],
    ['lock_timeout', '55P03'],
  ])('runs into %s (%s) is rolled back, and tried again', async (setting, sqlState) => {
    await rowsThere();
    await setForAll(setting, "'200ms'");
    await eventually('a pool with new sessions', () => sql`select 1`.execute(bed.db).catch(() => false));
    await other.query(`set ${setting} = 0`);
    await other.query("begin; update customers set name = 'theirs' where vendor_id = 'c'");
    await expectRefused(takeTurn(), sqlState);
    await other.query('rollback');
    expect(await namesNow()).toEqual(['old', 'old', 'old', 'old']);
    await resetForAll(setting);
    await turnThatEnds();
  });

  it('meets a database that is read-only for a while (25006), as in a failover, leaves nothing behind', async () => {
    let readOnly = true;
    const page = shop.pages.customers;
    shop.pages.customers = async (request) => {
      if (readOnly) await setForAll('default_transaction_read_only', 'on');
      readOnly = false;
      await eventually('a pool with new sessions', () => sql`select 1`.execute(bed.db).catch(() => false));
      return page(request);
    };
    await expectRefused(takeTurn(), '25006');
    expect(await namesNow()).toEqual([]);
    await resetForAll('default_transaction_read_only');
    await turnThatEnds();
  });
});

it('a database without a free connection (53300) is waited for', async () => {
  const role = `few_${Date.now()}`;
  await other.query(`create role ${role} login bypassrls password 'few' connection limit 1`);
  await other.query(`grant all on all tables in schema public to ${role}`);
  const url = Object.assign(new URL(bed.databaseUrl), { username: role, password: 'few' }).href;
  const only = new pg.Client({ connectionString: url });
  await only.connect();
  const db = openDatabase({ databaseUrl: url, applicationName: 'few', poolSize: 2, onError: () => undefined });
  try {
    await expectRefused(takeTurn(db), '53300');
    await only.end();
    await eventually('the run to end', async () => (await takeTurn(db)).kind === 'done');
    expect(await namesNow()).toEqual(['new', 'new', 'new', 'new']);
  } finally {
    await db.destroy();
    await other.query(`drop owned by ${role}; drop role ${role}`);
  }
});
