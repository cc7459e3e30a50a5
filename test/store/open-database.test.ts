import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type DatabaseTimeouts, isTransientDatabaseError, openDatabase, pingDatabase } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

describe('a pool', () => {
  const open = (errors: Error[]) =>
    openDatabase({
      databaseUrl: bed.databaseUrl,
      applicationName: 'the victim',
      poolSize: 1,
      onError: (error) => errors.push(error),
    });
  const terminate = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'the victim'`.execute(bed.db);

  it('survives that Postgres ends a connection in the middle of a transaction', async () => {
    const errors: Error[] = [];
    const db = open(errors);
    try {
      const cut = db.transaction().execute(async (trx) => {
        await sql`create table half (id int)`.execute(trx);
        await terminate();
        // The client is checked out and idle: without a listener its error would end the process.
        await eventually('the connection to be gone', () => errors.length > 0);
        await sql`insert into half values (1)`.execute(trx);
      });
      await expect(cut).rejects.toSatisfy(isTransientDatabaseError);
      const { rows } = await sql`select to_regclass('half') as half`.execute(db);
      expect(rows).toEqual([{ half: null }]);
    } finally {
      await db.destroy();
    }
  });

  it('survives that Postgres ends a connection nobody uses', async () => {
    const errors: Error[] = [];
    const db = open(errors);
    try {
      await pingDatabase(db);
      await terminate();
      await eventually('the connection to be gone', () => errors.length > 0);
      await pingDatabase(db);
    } finally {
      await db.destroy();
    }
  });

  describe('with timeouts', () => {
    const patient = { statementMs: 60_000, idleInTransactionMs: 60_000, silenceMs: 60_000 };
    const bounded = (some: Partial<DatabaseTimeouts>, databaseUrl = bed.databaseUrl) =>
      openDatabase({
        databaseUrl,
        applicationName: 'bounded',
        poolSize: 1,
        onError: () => undefined,
        timeouts: { ...patient, ...some },
      });

    it('ends a statement that takes too long, and says that it may work later', async () => {
      const db = bounded({ statementMs: 50 });
      await expect(sql`select pg_sleep(30)`.execute(db)).rejects.toSatisfy(isTransientDatabaseError);
      await pingDatabase(db);
      await db.destroy();
    });

    it('lets nobody wait for the locks of a process that was stopped in the middle of a transaction', async () => {
      const db = bounded({ idleInTransactionMs: 100 });
      await sql`create table locked (id int)`.execute(bed.db);
      const stopped = db.transaction().execute(async (trx) => {
        await sql`lock table locked`.execute(trx);
        await sql`select * from locked`.execute(bed.db);
        await pingDatabase(trx);
      });
      await expect(stopped).rejects.toSatisfy(isTransientDatabaseError);
      await db.destroy();
    });

    it('gives a server up that says nothing at all', async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const url = `postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/none`;
      const db = bounded({ silenceMs: 100 }, url);
      await expect(pingDatabase(db)).rejects.toSatisfy(isTransientDatabaseError);
      await db.destroy();
      silent.close();
    });
  });

  it('says of a server that is not there that it may be later', async () => {
    const url = new URL(bed.databaseUrl);
    url.port = '1';
    const options = { applicationName: 'nobody', poolSize: 1, onError: () => undefined };
    const db = openDatabase({ databaseUrl: url.href, ...options });
    await expect(pingDatabase(db)).rejects.toSatisfy(isTransientDatabaseError);
    await db.destroy();
  });

  it('counts with numbers, and keeps the digits of decimals', async () => {
    const { rows } = await sql`select count(*) as n, 9007199254740993.10::numeric as d`.execute(bed.db);
    expect(rows).toEqual([{ n: 1, d: '9007199254740993.10' }]);
  });
});
