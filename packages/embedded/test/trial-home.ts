import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Where the whole test run keeps what it had to fetch, a Redis for example: fetched once, used by all.
const commonHome = process.env.SYNCLINE_HOME ?? fileURLToPath(new URL('../../../.syncline', import.meta.url));

/** A fresh home for a test, with the common tools. */
export async function openTrialHome(): Promise<string> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'syncline-trial-')));
  // As root, Postgres runs as somebody else, who has to get in.
  await chmod(home, 0o755);
  const tools = resolve(commonHome, 'tools');
  await mkdir(tools, { recursive: true });
  await symlink(tools, join(home, 'tools'));
  return home;
}

export async function removeTrialHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** The processes whose command line names the home or anything below it. */
export async function processesIn(home: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 1 && pid !== process.pid);
  const named = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.split('\0').some((word) => word === home || word.startsWith(`${home}/`));
    }),
  );
  return pids.filter((_pid, index) => named[index]);
}
