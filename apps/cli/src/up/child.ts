import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnvironmentError } from '@syncline/config';

/** A process of ours that `up` looks after. */
export interface Child<Ready> {
  readonly name: string;
  readonly ready: Ready;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<Ending>;
  /** Asks it to stop and waits, at most as long as it takes itself. */
  stop(): Promise<void>;
}

interface Ending {
  readonly name: string;
  /** In words: its exit code, or the signal that ended it. */
  readonly how: string;
}

const patienceMs = 11_000;

/**
 * Starts a script with an IPC channel and waits until it says that it is ready. What it prints goes to a log file. It
 * is in a process group of its own: a Ctrl-C reaches `up` alone, which stops things in their order; and it ends by
 * itself when the channel does, so that nothing outlives a crash.
 *
 * Throws EnvironmentError with its own words when it ends before it was ready.
 */
export async function startChild<Ready>(
  name: string,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  logFile: string,
): Promise<Child<Ready>> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const child = fork(script, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const ended = once(child, 'exit').then(
    ([code, signal]): Ending => ({ name, how: signal ? `by ${signal}` : `with exit code ${code}` }),
  );
  const first = await Promise.race([once(child, 'message').then(([message]) => message as Ready), ended]);
  if (isEnd(first)) {
    throw new EnvironmentError(`${name} did not start: ${complaint.trim() || `it ended ${first.how}; see ${logFile}`}`);
  }
  return { name, ready: first, ended, stop: () => stop(child) };
}

/** A built script of this repository, by its path from the root. */
export function script(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(kill);
}

function isEnd(value: unknown): value is Ending {
  return typeof value === 'object' && value !== null && 'how' in value && 'name' in value;
}
