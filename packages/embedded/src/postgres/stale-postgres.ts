import { realpath, rm } from 'node:fs/promises';
import { EmbeddedError } from '../embedded-error.js';
import { type EndStep, endProcess, kill } from '../process/end-process.js';
import { processNames, processRuns } from '../process/process-command.js';
import { postmasterFile, readPostmaster } from './postmaster-file.js';

/** Fast shutdown: ends the sessions, writes everything down. Then the hard way, which recovery makes good again. */
export const fastShutdown: readonly EndStep[] = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 3_000 },
];

/**
 * Stops a Postgres that a killed keeper left running on this data. Call it only when no keeper holds
 * the home. Throws an EmbeddedError when the process will not go.
 */
export async function stopStalePostgres(data: string, onStep: (line: string) => void): Promise<void> {
  const folder = await realpath(data).catch(() => undefined);
  const left = folder && (await readPostmaster(folder));
  if (!left) return;
  const isOurs = (): Promise<boolean> => processNames(left.pid, folder);
  if (await isOurs()) {
    onStep(`Stopping a Postgres that an earlier run left behind (process ${left.pid})`);
    if (!(await endProcess(left.pid, isOurs, [...fastShutdown, kill]))) {
      throw new EmbeddedError(
        `A Postgres of an earlier run (process ${left.pid}) holds ${data} and does not end.`,
        `End process ${left.pid} yourself, or set DATABASE_URL.`,
      );
    }
  }
  // Postgres would refuse to start if the number now belongs to someone else. Should that be a Postgres
  // after all, started by hand on this folder, then refusing is right.
  if (!(await processRuns(left.pid, 'postgres'))) await rm(postmasterFile(folder), { force: true });
}
