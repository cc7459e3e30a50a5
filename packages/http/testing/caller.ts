import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { LaneOptions } from '../src/index.js';
import { redisUrl } from './redis.js';

export interface Caller {
  /** How a request ends: with a status, or an error's code. */
  get(): Promise<string | number>;
  /** As the system kills a process that takes too much memory. */
  kill(): Promise<void>;
}

/** A worker in a process of its own, from the build. */
export async function startCaller(keyPrefix: string, egressAllow: string[], lane: LaneOptions): Promise<Caller> {
  const options = JSON.stringify({ redisUrl: redisUrl(), keyPrefix, egressAllow, lane });
  const child = fork(fileURLToPath(new URL('calling-process.mjs', import.meta.url)), [options], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await answer(child);
  return {
    get: async () => {
      child.send({ method: 'GET', url: 'contacts' });
      return answer(child);
    },
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function answer(child: ChildProcess): Promise<string | number> {
  const [message] = await once(child, 'message');
  return message as string | number;
}
