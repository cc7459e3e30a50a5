import { sql } from 'kysely';
import type { MigrationFile } from '../migration-files.js';
import type { Db } from '../open-database.js';
import type { Relation } from './catalogue.js';
import type { Finding } from './findings.js';
import { relationsMadeBy } from './occupied.js';
import type { AdoptionTarget } from './targets.js';

/** Names that Syncline needs for something of its own, and that are taken. */
export function takenNames(
  targets: readonly AdoptionTarget[],
  there: ReadonlyMap<string, Relation>,
  files: readonly MigrationFile[],
  executed: ReadonlySet<string>,
): Finding[] {
  const adoptable = new Set(targets.map(({ table }) => table));
  const ours = new Set(files.filter(({ name }) => executed.has(name)).flatMap(relationsMadeBy));
  const wanted = files.filter(({ name }) => !executed.has(name)).flatMap(relationsMadeBy);
  const taken = wanted.filter((name) => there.has(name) && !adoptable.has(name) && !ours.has(name));
  return [...new Set(taken)].map((table) => ({
    table,
    column: undefined,
    problem: 'has a name that Syncline needs for something of its own',
    remedy: `alter ${there.get(table)?.kind === 'view' ? 'view' : 'table'} ${table} rename to ${table}_before`,
  }));
}

/** What the role would have to be allowed. */
export async function missingRights(trx: Db, schema: string): Promise<Finding[]> {
  const { rows } = await sql<{ role: string; database: string; inSchema: boolean; inDatabase: boolean }>`
    select current_user as role, current_database() as database,
      has_schema_privilege(current_schema(), 'CREATE') as "inSchema",
      has_database_privilege(current_database(), 'CREATE') as "inDatabase"`.execute(trx);
  return rows.flatMap(({ role, database, inSchema, inDatabase }) => {
    const lacks = (where: string): Finding => ({
      table: where,
      column: undefined,
      problem: `the role ${role} may not create anything there`,
      remedy: `grant create on ${where} to ${role}`,
    });
    return [
      ...(inSchema ? [] : [lacks(`schema ${schema}`)]),
      // A schema is made for comparing, and taken back.
      ...(inDatabase ? [] : [lacks(`database ${database}`)]),
    ];
  });
}
