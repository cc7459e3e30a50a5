import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTestBed } from '@syncline/testing';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../dist/bundle.js', import.meta.url));

it('a database that was moved goes on when somebody says so, and not while the other one is at work', async () => {
  const bed = await createTestBed();
  onTestFinished(() => bed.close());
  const redis = new Redis(bed.redisUrl);
  onTestFinished(() => redis.disconnect());
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [program, 'takeover', ...args], {
      env: { PATH: process.env['PATH'], ...bed.environment },
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const [code] = (await once(child, 'exit')) as [number];
    return { code, said };
  };
  expect(await run()).toEqual({ code: 0, said: 'Nothing to take over: Postgres and Redis belong together.\n' });

  const elsewhere = '["1","elsewhere","public"]';
  await sql`update syncline_installation set place = ${elsewhere}, generation = 5`.execute(bed.db);
  const { rows } = await sql<{ identity: string }>`select identity from syncline_installation`.execute(bed.db);
  const key = `${bed.prefix}:installation`;
  const mark = { identity: rows[0]?.identity ?? '', generation: 7, place: elsewhere, every: 5, at: Date.now() };
  await redis.hset(key, mark);
  expect(await run('--confirm')).toMatchObject({ code: 2, said: expect.stringMatching(/^Redis was at work for/) });

  await redis.hset(key, { ...mark, at: Date.now() - 60_000 });
  expect(await run()).toMatchObject({ code: 2, said: expect.stringMatching(/^This database was elsewhere/) });
  expect(await run('--confirm')).toMatchObject({ code: 0 });
  // What Redis knows more than Postgres is kept: workers notice by it that something was lost.
  const after = await redis.hgetall(key);
  expect(after).toMatchObject({ identity: mark.identity, generation: '7' });
  expect(after['place']).not.toBe(elsewhere);
});

it('without Redis it says so, and that somebody has to look', async () => {
  const env = { PATH: process.env['PATH'], DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' };
  const child = spawn(process.execPath, [program, 'takeover'], {
    env: { ...env, REDIS_URL: 'redis://:hunter2@127.0.0.1:1' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const [code] = (await once(child, 'exit')) as [number];
  const sentence =
    'Redis cannot be used (connect ECONNREFUSED 127.0.0.1:1): check REDIS_URL, the server and its firewall.';
  expect({ code, said }).toEqual({ code: 2, said: `${sentence}\n` });
});
