import { pollUntil } from './poll-until.js';

export interface EndStep {
  signal: NodeJS.Signals;
  /** Milliseconds to wait for the process to end before the next, harsher step. */
  waitMs: number;
}

/** The last resort, after which a process is gone unless the kernel itself is stuck. */
export const kill: EndStep = { signal: 'SIGKILL', waitMs: 5_000 };

/**
 * Ends a process step by step. `isOurs` is asked again before each signal, as the number may have
 * passed to someone else meanwhile. Answers whether the process is gone.
 */
export async function endProcess(
  pid: number,
  isOurs: () => boolean | Promise<boolean>,
  steps: readonly EndStep[],
): Promise<boolean> {
  for (const step of steps) {
    if (!(await isOurs())) return true;
    try {
      process.kill(pid, step.signal);
    } catch {
      // Gone in this very moment (then the look below says so), or not ours to signal.
    }
    if (await pollUntil(async () => !(await isOurs()), { timeoutMs: step.waitMs })) return true;
  }
  return false;
}
