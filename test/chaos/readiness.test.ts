import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import {
  createTestBed,
  eventually,
  type OwnPostgres,
  type OwnRedis,
  startOwnPostgres,
  startOwnRedis,
  type TestBed,
} from '@syncline/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Hazard R3 and its kin: what /readyz and /healthz say while a dependency is broken, and after. docs/observability.md has the
// same table; a test below compares.

/** What is promised to whoever looks: red, and green again, within it. */
const noticedMs = 15_000;

const operator = { username: 'operator', password: 'of-tests' };

let postgres: OwnPostgres;
let redis: OwnRedis;
let bed: TestBed;
let api: Awaited<ReturnType<TestBed['startApi']>>;
let worker: Awaited<ReturnType<TestBed['startWorker']>>;
let urls: readonly string[];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startOwnPostgres(), startOwnRedis()]);
  bed = await createTestBed({ postgres, redis });
  [api, worker] = await Promise.all([bed.startApi(), bed.startWorker({ SYNCLINE_WORKER_PORT: '0' })]);
  urls = [api.url, worker.url ?? ''];
});
afterAll(async () => {
  await bed.close();
  await Promise.all([postgres.close(), redis.close()]);
});

interface Answer {
  readonly status: number;
  readonly checks: Readonly<Record<string, string>>;
}

async function ready(url: string): Promise<Answer> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, checks: ((await response.json()) as Pick<Answer, 'checks'>).checks };
}

