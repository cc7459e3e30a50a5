import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const folder = '/dev/shm';
/** Bytes. Postgres' log alone may grow to two GiB (max_wal_size); databases go when their tests end. */
const wanted = 6 * 2 ** 30;

/**
 * A folder in memory with room for what a test run throws away; undefined where there is none: in a container mostly, with
 * little memory, on other systems. A disk's file system takes several times as long to make and to remove a database.
 */
export function memoryFolder(): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY;
    const room = Math.min(bavail * bsize, freemem(), allowed);
    return room >= wanted && runsPrograms(readFileSync('/proc/mounts', 'utf8')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Some tests write programs and run them. */
function runsPrograms(mounts: string): boolean {
  const lines = mounts.split('\n').map((line) => line.split(' '));
  const [, , type, options] = lines.findLast(([, place]) => place === folder) ?? [];
  return type === 'tmpfs' && !options?.split(',').includes('noexec');
}
