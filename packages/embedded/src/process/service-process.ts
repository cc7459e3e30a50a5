import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type EndStep, endProcess, kill } from './end-process.js';
import type { Identity } from './identity.js';
import { openServiceLog } from './service-log.js';

export interface ServiceSpec {
  part: 'postgres' | 'redis';
  command: string;
  args: readonly string[];
  /** Working directory; the service's user must be able to enter it. */
  cwd: string;
  env?: NodeJS.ProcessEnv;
  identity: Identity | undefined;
  logFile: string;
  /** How to end it, gently; being killed comes last without saying so. */
  endSteps: readonly EndStep[];
}

/** A running service. */
export interface ServiceProcess {
  readonly spec: ServiceSpec;
  readonly pid: number;
  /** Resolves when the process has ended, with words such as "ended with code 1". Never rejects. */
  readonly ended: Promise<string>;
  readonly hasEnded: () => boolean;
  /** The last lines it logged since it was started. */
  readonly logTail: () => Promise<string>;
  /** Ends it and waits until it is gone. */
  readonly end: () => Promise<void>;
}

/**
 * Spawns a service in a session of its own, so that a terminal's Ctrl-C reaches neither it nor, by
 * it, the work that still wants to be written. Rejects when the program cannot be started.
 */
export async function spawnService(spec: ServiceSpec): Promise<ServiceProcess> {
  const log = await openServiceLog(spec.logFile);
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      // Nothing of our environment (PGDATA, LD_PRELOAD, secrets) belongs into a service.
      env: { PATH: process.env.PATH, LC_ALL: 'C', ...spec.env },
      ...(spec.identity && { uid: spec.identity.uid, gid: spec.identity.gid }),
      detached: true,
      stdio: ['ignore', log.handle.fd, log.handle.fd],
    });
    const ended = endOf(child);
    await once(child, 'spawn');
    return { ...describe(child, ended, spec), logTail: log.tail };
  } finally {
    await log.handle.close();
  }
}

function describe(child: ChildProcess, ended: Promise<string>, spec: ServiceSpec): Omit<ServiceProcess, 'logTail'> {
  const pid = child.pid ?? 0;
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const end = async (): Promise<void> => {
    await endProcess(pid, () => !hasEnded(), [...spec.endSteps, kill]);
  };
  return { spec, pid, ended, hasEnded, end };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });
}
