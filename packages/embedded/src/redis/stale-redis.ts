import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError } from '../embedded-error.js';
import { type EndStep, endProcess, kill } from '../process/end-process.js';
import { processNames } from '../process/process-command.js';

/** On SIGTERM Redis writes down what it still holds. */
export const redisEndSteps: readonly EndStep[] = [{ signal: 'SIGTERM', waitMs: 10_000 }];

/** The configuration that we write for a Redis with this data folder; on its command line it marks it as ours. */
export function redisConfigFile(data: string): string {
  return join(data, 'redis.conf');
}

/** Redis writes its process number here and removes it when it ends properly. */
export function redisPidFile(data: string): string {
  return join(data, 'redis.pid');
}

/**
 * Stops a Redis that a killed keeper left running on this data. Call it only when no keeper holds the
 * home. Throws an EmbeddedError when the process will not go.
 */
export async function stopStaleRedis(data: string, onStep: (line: string) => void): Promise<void> {
  const folder = await realpath(data).catch(() => undefined);
  if (!folder) return;
  const pidFile = redisPidFile(folder);
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  const isOurs = (): Promise<boolean> => processNames(pid, redisConfigFile(folder));
  if (await isOurs()) {
    onStep(`Stopping a Redis that an earlier run left behind (process ${pid})`);
    if (!(await endProcess(pid, isOurs, [...redisEndSteps, kill]))) {
      throw new EmbeddedError(
        `A Redis of an earlier run (process ${pid}) holds ${data} and does not end.`,
        `End process ${pid} yourself, or set REDIS_URL.`,
      );
    }
  }
  await rm(pidFile, { force: true });
}