/** As an operator, past what was broken. */
async function administer(statement: string, database = bed.databaseUrl): Promise<void> {
  const client = new pg.Client({ connectionString: database, options: '-c default_transaction_read_only=off' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const config = (...args: readonly (string | number)[]) => redis.command('CONFIG', 'SET', ...args);

interface Case {
  readonly broken: string;
  readonly check: 'postgres' | 'redis' | 'migrations';
  /** What is answered, by both processes. */
  readonly says: string;
  readonly hit: () => Promise<unknown> | unknown;
  readonly mend: () => Promise<unknown> | unknown;
}

/** By an account of his own: the default one is what is broken. */
async function asOperator(...commands: readonly (readonly [string, ...string[]])[]): Promise<void> {
  const client = new Redis(Object.assign(new URL(redis.url), operator).href);
  for (const [name, ...args] of commands) await client.call(name, ...args);
  client.disconnect();
}

const setReadOnly = async (value: 'on' | 'off') => {
  await administer(`alter system set default_transaction_read_only = ${value}`);
  await administer('select pg_reload_conf()');
};

const cases: readonly Case[] = [
  {
    broken: 'Postgres is stopped',
    check: 'postgres',
    says: 'unreachable',
    hit: () => postgres.stop(),
    mend: () => postgres.start(),
  },
  {
    broken: 'Postgres hangs',
    check: 'postgres',
    says: 'no answer within 2 s',
    hit: () => postgres.signal('SIGSTOP'),
    mend: () => postgres.signal('SIGCONT'),
  },
  {
    broken: 'Postgres takes no writes',
    check: 'postgres',
    says: 'read only: a standby, or set so',
    hit: () => setReadOnly('on'),
    mend: () => setReadOnly('off'),
  },
  {
    broken: 'a migration is missing',
    check: 'migrations',
    says: 'pending: run npm run migrate',
    hit: () =>
      administer(
        'create table aside as select * from kysely_migration order by name desc limit 1; delete from kysely_migration where name in (select name from aside)',
      ),
    mend: () => administer('insert into kysely_migration select * from aside; drop table aside'),
  },
  {
    broken: 'Redis is stopped',
    check: 'redis',
    says: 'unreachable',
    hit: () => redis.kill(),
    mend: () => redis.start(),
  },
  {
    broken: 'Redis hangs',
    check: 'redis',
    says: 'no answer within 2 s',
    hit: () => redis.signal('SIGSTOP'),
    mend: () => redis.signal('SIGCONT'),
  },
  {
    broken: 'Redis is full',
    check: 'redis',
    says: 'out of memory: raise maxmemory',
    hit: () => config('maxmemory', 1),
    mend: () => config('maxmemory', 0),
  },
  {
    broken: 'Redis is a replica',
    check: 'redis',
    says: 'refuses writes (READONLY)',
    hit: () => redis.command('REPLICAOF', '127.0.0.1', 1),
    mend: () => redis.command('REPLICAOF', 'NO', 'ONE'),
  },
  {
    broken: 'Redis wants another password',
    check: 'redis',
    says: 'refuses us (WRONGPASS): look at REDIS_URL',
    hit: async () => {
      const { username, password } = operator;
      await redis.command('ACL', 'SETUSER', username, 'on', `>${password}`, '~*', '&*', '+@all');
      await asOperator(['ACL', 'SETUSER', 'default', 'resetpass', '>another'], ['CLIENT', 'KILL', 'USER', 'default']);
    },
    mend: () => asOperator(['ACL', 'SETUSER', 'default', 'resetpass', `>${new URL(redis.url).password}`]),
  },
  {
    broken: 'Redis may evict keys',
    check: 'redis',
    says: 'may evict keys: set noeviction',
    hit: () => config('maxmemory-policy', 'allkeys-lru'),
    mend: () => config('maxmemory-policy', 'noeviction'),
  },
];

describe('API and worker, while', () => {
  for (const { broken, check, says, hit, mend } of cases) {
    it(`${broken}: not ready, alive, and ready again afterwards`, async () => {
      await hit();
      try {
        await Promise.all(
          urls.map(async (url) => {
            const red = async () => (await ready(url)).checks[check] === says;
            await eventually(`${url} to say: ${says}`, red, noticedMs);
            expect((await ready(url)).status).toBe(503);
            expect((await fetch(`${url}/healthz`)).status, 'a restart would not help').toBe(200);
          }),
        );
      } finally {
        await mend();
      }
      const green = async (url: string) => (await ready(url)).status === 200;
      await Promise.all(urls.map((url) => eventually(`${url} to be ready again`, () => green(url), noticedMs)));
    });
  }
});

describe('a worker', () => {
  const holds = async () => {
    const response = await fetch(`${worker.url}/readyz`);
    return [response.status, ((await response.json()) as { holds?: string[] }).holds];
  };

  it('is ready while somebody has told all work to stand still, and says so', async () => {
    expect(await holds()).toEqual([200, undefined]);
    await administer("update organizations set stopped_at = now(), stopped_by = 'test'");
    expect(await holds()).toEqual([200, ['an emergency stop is in force']]);
    await administer('update organizations set stopped_at = null, stopped_by = null');
    await redis.command('HSET', `${bed.prefix}:practicepanther-contacts:meta`, 'paused', 1);
    expect(await holds()).toEqual([200, ['paused in Bull Board: practicepanther-contacts']]);
    await redis.command('HDEL', `${bed.prefix}:practicepanther-contacts:meta`, 'paused');
    expect(await holds()).toEqual([200, undefined]);
  });

  it('that cannot do anything any more answers nobody, which is what a probe restarts it for', async () => {
    const alive = () =>
      fetch(`${worker.url}/healthz`, { signal: AbortSignal.timeout(1_000) }).then(({ status }) => status);
    worker.signal('SIGSTOP');
    await expect(alive()).rejects.toThrow(/timeout/);
    worker.signal('SIGCONT');
    expect(await alive()).toBe(200);
  });
});

it('the table in docs/observability.md says the same', async () => {
  const text = await readFile(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (.+?) \| `(postgres|redis|migrations)` \| `(.+?)` \|$/gm)];
  expect(rows.map(([, broken, check, says]) => ({ broken, check, says }))).toEqual(
    cases.map(({ broken, check, says }) => ({ broken, check, says })),
  );
});

it('told to stop, both say so at once, while what is under way still ends', async () => {
  // Neither can end what it does while Redis and Postgres hang.
  await Promise.all([postgres.signal('SIGSTOP'), redis.signal('SIGSTOP')]);
  const headers = { authorization: `Bearer ${bed.adminKey}` };
  const underWay = fetch(`${api.url}/api/v1/alerts`, { headers }).catch(() => undefined);
  const ends: string[] = [];
  for (const [name, one] of Object.entries({ api, worker })) void one.ended.then(() => ends.push(name));
  for (const one of [api, worker]) one.signal('SIGTERM');
  await eventually('the worker to say so', async () => (await ready(worker.url ?? '')).checks['work'] === 'stopping');
  await eventually('the API to take no more connections', () => isRefused(new URL(api.url)));
  expect(ends, 'they still have something to end').toEqual([]);
  expect((await Promise.all([api.ended, worker.ended])).map(({ code }) => code)).toEqual([0, 0]);
  await Promise.all([postgres.signal('SIGCONT'), redis.signal('SIGCONT'), underWay]);
});

function isRefused({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}
