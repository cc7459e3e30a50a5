import { chmod, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { EmbeddedError } from '../embedded-error.js';
import type { Identity } from '../process/identity.js';
import { keeperLives, readRecord, removeRecord, writeRecord } from './keeper-record.js';
import { openSharedFolder, sharedFolder } from './shared-folder.js';
import { firstClosedFolder } from './traversal.js';

const prefix = 'syncline-run-';

/** Creates the folder of a run whose data is thrown away, and notes it in the home for a later sweep. */
export async function openEphemeralRun(
  home: string,
  run: { runId: string; parent: number; identity: Identity | undefined },
): Promise<{ folder: string; discard(): Promise<void> }> {
  const folder = await mkdtemp(join(await temporaryBase(run.identity), prefix));
  // mkdtemp closes the folder to others, but root's stand-in has to pass through it.
  if (run.identity) await chmod(folder, 0o755);
  const recordFile = join(home, 'ephemeral', `${run.runId}.json`);
  await mkdir(join(home, 'ephemeral'), { recursive: true });
  await writeRecord(recordFile, { keeper: process.pid, parent: run.parent, runId: run.runId, place: folder });
  const discard = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await removeRecord(recordFile);
  };
  return { folder, discard };
}

/**
 * Clears what ephemeral runs left behind whose keeper was killed: `clear` stops the services in the
 * folder it is given, then the folder is removed.
 */
export async function sweepEphemeralRuns(home: string, clear: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(home, 'ephemeral');
  for (const name of await readdir(folder).catch(() => [])) {
    const record = await readRecord(join(folder, name));
    if (!record || (await keeperLives(record))) continue;
    await clear(record.place);
    // The record is a file in a folder that anyone may have edited: remove nothing that is not named like ours.
    if (basename(record.place).startsWith(prefix)) await rm(record.place, { recursive: true, force: true });
    await removeRecord(join(folder, name));
  }
}

async function temporaryBase(identity: Identity | undefined): Promise<string> {
  const base = await realpath(tmpdir());
  if (!identity || !(await firstClosedFolder(base, identity))) return base;
  try {
    return await openSharedFolder();
  } catch (error) {
    throw new EmbeddedError(
      `Neither ${base} nor ${sharedFolder} can be used by the user ${identity.name}, as whom root runs Postgres.`,
      'Set TMPDIR to a folder every user can enter, or set DATABASE_URL to a Postgres of yours.',
      { cause: error },
    );
  }
}
