import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { notion, practicePanther } from '@syncline/connectors';
import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { openSyncline, type Syncline, type SynclineOptions, type SyncProgress } from '@syncline/engine/library';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../chaos/proxy.js';

const program = fileURLToPath(new URL('../../examples/run-a-sync/dist/run-a-sync.js', import.meta.url));

let bed: TestBed;
let simulator: Simulator;
let options: SynclineOptions;
beforeAll(async () => {
  bed = await createTestBed({ empty: true });
  const few = { notes: 5, emails: 5, events: 5, timeentries: 5 };
  simulator = await startSimulator({ contacts: 450, accounts: 30, matters: 30, tasks: 30, ...few });
  options = {
    ...{ databaseUrl: bed.databaseUrl, redisUrl: bed.redisUrl, redisPrefix: bed.prefix },
    ...{ encryptionKey: bed.encryptionKey, egressAllow: [new URL(simulator.url).host] },
    connectors: [practicePanther],
  };
});
afterAll(async () => {
  await bed.close();
  await simulator.close();
});

interface Run {
  readonly child: ChildProcess;
  /** How it ended, by itself or by a signal. */
  readonly code: Promise<number | null>;
  output(): string;
}

/** Runs the example as its README says. */
function runExample(extra: Readonly<Record<string, string>> = {}): Run {
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const env = {
    PATH: process.env['PATH'],
    ...bed.environment,
    ...{ PP_CLIENT_ID: clientId, PP_CLIENT_SECRET: clientSecret, PP_REFRESH_TOKEN: refreshToken },
    ...{ PP_BASE_URL: simulator.url, SYNCLINE_EGRESS_ALLOW: new URL(simulator.url).host },
    ...extra,
  };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => printed.push(text));
  const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return { child, code, output: () => printed.join('') };
}

async function jobs() {
  const { rows } = await sql<{ id: string; status: string; mode: string }>`
    select id, status, mode from sync_jobs order by created_at`.execute(bed.db);
  return rows;
}

async function rowsOfContacts(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from contacts`.execute(bed.db);
  return rows[0]?.count ?? 0;
}

/** Requests for the beginning of the list of contacts. */
function firstPages() {
  return simulator.requests.entries.filter(({ path, query }) => /contacts$/.test(path) && !Number(query['$skip']));
}

describe('the example', () => {
  it('stops at Ctrl-C by itself, goes on where it was, and reads what changed from then on', async () => {
    await expect(openSyncline(options)).rejects.toThrow(
      /missing: \d+ migrations\): run npm run migrate, or pass `migr/,
    );

    const hold = simulator.holds.add({ match: { path: '/contacts', after: 3 } });
    const first = runExample();
    await simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(60_000));
    await eventually('a page to be committed', async () => (await rowsOfContacts()) > 0);
    await eventually('progress to be shown', () =>
      / contacts: Reading all contacts \(\d+ records\)\n/.test(first.output()),
    );
    first.child.kill('SIGINT');
    expect(await first.code, first.output()).toBe(130);
    expect(first.output()).toContain('goes on where it is');
    const [interrupted] = await jobs();
    expect(interrupted).toMatchObject({ status: 'running' });
    const committed = await rowsOfContacts();

    simulator.holds.release();
    const second = runExample();
    expect(await second.code, second.output()).toBe(0);
    expect(second.output()).toContain(`Going on with sync ${interrupted?.id}\n`);
    expect(second.output()).toMatch(/contacts \(full\): 450 read, 450 new, 0 changed, 0 failed\n/);
    expect(second.output()).toMatch(/succeeded, 0 failed items\n$/);
    expect(committed).toBeLessThan(450);
    expect(await rowsOfContacts()).toBe(450);
    expect(firstPages(), 'the list of contacts was begun once').toHaveLength(1);

    simulator.clock.advance(3_600);
    simulator.store.mutate({ seed: 1, adds: { contacts: 2 } });
    const third = runExample();
    expect(await third.code, third.output()).toBe(0);
    expect(third.output()).toMatch(/contacts \(incremental\): \d+ read, 2 new, /);
    expect(await jobs()).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded', mode: 'incremental' }]);
  });

  it('ends by itself while Redis is away, and says what to change', async () => {
    const proxy = await startProxy(bed.redisUrl);
    const hold = simulator.holds.add({ match: { path: '/accounts' } });
    try {
      const run = runExample({ REDIS_URL: proxy.url });
      await simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(60_000));
      expect(proxy.refuse()).toBeGreaterThan(0);
      // At once: the one that ends has patience with Redis, and so has the one that begins.
      const refused = runExample({ REDIS_URL: proxy.url });
      run.child.kill('SIGINT');
      expect(await run.code, run.output()).toBe(130);
      expect(await refused.code, refused.output()).toBe(2);
      expect(refused.output()).toMatch(/^Redis at 127\.0\.0\.1:\d+ cannot be reached \(.+\): check redisUrl/);
    } finally {
      simulator.holds.release();
      await proxy.close();
    }
    await cancelAll();
  });
});

/** What a test has left to others, and nobody is to go on with. */
async function cancelAll(): Promise<void> {
  await sql`update sync_jobs set status = 'cancelled', ended_at = now() where status in ('queued', 'running')`.execute(
    bed.db,
  );
}

