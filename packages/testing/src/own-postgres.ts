import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type EmbeddedServices, startEmbedded } from '@syncline/embedded';
import pg from 'pg';
import { endNow } from './end-now.js';
import { openOwnHome } from './own-home.js';

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
  /** After `stop` or `kill`: brings it back with its data. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const home = await openOwnHome();
  let services: EmbeddedServices | undefined;
  let adminUrl = '';
  let pid = 0;
  const start = async () => {
    services = await startEmbedded({ home: home.folder, postgres: true, redis: false });
    adminUrl = services.databaseUrl ?? '';
    pid = await postmasterOf(adminUrl);
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
    start,
    close: async () => {
      await stop();
      await home.remove();
    },
  };
}

/** Sessions and helpers of a server; the ones that ended meanwhile are left out. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const lines = stdout.trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

async function postmasterOf(adminUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ file: string }>("select pg_read_file('postmaster.pid') as file");
    return Number(rows[0]?.file.split('\n')[0]);
  } finally {
    await client.end();
  }
}
