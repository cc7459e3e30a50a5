import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The repository's `migrations` folder, seen from this package's dist and src folders alike. */
export const migrationsFolder = new URL('../../../migrations/', import.meta.url).pathname;

export interface MigrationFile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly text: string;
}

/** The names of a folder's files, without their ending, in the order of their numbers. */
export async function readMigrationNames(folder: string = migrationsFolder): Promise<string[]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return names.map((name) => name.replace(/\.sql$/, ''));
}

/** The files of a folder in the order of their numbers. */
export async function readMigrations(folder: string = migrationsFolder): Promise<MigrationFile[]> {
  const names = await readMigrationNames(folder);
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, `${name}.sql`), 'utf8') })));
}

/**
 * What tells releases apart that differ in what they know of the database: the newest of their migrations. Versions that
 * differ in nothing else may run side by side as they like.
 */
export async function releaseName(): Promise<string> {
  return (await readMigrationNames()).at(-1) ?? 'none';
}

/** `0023_installation` is number 23. */
export function migrationNumber(name: string): number {
  return Number.parseInt(name, 10);
}

/** SHA-256 in hex: what tells whether a file was changed after it had been applied. */
export function migrationHash({ text }: Pick<MigrationFile, 'text'>): string {
  return createHash('sha256').update(text).digest('hex');
}
