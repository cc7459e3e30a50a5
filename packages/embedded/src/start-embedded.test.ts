import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askRedis, isOpen } from '../test/redis-talk.js';
import { openTrialHome, processesIn, removeTrialHome } from '../test/trial-home.js';
import { EmbeddedError, type EmbeddedServices, startEmbedded } from './index.js';

const patience = 60_000;
let home: string;
let steps: string[];
let running: EmbeddedServices[];

beforeAll(async () => {
  home = await openTrialHome();
});
beforeEach(() => {
  steps = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((services) => services.stop()));
  expect(await processesIn(home)).toEqual([]);
}, patience);
afterAll(() => removeTrialHome(home));

async function start(which: {
  postgres?: boolean;
  redis?: boolean;
  ephemeral?: boolean;
}): Promise<Required<EmbeddedServices>> {
  const options = { home, postgres: false, redis: false, ...which, onStep: (line: string) => steps.push(line) };
  const services = await startEmbedded(options);
  running.push(services);
  return { databaseUrl: '', redisUrl: '', ...services };
}

/** What distinguishes one cluster from another: Postgres' own identifier, the first bytes of its control file. */
async function clusterIdentifier(): Promise<string> {
  return (await readFile(join(home, 'postgres', 'global', 'pg_control'))).subarray(0, 8).toString('hex');
}

it('brings nothing, not even a folder, when nothing is asked for', async () => {
  const nowhere = join(home, 'nowhere');
  const services = await startEmbedded({ home: nowhere, postgres: false, redis: false });
  await services.stop();
  await expect(stat(nowhere)).rejects.toThrow('ENOENT');
});

describe('with a home to keep', () => {
  it('brings both, and the data is still there after a restart', { timeout: patience }, async () => {
    const first = await start({ postgres: true, redis: true });
    expect(first.databaseUrl).toMatch(/^postgres:\/\/syncline:[0-9a-f]{48}@127\.0\.0\.1:\d+\/syncline$/);
    expect(await isOpen(first.databaseUrl)).toBe(true);
    expect(await askRedis(first.redisUrl, 'PING')).toBe('+PONG');
    expect(await askRedis(first.redisUrl, 'SET kept yes')).toBe('+OK');
    const cluster = await clusterIdentifier();
    await first.stop();
    expect([await isOpen(first.databaseUrl), await isOpen(first.redisUrl)]).toEqual([false, false]);
    expect(await processesIn(home)).toEqual([]);

    const again = await start({ postgres: true, redis: true });
    expect([again.databaseUrl, again.redisUrl]).toEqual([first.databaseUrl, first.redisUrl]);
    expect(await askRedis(again.redisUrl, 'GET kept')).toBe('$3 yes');
    expect(await clusterIdentifier()).toBe(cluster);
  });

  it('refuses a second start, and lets the first go on', { timeout: patience }, async () => {
    const first = await start({ redis: true });
    const refused = await start({ redis: true }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(EmbeddedError);
    expect((refused as EmbeddedError).message).toBe(`Syncline already runs in ${home} (process ${process.pid}).`);
    expect((refused as EmbeddedError).hint).toContain('SYNCLINE_HOME');
    expect(await askRedis(first.redisUrl, 'PING')).toBe('+PONG');
  });

  it('keeps passwords to itself and asks for them', { timeout: patience }, async () => {
    const { redisUrl } = await start({ redis: true });
    const modeOf = async (name: string) => ((await stat(join(home, name))).mode & 0o777).toString(8);
    expect([await modeOf('redis.password'), await modeOf('redis/redis.conf')]).toEqual(['600', '600']);
    const stranger = redisUrl.replace(/:[0-9a-f]{48}@/, ':wrong@');
    expect(await askRedis(stranger, 'PING')).toContain('NOAUTH');
  });

  it('will not touch a folder that is no cluster', { timeout: patience }, async () => {
    await rm(join(home, 'postgres'), { recursive: true });
    await mkdir(join(home, 'postgres'));
    await writeFile(join(home, 'postgres', 'letter.txt'), 'dear diary');
    await expect(start({ postgres: true })).rejects.toThrow('holds files, but no Postgres cluster');
    await writeFile(join(home, 'postgres', 'PG_VERSION'), '9\n');
    await expect(start({ postgres: true })).rejects.toThrow('was made by Postgres 9');
    expect(await readFile(join(home, 'postgres', 'letter.txt'), 'utf8')).toBe('dear diary');
  });
});

describe('with data to throw away', () => {
  it('runs twice at a time and leaves nothing but the tools', { timeout: patience }, async () => {
    await mkdir(join(home, 'ephemeral'), { recursive: true });
    const before = (await readdir(home)).sort();
    const [one, two] = await Promise.all([
      start({ postgres: true, redis: true, ephemeral: true }),
      start({ redis: true, ephemeral: true }),
    ]);
    expect(await isOpen(one.databaseUrl)).toBe(true);
    expect(two.redisUrl).not.toBe(one.redisUrl);
    const folders = steps
      .map((line) => /^Creating a Postgres cluster in (.*)\/postgres$/.exec(line)?.[1])
      .filter(Boolean);
    expect(folders).toHaveLength(1);
    await Promise.all([one.stop(), two.stop()]);
    await expect(stat(folders[0] ?? home)).rejects.toThrow('ENOENT');
    expect(await readdir(join(home, 'ephemeral'))).toEqual([]);
    expect((await readdir(home)).sort()).toEqual(before);
  });
});
