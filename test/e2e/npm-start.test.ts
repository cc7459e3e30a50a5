import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../apps/cli/dist/bundle.js', import.meta.url));
const sharedTools = fileURLToPath(new URL('../../.syncline/tools', import.meta.url));

let home: string;
const started: ChildProcess[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'syncline-start-'));
  // As root, Postgres runs as somebody else, who has to get in; otherwise its data would be kept elsewhere.
  chmodSync(home, 0o755);
  // A Redis that an earlier start has fetched is good for this home, too.
  mkdirSync(sharedTools, { recursive: true });
  symlinkSync(sharedTools, join(home, 'tools'));
});
afterEach(async () => {
  for (const child of started.splice(0)) await end(child, 'SIGKILL');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function start(env: Record<string, string> = {}) {
  const args = [script, 'up', '--contacts', '150', '--workers', '2'];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], SYNCLINE_HOME: home, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const said = (words: string) => eventually(`"${words}" in:\n${text}`, () => text.includes(words) && text, 55_000);
  return { child, said, text: () => text };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

/** Processes that have to do with this home: its services, and those that carry it in their environment. */
function leftovers(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return (
          environment.includes(`SYNCLINE_HOME=${home}`) || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home)
        );
      } catch {
        return false;
      }
    });
}

it.runIf(existsSync('/proc/self'))(
  'comes up from nothing, stops on Ctrl-C, and goes on with its data',
  async () => {
    const first = start();
    const summary = await first.said('Ctrl-C stops everything');
    expect(summary).toMatch(/contacts +150 rows/);
    // Beside it a clinic, less the patients that it has archived.
    expect(summary).toMatch(/ patients +1\d\d rows/);
    expect(summary).toMatch(/ appointments +[1-9]\d+ rows/);
    // And an agency, which goes on adding clients.
    expect(summary).toMatch(/ clients +1\d rows/);
    // And a payments broker, whose history comes in the background.
    expect(summary).toMatch(/ transactions +[1-9]\d* rows/);
    expect(summary).toMatch(/History +irelandpay: .* months/);
    const [, simulator] = /curl -X PATCH (\S+\/__simulator\/)pages\/[0-9a-f-]{36} /.exec(summary) ?? [];
    expect(summary).toMatch(/Next sync +\d{4}-\d\d-\d\d \d\d:\d\d UTC, by itself/);
    const [, key] = /Admin key +(\S+)/.exec(summary) ?? [];
    const [, url] = /curl -X POST (\S+)\/api\/sync\/trigger/.exec(summary) ?? [];
    // The browser on this machine needs no key.
    const { host } = new URL(String(url));
    const signedIn = await fetch(`${url}/api/v1/session/local`, {
      method: 'POST',
      headers: { host, origin: String(url), 'sec-fetch-site': 'same-origin' },
    });
    expect([signedIn.status, await signedIn.json()]).toMatchObject([200, { role: 'platform', via: 'session' }]);
    const built = (await fetch(`${url}/app/`)).ok;
    expect(/Dashboard +(\S+)/.exec(summary)?.[1]).toBe(built ? `${url}/app/` : undefined);
    // Whatever changes there is told to the API.
    const webhooks = await (await fetch(`${simulator}webhooks`)).json();
    expect(webhooks).toMatchObject({ subscriptions: [{ url: `${url}/api/webhooks/notion`, verified: true }] });
    const [, payments] = /simulated Ireland Pay .* is at (\S+)api\/v1\//.exec(summary) ?? [];
    await fetch(`${payments}__simulator/webhooks/test`, { method: 'POST' });
    await eventually('the test of a subscription to have come', async () => {
      const headers = { authorization: `Bearer ${key}` };
      const health = await fetch(`${url}/api/webhooks/irelandpay/health`, { headers });
      return /"verifiedAt":"2/.test(await health.text());
    });
    // Another terminal: it finds the API and its key where this start keeps them.
    const { stdout } = await promisify(execFile)(process.execPath, [script, 'sync', '--follow'], {
      env: { PATH: process.env['PATH'], SYNCLINE_HOME: home },
    });
    expect(stdout.match(/^Sync \S+ completed$/gm)).toHaveLength(4);
    const triggered = await fetch(`${url}/api/sync/trigger`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{"syncType":"full"}',
    });
    expect(triggered.status).toBe(202);
    const asAdmin = { headers: { authorization: `Bearer ${key}` } };
    const ask = async <T>(path: string) =>
      (await (await fetch(`${url}/api/v1/connections${path}`, asAdmin)).json()) as T;
    const { data } = await ask<{ data: { id: string; connector: string }[] }>('');
    const broker = data.find(({ connector }) => connector === 'irelandpay')?.id;
    await eventually('the history of the broker', async () => {
      return (await ask<{ state: string }>(`/${broker}/history`)).state === 'done';
    });
    expect(await end(first.child, 'SIGINT')).toBe(0);
    expect(leftovers()).toEqual([]);

    const second = start();
    const again = await second.said('Ctrl-C stops everything');
    expect(again).not.toContain('Creating a Postgres cluster');
    expect(again).toMatch(/contacts +150 rows/);
    expect(again).toContain(key);
    // All that was asked for of the broker, or a late batch more.
    expect(again).toMatch(/ transactions +50\d\d rows/);
    expect(again).toMatch(/ residuals +[1-9]\d rows/);
    expect(again).toMatch(/History +irelandpay: All months from \d{4}-\d\d to \d{4}-\d\d are read/);
    // A crash leaves nothing behind either.
    await end(second.child, 'SIGKILL');
    await eventually('the processes of a killed parent to end', () => leftovers().length === 0);
  },
  120_000,
);

it('says in a line what is wrong with the port, a variable or a missing key', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as { port: number };
  const taken = start({ PORT: String(port) });
  await once(taken.child, 'exit');
  expect(taken.text()).toContain(`${port}`);
  expect(taken.text()).toMatch(/PORT/);
  expect(taken.text()).not.toContain('    at ');
  blocker.close();

  const unknown = start({ SYNCLINE_EGRES_ALLOW: 'x:1' });
  await once(unknown.child, 'exit');
  expect(unknown.child.exitCode).toBe(2);
  expect(unknown.text()).toContain('SYNCLINE_EGRES_ALLOW is not known');

  const keyless = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  await once(keyless.child, 'exit');
  expect(keyless.child.exitCode).toBe(2);
  expect(keyless.text()).toContain('SYNCLINE_ADMIN_KEY and SYNCLINE_ENCRYPTION_KEY');
});
