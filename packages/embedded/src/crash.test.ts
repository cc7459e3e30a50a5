/** Whatever is killed, nothing is left running: at once, or at the latest with the next start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { askRedis, isOpen } from '../test/redis-talk.js';
import { openTrialHome, processesIn, removeTrialHome } from '../test/trial-home.js';
import { startEmbedded } from './index.js';

const timeout = 60_000;
const compiled = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const script = `
  const { startEmbedded } = await import(process.argv[1]);
  const options = JSON.parse(process.argv[2]);
  const say = (word) => console.log(JSON.stringify(word));
  const services = await startEmbedded({ ...options, onStep: (step) => say({ step }) });
  say({ databaseUrl: services.databaseUrl, redisUrl: services.redisUrl });
  setInterval(() => {}, 1000);
`;

interface Said {
  step?: string;
  databaseUrl?: string;
  redisUrl?: string;
}

// One home for all, as creating a cluster takes most of the time; each test finds it as the last one left it.
let home: string;
beforeAll(async () => {
  home = await openTrialHome();
});
afterEach(async () => {
  expect(await processesIn(home)).toEqual([]);
});
afterAll(() => removeTrialHome(home));

/** Starts services in a process that can be killed; resolves at the first thing it says that `until` accepts. */
async function startElsewhere(
  which: { ephemeral?: boolean; postgres?: boolean },
  until: (said: Said) => boolean,
): Promise<{ parent: ChildProcess; said: Said }> {
  const options = JSON.stringify({ home, postgres: true, redis: true, ...which });
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script, compiled, options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: parent.stdout })) {
    const said = JSON.parse(line) as Said;
    if (until(said)) return { parent, said };
  }
  throw new Error('The parent ended before it said what was waited for.');
}

const isReady = (said: Said): boolean => said.redisUrl !== undefined;

async function killNow(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Kills the keeper and, so that it cannot tidy up either, its parent. */
async function killBoth(parent: ChildProcess, recordFile: string): Promise<void> {
  const { keeper } = JSON.parse(await readFile(recordFile, 'utf8')) as { keeper: number };
  parent.kill('SIGSTOP');
  process.kill(keeper, 'SIGKILL');
  await killNow(parent);
}

it('a parent killed in the middle of the first start leaves nothing', { timeout }, async () => {
  await expect(stat(join(home, 'postgres'))).rejects.toThrow('ENOENT');
  const { parent } = await startElsewhere({}, (said) => said.step?.startsWith('Creating') ?? false);
  await killNow(parent);
  await expect.poll(() => processesIn(home), { timeout: 20_000 }).toEqual([]);
  const next = await startEmbedded({ home, postgres: true, redis: true });
  expect(await isOpen(next.databaseUrl ?? '')).toBe(true);
  await next.stop();
});

it('a killed parent takes the services with it, and the next start need not be delayed', { timeout }, async () => {
  const { parent, said } = await startElsewhere({}, isReady);
  await askRedis(said.redisUrl ?? '', 'SET kept yes');
  await killNow(parent);
  const next = await startEmbedded({ home, postgres: true, redis: true });
  expect(await askRedis(next.redisUrl ?? '', 'GET kept')).toBe('$3 yes');
  await next.stop();
});

it('services of a killed keeper are cleared by the next start', { timeout }, async () => {
  const { parent, said } = await startElsewhere({}, isReady);
  await askRedis(said.redisUrl ?? '', 'SET kept yes');
  await killBoth(parent, join(home, 'keeper.json'));
  expect(await isOpen(said.databaseUrl ?? '')).toBe(true);
  const steps: string[] = [];
  const next = await startEmbedded({ home, postgres: true, redis: true, onStep: (line) => steps.push(line) });
  expect(steps).toEqual([
    expect.stringMatching(/^Stopping a (Postgres|Redis) that an earlier run left behind/),
    expect.stringMatching(/^Stopping a (Postgres|Redis) that an earlier run left behind/),
  ]);
  expect(await askRedis(next.redisUrl ?? '', 'GET kept')).toBe('$3 yes');
  await next.stop();
});

it('so are those whose data was to be thrown away, and the data', { timeout }, async () => {
  const { parent, said } = await startElsewhere({ ephemeral: true, postgres: false }, isReady);
  const [name] = await readdir(join(home, 'ephemeral'));
  const recordFile = join(home, 'ephemeral', name ?? '');
  const { place } = JSON.parse(await readFile(recordFile, 'utf8')) as { place: string };
  await killBoth(parent, recordFile);
  const next = await startEmbedded({ home, postgres: false, redis: true, ephemeral: true });
  await next.stop();
  expect(await isOpen(said.redisUrl ?? '')).toBe(false);
  await expect(stat(place)).rejects.toThrow('ENOENT');
});

it('tells when a service ends, and when the keeper does; stop clears up after it', { timeout }, async () => {
  const ended: string[] = [];
  const services = await startEmbedded({ home, postgres: true, redis: true, onExit: (part) => ended.push(part) });
  const redis = Number(await readFile(join(home, 'redis', 'redis.pid'), 'utf8'));
  process.kill(redis, 'SIGKILL');
  await expect.poll(() => ended, { timeout: 10_000 }).toEqual(['redis']);
  const { keeper } = JSON.parse(await readFile(join(home, 'keeper.json'), 'utf8')) as { keeper: number };
  process.kill(keeper, 'SIGKILL');
  await expect.poll(() => ended, { timeout: 10_000 }).toEqual(['redis', 'keeper']);
  expect(await isOpen(services.databaseUrl ?? '')).toBe(true);
  await services.stop();
  expect(await isOpen(services.databaseUrl ?? '')).toBe(false);
});
