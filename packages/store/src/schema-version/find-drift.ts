import type { Db } from '../open-database.js';
import { readManifest, type SchemaManifest } from './manifest.js';
import { readSchema, type SchemaObjects } from './read-schema.js';

/** Something of ours that is not as the migrations made it. */
export interface SchemaDifference {
  /** Such as `column contacts.email`. */
  readonly object: string;
  readonly wanted: string;
  /** Undefined when it is missing. */
  readonly found: string | undefined;
}

/**
 * Compares the schema that the sessions are in with the manifest of this release. What is there beside it (tables,
 * columns, indexes of the user's own) is no difference. A table of the user's that was adopted only has to have our
 * columns. Where the role of tenants could not be made, its policies and grants are not missed.
 *
 * Meant for a database that is up to date: before, everything that is pending is missing.
 */
export async function findDrift(db: Db, given?: SchemaManifest): Promise<SchemaDifference[]> {
  const manifest = given ?? (await readManifest());
  const found = await readSchema(db);
  const adopted = new Set(manifest.adoptable.filter((table) => isAdopted(table, manifest.objects, found)));
  const tenancy = Object.keys(found).some((object) => object.startsWith('policy '));
  return Object.entries(manifest.objects).flatMap(([object, wanted]) => {
    const there = found[object];
    if (there === wanted || isLeftToOthers(object, there, adopted, tenancy)) return [];
    return [{ object, wanted, found: there }];
  });
}

/** A table that is ours has no row without a connection; one that was adopted has the user's own rows, too. */
function isAdopted(table: string, wanted: SchemaObjects, found: SchemaObjects): boolean {
  const column = `column ${table}.connection_id`;
  return wanted[column] === 'uuid not null' && found[column] === 'uuid';
}

function isLeftToOthers(
  object: string,
  found: string | undefined,
  adopted: ReadonlySet<string>,
  tenancy: boolean,
): boolean {
  const [kind = '', name = ''] = object.split(' ', 2);
  if ((kind === 'policy' || kind === 'grant') && !tenancy) return true;
  const [table = ''] = name.split('.');
  return adopted.has(table) && !(kind === 'column' && found === undefined);
}

/** A difference in a sentence. */
export function describeDifference({ object, wanted, found }: SchemaDifference): string {
  return found === undefined ? `${object} is missing (${wanted})` : `${object} is ${found}, and should be ${wanted}`;
}
