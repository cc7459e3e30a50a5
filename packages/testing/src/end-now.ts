import { eventually } from './eventually.js';

/** SIGKILL to a process that is alive, and waits until it is gone. */
export async function endNow(pid: number): Promise<void> {
  const send = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  if (!send('SIGKILL')) return;
  await eventually(`process ${pid} to be gone`, () => !send(0));
}
