import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running Postgres says of itself in its data folder. */
export interface Postmaster {
  pid: number;
  /** It accepts connections. */
  ready: boolean;
}

/** The file that Postgres writes at its start and removes at its end. */
export function postmasterFile(data: string): string {
  return join(data, 'postmaster.pid');
}

/** Reads it; undefined when there is none or it is not yet complete. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(postmasterFile(data), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  // The eighth line holds the state, padded with blanks.
  return { pid, ready: lines[7]?.trim() === 'ready' };
}
