import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.js';

/** A pooler in transaction mode before a Postgres. */
export interface PgBouncer {
  /** The same database by way of it. */
  urlOf(databaseUrl: string): string;
  close(): Promise<void>;
}

/** The path of a program, undefined where this machine has none. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    const file = join(folder, name);
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

/** Starts one that gives all sessions of a database and user together `size` connections; `more` are lines of its settings. */
export async function startPgBouncer(
  program: string,
  databaseUrl: string,
  size: number,
  more: readonly string[] = [],
): Promise<PgBouncer> {
  const { hostname, port: postgresPort, username, password } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'syncline-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const login = `user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}`;
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${postgresPort} ${login}`,
    '[pgbouncer]',
    ...['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', 'auth_type = any'],
    ...['pool_mode = transaction', `default_pool_size = ${size}`, 'max_client_conn = 200', 'server_check_delay = 0'],
    ...more,
  ];
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, `${settings.join('\n')}\n`);
  await chmod(file, 0o644);
  // It refuses to run as root.
  const someone = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(program, [file], { stdio: ['ignore', 'ignore', 'pipe'], ...someone });
  const printed: string[] = [];
  child.stderr.on('data', (text) => printed.push(String(text)));
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const ended = once(child, 'exit');
  await eventually('PgBouncer to listen', async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended:\n${printed.join('')}`);
    return listens(port);
  });
  return {
    urlOf: (url) => {
      const through = new URL(url);
      through.port = String(port);
      return through.href;
    },
    close: async () => {
      end();
      await ended;
      process.off('exit', end);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
