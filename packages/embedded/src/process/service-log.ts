import { mkdir, open, readFile, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lastLines } from './run-tool.js';

/** Bytes above which a log is emptied at the next start. */
const sizeLimit = 10 * 1024 * 1024;

export interface ServiceLog {
  file: string;
  /** For the service's standard output and error. Close it once the service has been spawned. */
  handle: Awaited<ReturnType<typeof open>>;
  /** The last lines written since the log was opened. */
  tail(): Promise<string>;
}

/** Opens a service's log for appending. We hold it, so the service's user needs no access to the folder. */
export async function openServiceLog(file: string): Promise<ServiceLog> {
  await mkdir(dirname(file), { recursive: true });
  await emptyWhenBig(file);
  const handle = await open(file, 'a', 0o600);
  const start = (await handle.stat()).size;
  const tail = async (): Promise<string> => {
    const text = await readFile(file).catch(() => Buffer.alloc(0));
    return lastLines(text.subarray(Math.max(start, text.length - 8192)).toString());
  };
  return { file, handle, tail };
}

/** Empties a log that has grown beyond 10 MB, so that it cannot fill a disk over the years. */
export async function emptyWhenBig(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > sizeLimit) await truncate(file, 0);
}
