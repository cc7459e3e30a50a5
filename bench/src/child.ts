import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The first message of a process that says when it is ready. */
export async function message<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a process ended with code ${code} before it was ready`);
  });
  const ready = once(child, 'message').then(([first]) => first as T);
  ended.catch(() => undefined);
  return Promise.race([ready, ended]);
}

/** Asks a process to stop, and waits for it. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
