import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashesOf } from '../installation/migration-hashes.js';
import { migrationsFolder, readMigrations } from '../migration-files.js';
import type { Db } from '../open-database.js';
import { readSchema, type SchemaObjects } from './read-schema.js';

/** What the migrations make, as it is committed: migrations/manifest.json. */
export interface SchemaManifest {
  /** SHA-256 of each file: one that was released is never edited. */
  readonly migrations: Readonly<Record<string, string>>;
  /** The lowest number of the newest migration that a release must know to work with this schema. */
  readonly compatibleFrom: number;
  /** Tables that may be the user's own, which were adopted: then their types and indexes are his business. */
  readonly adoptable: readonly string[];
  readonly objects: SchemaObjects;
}

/** Makes the manifest of a database to which a folder's migrations, and nothing else, were applied. */
export async function makeManifest(db: Db, folder: string = migrationsFolder): Promise<SchemaManifest> {
  const files = await readMigrations(folder);
  const made = files.flatMap(({ text }) => [...text.matchAll(/^create table if not exists ([a-z_][a-z0-9_]*)/gm)]);
  const { compatible_from: compatibleFrom } = await db
    .selectFrom('syncline_installation')
    .select('compatible_from')
    .executeTakeFirstOrThrow();
  return {
    migrations: hashesOf(files),
    compatibleFrom,
    adoptable: made.map(([, table]) => table ?? '').sort(),
    objects: await readSchema(db),
  };
}

/** The committed manifest of this release. */
export async function readManifest(folder: string = migrationsFolder): Promise<SchemaManifest> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as SchemaManifest;
}

/** As it is committed: a line an object, so that a diff shows what a migration changes. */
export function manifestText(manifest: SchemaManifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Files that are not what they were when the manifest was made: names of migrations. */
export function editedMigrations(before: SchemaManifest, after: Pick<SchemaManifest, 'migrations'>): string[] {
  return Object.entries(before.migrations).flatMap(([name, hash]) => (after.migrations[name] === hash ? [] : [name]));
}