describe('a program that leaves the work to others', () => {
  let syncline: Syncline;
  const enqueueing = async () => {
    syncline = await openSyncline({ ...options, work: false, name: 'nightly' });
    return syncline.findConnection('practicepanther', 'example');
  };
  afterEach(async () => {
    await syncline.close();
    await cancelAll();
  });

  it('is told that nobody does it, refused a second sync, and can cancel the first', async () => {
    const connection = await enqueueing();
    const sync = await syncline.startSync(connection, { entities: ['contacts'] });
    const seen: SyncProgress[] = [];
    sync.onProgress((progress) => seen.push(progress));
    await eventually('progress', () => seen.length > 0);
    expect(seen).toMatchObject([
      {
        ...{ jobId: sync.jobId, status: 'queued', phase: 'accounts', percent: 0, recordsRead: 0 },
        message: expect.stringContaining('No worker is alive'),
        entities: [{ entity: 'accounts' }, { entity: 'contacts', status: 'pending' }],
      },
    ]);

    await expect(syncline.startSync(connection)).rejects.toMatchObject({
      code: 'SYNC_ALREADY_RUNNING',
      message: expect.stringContaining(sync.jobId),
      details: { runningJobId: sync.jobId },
    });
    expect(await syncline.startSync(connection, { ifRunning: 'follow' })).toMatchObject({
      jobId: sync.jobId,
      isNew: false,
    });

    await sync.cancel();
    expect(await sync.done).toMatchObject({ jobId: sync.jobId, status: 'cancelled', failedItems: 0 });
    expect(seen.at(-1)).toMatchObject({ status: 'cancelled' });
    await sync.cancel();
  });

  it('is told what is wrong with what it asks for', async () => {
    const connection = await enqueueing();
    await expect(syncline.startSync(connection, { entities: ['invoices'] })).rejects.toThrow(
      /^entities: practicepanther has no entity invoices; it has users, customfields, accounts, /,
    );
    await expect(syncline.findConnection('practicepanther', 'other')).rejects.toThrow(
      /no connection other: there are example/,
    );
    await expect(syncline.findConnection('notion')).rejects.toThrow(
      /^connector: notion is not among .*: practicepanther/,
    );
    const given = { connector: 'practicepanther', name: 'example', credentials: simulator.credentials };
    await expect(syncline.ensureConnection({ ...given, credentials: { clientId: 'a' } })).rejects.toThrow(
      /^credentials.clientSecret: /,
    );
    await expect(syncline.ensureConnection({ ...given, settings: { pagesize: 3 } })).rejects.toThrow(
      /^settings.pagesize: is not known here/,
    );
    await expect(syncline.followSync(connection.id).done).rejects.toThrow(/no sync .* any more/);

    const sync = await syncline.startSync(connection);
    const broken = sync.onProgress(() => {
      throw new Error('a bug of mine');
    });
    await expect(sync.done).rejects.toThrow('a bug of mine');
    broken();
    const other = syncline.followSync(sync.jobId);
    await syncline.close();
    await expect(other.done).rejects.toMatchObject({
      name: 'ClosedError',
      message: expect.stringContaining(sync.jobId),
    });
    await expect(syncline.startSync(connection)).rejects.toThrow(/was closed/);
  });
});

describe('a connection', () => {
  it('keeps its tokens and other settings when it is ensured again', async () => {
    const syncline = await openSyncline(options);
    try {
      const before = await tokens();
      const { clientId, clientSecret, refreshToken } = simulator.credentials;
      const credentials = { clientId, clientSecret, refreshToken };
      const of = { connector: 'practicepanther', name: 'example' };
      await syncline.ensureConnection({ ...of, credentials, settings: { pageSize: 50 } });
      expect(await tokens()).toEqual({ ...before, settings: { baseUrl: simulator.url, pageSize: 50 } });
      expect(before.tokens).not.toBeNull();
    } finally {
      await syncline.close();
    }
  });

  async function tokens() {
    return bed.db.selectFrom('connections').select(['id', 'tokens', 'settings']).executeTakeFirstOrThrow();
  }
});

describe('it cannot be begun', () => {
  it.each<[string, () => Partial<SynclineOptions>, RegExp]>([
    [
      'without the connectors of what it may be handed',
      () => ({ connectors: [notion] }),
      /connections of practicepanther here/,
    ],
    ['without a key', () => ({ encryptionKey: 'abc' }), /key has to be 32 bytes/],
    ['without a database', () => ({ databaseUrl: '' }), /^databaseUrl has to be a URL that starts with postgres:\/\//],
    [
      'where Postgres is not',
      () => ({ databaseUrl: 'postgres://u:s3cret@127.0.0.1:1/x' }),
      /^Postgres at 127.0.0.1:1 cannot be/,
    ],
    ['in a schema that is not there', () => ({ schema: 'nowhere' }), /does not exist; run npm run migrate. Or pass/],
  ])('%s', async (_, change, why) => {
    const error = await openSyncline({ ...options, ...change() }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SetupError', message: expect.stringMatching(why) });
    expect(String(error)).not.toContain('s3cret');
  });
});
