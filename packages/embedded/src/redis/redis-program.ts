import type { Identity } from '../process/identity.js';
import { lastLines, runTool, toolEnv } from '../process/run-tool.js';

/** A Redis (or Valkey) that can be run. */
export interface RedisProgram {
  command: string;
  /** Folders with libraries it needs that are not the system's. */
  libraries: readonly string[];
}

/** The oldest Redis that BullMQ supports fully. Valkey began later, at 7.2. */
export const oldestRedis = '6.2';

/** What the program needs to find its libraries. */
export function redisEnv(program: RedisProgram): NodeJS.ProcessEnv {
  return program.libraries.length > 0 ? { LD_LIBRARY_PATH: program.libraries.join(':') } : {};
}

/** Why a program cannot be used; undefined when it runs, as that user, and is new enough. */
export async function redisTrouble(program: RedisProgram, identity?: Identity): Promise<string | undefined> {
  const asked = await runTool({
    command: program.command,
    args: ['--version'],
    identity,
    env: toolEnv(redisEnv(program)),
    timeoutMs: 10_000,
  });
  if (!asked.ok) return `${program.command} does not run: ${lastLines(asked.output, 2)}`;
  const version = /\bv=(\d+)\.(\d+)/.exec(asked.output);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  if (major > 6 || (major === 6 && minor >= 2)) return undefined;
  return `${program.command} is older than ${oldestRedis}.`;
}
