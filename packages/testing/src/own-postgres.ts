import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedServices, startEmbedded } from '@syncline/embedded';
import pg from 'pg';
import { endNow } from './end-now.js';
import { openOwnHome } from './own-home.js';

const run = promisify(execFile);

/** A Postgres that a test file has to itself: to be stopped, killed and brought back. */
export interface OwnPostgres {
  /** A database that may be asked to create others, as of the last start. The port stays if nobody else took it. */
  readonly adminUrl: string;
  /** Ends it as an operator does: sessions are told and cut. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** To the server and every session of it. SIGSTOP and SIGCONT: connections stay, answers do not come. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** After `stop` or `kill`: brings it back with its data, or with those of a copy. */
  start(copy?: PostgresCopy): Promise<void>;
  /** Its data as of now, taken while it works: what a replica has that gets nothing any more. */
  copy(): Promise<PostgresCopy>;
  close(): Promise<void>;
}

interface PostgresCopy {
  readonly folder: string;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const home = await openOwnHome();
  let services: EmbeddedServices | undefined;
  let adminUrl = '';
  let pid = 0;
  let data = '';
  let copies = 0;
  const start = async () => {
    services = await startEmbedded({ home: home.folder, postgres: true, redis: false });
    adminUrl = services.databaseUrl ?? '';
    pid = await postmasterOf(adminUrl);
    data = await askOne(adminUrl, 'show data_directory', 'data_directory');
  };
  const stop = async () => services?.stop();
  await start();
  return {
    get adminUrl() {
      return adminUrl;
    },
    stop,
    kill: async () => {
      await endNow(pid);
      await stop();
    },
    signal: async (signal) => {
      for (const one of [pid, ...(await childrenOf(pid))]) process.kill(one, signal);
    },
    start: async (copy) => {
      if (copy !== undefined) {
        await rm(data, { recursive: true });
        await run('cp', ['-a', copy.folder, data]);
      }
      await start();
    },
    copy: async () => {
      copies += 1;
      const folder = join(home.folder, `copy-${copies}`);
      await copyWhileItWorks(adminUrl, data, folder);
      return { folder };
    },
    close: async () => {
      await stop();
      await home.remove();
    },
  };
}

/** Sessions and helpers of a server; the ones that ended meanwhile are left out. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const lines = stdout.trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

/** With what it writes meanwhile, so that the copy can recover to the end of it. `cp` keeps whose the files are. */
async function copyWhileItWorks(adminUrl: string, data: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("select pg_backup_start('copy', true)");
    await run('cp', ['-a', data, folder]);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    const label = join(folder, 'backup_label');
    await run('cp', ['-a', join(data, 'PG_VERSION'), label]);
    await writeFile(label, rows[0]?.labelfile ?? '');
    await run('cp', ['-a', `${join(data, 'pg_wal')}/.`, join(folder, 'pg_wal')]);
    await rm(join(folder, 'postmaster.pid'), { force: true });
  } finally {
    await client.end();
  }
}

async function askOne(adminUrl: string, query: string, column: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return String((await client.query(query)).rows[0]?.[column]);
  } finally {
    await client.end();
  }
}

async function postmasterOf(adminUrl: string): Promise<number> {
  return Number((await askOne(adminUrl, "select pg_read_file('postmaster.pid') as file", 'file')).split('\n')[0]);
}
