import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The repository's `migrations` folder, seen from this package's dist and src folders alike. */
export const migrationsFolder = new URL('../../../migrations/', import.meta.url).pathname;

export interface MigrationFile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly text: string;
}

/** The files of a folder in the order of their numbers. */
export async function readMigrations(folder: string = migrationsFolder): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const read = async (name: string) => ({
    name: name.replace(/\.sql$/, ''),
    text: await readFile(join(folder, name), 'utf8'),
  });
  return Promise.all(names.map(read));
}
