import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisCommand } from '@syncline/embedded';
import { Redis, type RedisOptions } from 'ioredis';
import { commonHome } from './common-home.js';
import { eventually } from './eventually.js';

/** One Redis process of a test's own topology: a node, a master, a replica, a Sentinel. */
export interface RedisServer {
  readonly port: number;
  /** Sends one command, as an operator would with redis-cli. */
  command(name: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** SIGSTOP and SIGCONT: connections stay, answers do not come. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface RedisServerOptions {
  /** Lines of its configuration, beside port, folder and address. */
  readonly config?: readonly string[];
  readonly sentinel?: boolean;
  /** How an operator connects, where a password or TLS is asked for. */
  readonly operator?: RedisOptions;
  /** Another program than the one that tests share: Valkey, say. */
  readonly program?: string;
  /** 0 for no plain port. */
  readonly plainPort?: 0;
}

const portsOfAShare = 650;
/** From anywhere in it, for the sake of another run at the same time. */
let nextPort = Math.floor(Math.random() * portsOfAShare);
let found: ReturnType<typeof redisCommand> | undefined;

/** Starts one and waits until it answers. It ends with this process at the latest. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  found ??= redisCommand(commonHome);
  const program = options.program === undefined ? await found : { command: options.program, env: {} };
  const folder = await mkdtemp(join(tmpdir(), 'syncline-redis-'));
  await chmod(folder, 0o755);
  const port = await clusterablePort();
  const file = join(folder, 'redis.conf');
  const ports = options.plainPort === 0 ? ['port 0', `tls-port ${port}`] : [`port ${port}`];
  const lines = ['bind 127.0.0.1', `dir ${folder}`, 'daemonize no', ...ports];
  const memory = options.sentinel ? [] : ['save ""', 'maxmemory-policy noeviction', 'repl-diskless-sync-delay 0'];
  await writeFile(file, `${[...lines, ...memory, ...(options.config ?? [])].join('\n')}\n`);
  const child = spawn(program.command, [file, ...(options.sentinel ? ['--sentinel'] : [])], {
    env: { ...process.env, ...program.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => printed.push(String(text)));
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const ended = once(child, 'exit');
  const command: RedisServer['command'] = async (name, ...args) => {
    const redis = new Redis({ port, retryStrategy: () => null, maxRetriesPerRequest: 0, ...options.operator });
    redis.on('error', () => undefined);
    try {
      return await redis.call(name, ...args.map(String));
    } finally {
      redis.disconnect();
    }
  };
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) end();
    await ended;
    process.off('exit', end);
  };
  await eventually(`a Redis at port ${port}`, async () => {
    if (hasEnded(child)) throw new Error(`Redis ended:\n${printed.join('')}`);
    return command('PING').then(
      () => true,
      () => false,
    );
  });
  return {
    ...{ port, command, kill },
    signal: (signal) => void child.kill(signal),
    close: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * One that is free and whose place ten thousand above it is, too: nodes of a Cluster talk to each other there. Both are below
 * those that the kernel gives to connections, and each process of a test run takes them from a share of its own: between
 * the look and the start nobody else comes.
 */
async function clusterablePort(): Promise<number> {
  const firstOfShare = 20_000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 4) * portsOfAShare;
  for (;;) {
    const port = firstOfShare + (nextPort++ % portsOfAShare);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const { port: taken } = server.address() as AddressInfo;
      server.close(() => resolve(taken === port));
    });
  });
}
