import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { oneConnection } from '../testing/running-api.js';

const script = fileURLToPath(new URL('../dist/bundle.js', import.meta.url));

let bed: TestBed;
const children: ChildProcess[] = [];

beforeAll(async () => {
  bed = await createTestBed();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => bed.close());

function start(extra: Record<string, string | undefined> = {}) {
  const given = { ...bed.environment, SYNCLINE_ADMIN_KEY: bed.adminKey, PORT: '0', ...extra };
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const child = fork(script, [], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  const printed: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text) => printed.push(text));
  // Not `close`: Node does not emit it after a disconnect.
  const over = Promise.all([once(child, 'exit'), child.stderr === null ? undefined : once(child.stderr, 'end')]);
  return {
    child,
    ready: async () => ((await once(child, 'message')) as [{ type: string; url: string }])[0],
    /** Exit code and everything on standard error. */
    ended: async () => {
      const [[code]] = await over;
      return { code: code as number | null, text: printed.join('') };
    },
  };
}

test('it says when and where it is ready, and ends on SIGTERM, SIGINT and with its parent', async () => {
  const endings = [
    (child: ChildProcess) => void child.kill('SIGTERM'),
    (child: ChildProcess) => void child.kill('SIGINT'),
    (child: ChildProcess) => child.disconnect(),
  ];
  for (const end of endings) {
    const api = start();
    const { type, url } = await api.ready();
    expect(type).toBe('ready');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    end(api.child);
    expect(await api.ended()).toEqual({ code: 0, text: '' });
  }
});

test('what is wrong with the environment is said, all at once and without a stack', async () => {
  const { code, text } = await start({ DATABASE_URL: undefined, PORT: 'x', SYNCLINE_ADMIN_KEI: 'y' }).ended();
  expect(code).toBe(2);
  expect(text).toMatch(/^PORT .*\nDATABASE_URL is required.*\nSYNCLINE_ADMIN_KEI is not known.*\n$/);
});

test('a port that is taken is one line', async () => {
  const taken: Server = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const ended = await start({ PORT: String(port) }).ended();
  taken.close();
  expect(ended).toEqual({ code: 2, text: `Port ${port} is taken by another program: set PORT to a free one.\n` });
});

test('half a connection and a foreign encryption key are one line each', async () => {
  const half = await start({ PP_CLIENT_ID: 'client' }).ended();
  expect(half).toEqual({ code: 2, text: 'PP_CLIENT_SECRET has to be set with PP_CLIENT_ID\n' });
  const first = start(oneConnection);
  await first.ready();
  const foreign = { ...oneConnection, SYNCLINE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  const { code, text } = await start(foreign).ended();
  expect(code).toBe(2);
  expect(text).toMatch(/^[^\n]*SYNCLINE_ENCRYPTION_KEY[^\n]*\n$/);
});

test('a database that Postgres does not know is one line', async () => {
  const { code, text } = await start({ DATABASE_URL: `${bed.databaseUrl}_gone` }).ended();
  expect(code).toBe(2);
  expect(text).toMatch(/^Postgres: database "[^"]*_gone" does not exist; check DATABASE_URL\.\n$/);
});

test('without Redis it starts, and says that it is not ready', async () => {
  const { url } = await start({ REDIS_URL: 'redis://127.0.0.1:1' }).ready();
  const response = await fetch(`${url}/readyz`);
  expect([response.status, await response.json()]).toMatchObject([
    503,
    { checks: { postgres: 'ok', redis: 'unreachable' } },
  ]);
});
