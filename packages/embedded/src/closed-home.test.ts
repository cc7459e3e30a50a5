import { chmod, readdir, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOpen } from '../test/redis-talk.js';
import { openTrialHome, processesIn, removeTrialHome } from '../test/trial-home.js';
import { sharedFolder } from './home/shared-folder.js';
import { startEmbedded } from './index.js';

/** Only root lends Postgres another user, and only then can a home be closed to it. */
describe.runIf(process.getuid?.() === 0)('a home that only root can enter', () => {
  let home: string;
  let umask: number;
  beforeAll(async () => {
    home = await openTrialHome();
    await chmod(home, 0o700);
    // The strictest that people use: nothing we create may rely on a milder one.
    umask = process.umask(0o077);
  });
  afterAll(async () => {
    process.umask(umask);
    const database = await readlink(join(home, 'postgres'));
    if (database.startsWith(`${sharedFolder}/`)) await rm(dirname(database), { recursive: true });
    if ((await readdir(sharedFolder)).length === 0) await rmdir(sharedFolder);
    await removeTrialHome(home);
  });

  it('keeps its database where Postgres can reach it, and finds it again', async () => {
    const steps: string[] = [];
    const first = await startEmbedded({ home, postgres: true, redis: true, onStep: (line) => steps.push(line) });
    expect(steps).toContainEqual(expect.stringContaining(`who cannot enter ${home}`));
    expect(await isOpen(first.databaseUrl ?? '')).toBe(true);
    await first.stop();
    const database = await readlink(join(home, 'postgres'));
    const created = (await stat(join(database, 'PG_VERSION'))).ino;

    const again = await startEmbedded({ home, postgres: true, redis: false });
    expect(again.databaseUrl).toBe(first.databaseUrl);
    await again.stop();
    expect(await readlink(join(home, 'postgres'))).toBe(database);
    expect((await stat(join(database, 'PG_VERSION'))).ino).toBe(created);
    expect([...(await processesIn(home)), ...(await processesIn(database))]).toEqual([]);
  });
});
