import {
  type Db,
  forTenant,
  migrate,
  openDatabase,
  pendingMigrations,
  requireSchema,
  serviceTimeouts,
} from '@syncline/store';
import {
  createTestBed,
  eventually,
  findProgram,
  type PgBouncer,
  startPgBouncer,
  type TestBed,
} from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirmOn } from './rough-times.js';

// PgBouncer in transaction mode: every transaction gets any of four connections to Postgres, which all processes share.

const program = await findProgram('pgbouncer');
const size = 4;
/** Connections of each process to the pooler: the fewest that may be configured. */
const pool = 2;

describe.skipIf(program === undefined)('behind PgBouncer (skipped where there is no program pgbouncer)', () => {
  let bouncer: PgBouncer;
  let bed: TestBed;
  let empty: TestBed;
  let firm: Firm;
  const pools: Db[] = [];
  beforeAll(async () => {
    bed = await createTestBed();
    empty = await createTestBed({ empty: true });
    bouncer = await startPgBouncer(program ?? '', bed.databaseUrl, size);
    firm = await createRoughFirmOn(
      { environment: { DATABASE_URL: bouncer.urlOf(bed.databaseUrl), SYNCLINE_DATABASE_POOL: String(pool) } },
      bed,
    );
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
    await firm?.close();
    await empty?.close();
    await bouncer?.close();
  });

  function open(databaseUrl: string, ours = true, schema?: string): Db {
    const options = { applicationName: ours ? 'ours' : 'stranger', poolSize: size, onError: () => undefined };
    const db = openDatabase({ databaseUrl, schema, ...options, ...(ours && { timeouts: serviceTimeouts }) });
    pools.push(db);
    return db;
  }

  /** What each of Postgres' sessions tells, in transactions that hold all of them at once. */
  async function everywhere<Row>(db: Db, ask: (trx: Db) => Promise<Row>): Promise<Row[]> {
    let arrived = 0;
    let go: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    const one = () =>
      db.transaction().execute(async (trx) => {
        const row = await ask(trx as unknown as Db);
        arrived += 1;
        if (arrived === size) go();
        await all;
        return row;
      });
    return Promise.all(Array.from({ length: size }, one));
  }

  interface Settings {
    readonly pid: number;
    readonly statement: string;
    readonly idle: string;
    readonly tenant: string | null;
    readonly role: string;
  }
  const settings = async (db: Db): Promise<Settings> => {
    const { rows } = await sql<Settings>`
      select pg_backend_pid() as pid, current_setting('statement_timeout') as statement, current_user::text as role,
        current_setting('idle_in_transaction_session_timeout') as idle,
        nullif(current_setting('syncline.organization', true), '') as tenant`.execute(db);
    const [row] = rows;
    if (row === undefined) throw new Error('no settings');
    return row;
  };

  it('migrations of many processes at once run once, and leave no lock behind', async () => {
    const through = bouncer.urlOf(empty.databaseUrl);
    const applied = await Promise.all([open(through), open(through), open(through)].map((db) => migrate(db)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await pendingMigrations(empty.db)).toEqual([]);
    const { rows } = await sql`select from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`.execute(empty.db);
    expect(rows).toEqual([]);
  });

  it('a sync by two workers and an API goes as it does without', async () => {
    const workers = await Promise.all([firm.startWorker(), firm.startWorker()]);
    await expectUnharmed(firm, await firm.ended(await firm.trigger('full')));
    expect((await firm.sync('incremental')).status).toBe('succeeded');
    expect((await firm.request('GET', '/readyz')).status).toBe(200);
    for (const worker of workers) expect(await worker.kill('SIGTERM')).toBe(0);
  });

  it('nothing of ours stays in a session for the next one', async () => {
    const through = bouncer.urlOf(bed.databaseUrl);
    const [ours, stranger] = [open(through), open(through, false)];
    const ids = [crypto.randomUUID(), crypto.randomUUID()];
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const id = ids[i % 2] ?? '';
        const seen = await settings(forTenant(ours, id));
        expect(seen).toMatchObject({ tenant: id, role: 'syncline_tenant' });
        const inTransaction = await forTenant(ours, id)
          .transaction()
          .execute((trx) => settings(trx as unknown as Db));
        expect(inTransaction).toMatchObject({ tenant: id, statement: '2min', idle: '5s' });
      }),
    );
    const limited = await everywhere(ours, settings);
    expect(new Set(limited.map(({ pid }) => pid)).size, 'all sessions were asked').toBe(size);
    for (const one of limited) expect(one).toMatchObject({ statement: '2min', idle: '5s', tenant: null });
    const { rows } = await sql<{ user: string }>`select current_user as user`.execute(bed.db);
    for (const one of await everywhere(stranger, settings)) {
      expect(one).toMatchObject({ statement: '0', idle: '0', tenant: null, role: rows[0]?.user });
    }
  });

  it('a schema of its own is where the role says so, and the pooler ignores what it does not know', async () => {
    const lenient = await startPgBouncer(program ?? '', empty.databaseUrl, size, [
      'ignore_startup_parameters = options',
    ]);
    try {
      const through = lenient.urlOf(empty.databaseUrl);
      await sql`create schema elsewhere`.execute(empty.db);
      await expect(requireSchema(open(through, true, 'elsewhere'), 'elsewhere')).rejects.toThrow(
        /a pooler has dropped/,
      );
      const { username, pathname } = new URL(empty.databaseUrl);
      const where = sql`${sql.id(username)} in database ${sql.id(pathname.slice(1))}`;
      await sql`alter role ${where} set search_path = elsewhere`.execute(empty.db);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(empty.db);
      await eventually('a session of the new path', async () => {
        const found = requireSchema(open(through, true, 'elsewhere'), 'elsewhere');
        return (await found.catch(() => undefined)) === 'elsewhere';
      });
    } finally {
      await lenient.close();
    }
  });

  it('a schema of its own is refused with what to do instead', async () => {
    const db = open(bouncer.urlOf(bed.databaseUrl), true, 'elsewhere');
    await expect(requireSchema(db, 'elsewhere')).rejects.toThrow(
      /ignore_startup_parameters.*set search_path = elsewhere/,
    );
  });
});
