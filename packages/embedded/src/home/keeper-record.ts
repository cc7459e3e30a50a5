import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processNames } from '../process/process-command.js';

/** What a keeper writes down of itself for those who come after it. */
export interface KeeperRecord {
  keeper: number;
  parent: number;
  /** A random word on the keeper's command line, which proves that the number is still the keeper's. */
  runId: string;
  /** The lock's socket (persistent homes) or the folder to be thrown away (ephemeral runs). */
  place: string;
}

/** The record of the keeper that holds a home. */
export function keeperRecordFile(home: string): string {
  return join(home, 'keeper.json');
}

/** Reads a record; undefined when there is none or it is damaged. */
export async function readRecord(file: string): Promise<KeeperRecord | undefined> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as Partial<KeeperRecord>;
    const { keeper, parent, runId, place } = read;
    if (typeof keeper !== 'number' || typeof parent !== 'number') return undefined;
    if (typeof runId !== 'string' || typeof place !== 'string') return undefined;
    return { keeper, parent, runId, place };
  } catch {
    return undefined;
  }
}

/** Writes a record, whole or not at all. */
export async function writeRecord(file: string, record: KeeperRecord): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.new`, file);
}

/** Forgets a record. */
export async function removeRecord(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Whether the keeper that wrote the record is still there. */
export async function keeperLives(record: KeeperRecord): Promise<boolean> {
  return processNames(record.keeper, record.runId);
}
