import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedServices, startEmbedded } from '@syncline/embedded';
import { Redis } from 'ioredis';
import { endNow } from './end-now.js';
import { openOwnHome } from './own-home.js';

/** A Redis that a test file has to itself: to be emptied, filled, halted, killed and brought back. */
export interface OwnRedis {
  /** As of its last start. It keeps its port if nobody else took it meanwhile. */
  readonly url: string;
  /** Sends one command, as an operator would with redis-cli. */
  command(name: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** SIGSTOP and SIGCONT: connections stay, answers do not come. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it as a crash does, without a word of farewell. Its data stay as far as they were written. */
  kill(): Promise<void>;
  /** After `kill`: brings it back with its data, without any, or with those of a copy. */
  start(data?: 'kept' | 'lost' | RedisCopy): Promise<void>;
  /** What is on its disk now, for a later `start`. */
  copy(): Promise<RedisCopy>;
  close(): Promise<void>;
}

export interface RedisCopy {
  readonly folder: string;
}

export async function startOwnRedis(): Promise<OwnRedis> {
  const home = await openOwnHome();
  const data = join(home.folder, 'redis');
  let services: EmbeddedServices | undefined;
  let url = '';
  let pid = 0;
  let copies = 0;
  const command: OwnRedis['command'] = async (name, ...args) => {
    const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    try {
      return await redis.call(name, ...args.map(String));
    } finally {
      redis.disconnect();
    }
  };
  const start = async () => {
    services = await startEmbedded({ home: home.folder, postgres: false, redis: true });
    url = services.redisUrl ?? '';
    pid = Number(/process_id:(\d+)/.exec(String(await command('INFO', 'server')))?.[1]);
  };
  // Always the hard way: one that is halted would not hear that it is to end.
  const stop = async () => {
    await endNow(pid);
    await services?.stop();
  };
  await start();
  return {
    get url() {
      return url;
    },
    command,
    signal: (signal) => void process.kill(pid, signal),
    kill: stop,
    start: async (which = 'kept') => {
      if (which !== 'kept') await rm(data, { recursive: true, force: true });
      if (typeof which === 'object') await cp(which.folder, data, { recursive: true });
      await start();
    },
    copy: async () => {
      copies += 1;
      const folder = join(home.folder, `copy-${copies}`);
      await cp(data, folder, { recursive: true });
      return { folder };
    },
    close: async () => {
      await stop();
      await home.remove();
    },
  };
}
