import pg from 'pg';
import { type MigrationFile, migrationsFolder, readMigrations } from '../migration-files.js';
import type { Db } from '../open-database.js';
import { requireSchema } from '../schema-choice/require-schema.js';
import { additionsTo } from './additions.js';
import { applyAll, executedMigrations, holdMigrations } from './apply.js';
import { type Relation, readCatalogue } from './catalogue.js';
import { type Finding, type Findings, none, together } from './findings.js';
import { judgeColumns } from './judge-columns.js';
import { missingRights, takenNames } from './judge-schema.js';
import { findDoubles, judgeTable } from './judge-table.js';
import { relationsMadeBy } from './occupied.js';
import type { AdoptionTarget } from './targets.js';
import { readWantedTables } from './wanted-tables.js';

export interface Adoption extends Findings {
  readonly schema: string;
  /** Tables of the user's that records go to from now on, and the columns of theirs that a sync writes in such rows. */
  readonly tables: readonly { readonly table: string; readonly written: readonly string[] }[];
  /** Names of the user's that look as if a sync would touch them, and are left alone. */
  readonly untouched: readonly string[];
  /** What was run, or would be: nothing where something is in the way. */
  readonly statements: readonly string[];
}

/** Tables are in use, or somebody was quicker; the message says so. Nothing was changed. */
export class AdoptionError extends Error {
  override readonly name = 'AdoptionError';
}

/** Ends the transaction without an error for the caller. */
class Undone extends Error {
  readonly adoption: Adoption;

  constructor(adoption: Adoption) {
    super('undone on purpose');
    this.adoption = adoption;
  }
}

export interface AdoptOptions {
  /** Try everything and take it back. */
  readonly dryRun: boolean;
  readonly folder?: string;
  /** How long to wait for tables that are in use, ms; five seconds unless given. Everybody else waits behind us. */
  readonly lockTimeoutMs?: number;
}

/**
 * Makes a schema that has tables of the user's, under names that records go to, one that can be synced into: adds what
 * those tables lack, and everything else of ours. Nothing of the user's is dropped, renamed, retyped or rewritten. All or
 * nothing, in one transaction; where something is in the way nothing is changed, and `obstacles` says what it is. Where
 * it has been done before, it brings the schema up to date, as a migration does.
 *
 * Locks the user's tables (ACCESS EXCLUSIVE) while their columns and indexes are made; waits for that, but not long.
 *
 * Throws AdoptionError when they are in use, or a name of ours is taken by what is no table; SchemaError when the sessions are in no schema, else the database's error.
 */
export async function adopt(db: Db, targets: readonly AdoptionTarget[], options: AdoptOptions): Promise<Adoption> {
  const schema = await requireSchema(db);
  const files = await readMigrations(options.folder ?? migrationsFolder);
  try {
    return await db.transaction().execute(async (trx) => {
      const adoption = await inTransaction(trx, schema, targets, files, options.lockTimeoutMs ?? 5_000);
      if (options.dryRun || adoption.obstacles.length > 0) throw new Undone(adoption);
      return adoption;
    });
  } catch (error) {
    if (error instanceof Undone) return error.adoption;
    throw explained(error) ?? error;
  }
}

/** What an operator can do something about. */
function explained(error: unknown): AdoptionError | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined;
  // Waited for a lock for too long, or was the one to give way.
  if (error.code === '55P03' || error.code === '40P01') {
    return new AdoptionError(
      'The tables are in use, by a sync script or a long query. Nothing was changed; try again.',
    );
  }
  // An index, a function or a constraint under a name of ours: rare enough to be said by Postgres.
  if (/^42(P07|710|723)$/.test(error.code ?? '')) {
    const remedy = 'Rename yours, or keep Syncline apart (SYNCLINE_DATABASE_SCHEMA).';
    return new AdoptionError(
      `Postgres says: ${error.message}. Syncline needs that name. Nothing was changed. ${remedy}`,
    );
  }
  return undefined;
}

async function inTransaction(
  trx: Db,
  schema: string,
  targets: readonly AdoptionTarget[],
  files: readonly MigrationFile[],
  lockTimeoutMs: number,
): Promise<Adoption> {
  await holdMigrations(trx, schema, lockTimeoutMs);
  const there = await readCatalogue(trx);
  const executed = there.has('kysely_migration') ? await executedMigrations(trx) : new Set<string>();
  const obstacles = [...(await missingRights(trx, schema)), ...takenNames(targets, there, files, executed)];
  const untouched = ['users'].filter((name) => there.has(name));
  const found = targets.flatMap((target) => {
    const relation = there.get(target.table);
    return relation === undefined ? [] : [{ target, relation }];
  });
  const result = { schema, untouched, tables: [], statements: [] };
  const wanted = await readWantedTables(trx, files);
  // Without a place to compare in, there is no more to be said.
  if (wanted === undefined) return { ...result, ...none, obstacles };
  const judged = await Promise.all(
    found.map(({ target, relation }) => judge(trx, target, relation, ourTable(wanted, target))),
  );
  const findings = together([{ ...none, obstacles }, ...judged]);
  if (findings.obstacles.length > 0) return { ...result, ...findings };

  const additions = found.map(({ target, relation }) => additionsTo(target, relation, ourTable(wanted, target)));
  const pending = files.filter(({ name }) => !executed.has(name));
  const statements = await applyAll(trx, {
    before: additions.flatMap(({ columns }) => columns),
    pending,
    after: additions.flatMap(({ constraints }) => constraints),
    // A table that a migration made before is ours.
    adopted: found
      .map(({ target }) => target.table)
      .filter((table) => pending.flatMap(relationsMadeBy).includes(table)),
  });
  const tables = found.map(({ target, relation }) => ({
    table: target.table,
    written: relation.columns.map(({ name }) => name).filter((name) => name in target.mapped),
  }));
  return { ...result, ...findings, tables, statements };
}

function ourTable(wanted: ReadonlyMap<string, Relation>, { table }: AdoptionTarget): Relation {
  const ours = wanted.get(table);
  if (ours === undefined) throw new Error(`no migration makes the table ${table}`);
  return ours;
}

async function judge(trx: Db, target: AdoptionTarget, relation: Relation, ours: Relation): Promise<Findings> {
  const whole = judgeTable(target, relation, ours);
  if (relation.kind !== 'table') return whole;
  const columns = judgeColumns(target, relation, new Set(ours.columns.map(({ name }) => name)));
  const has = (name: string) => relation.columns.some((column) => column.name === name);
  // Later on, doubles of rows that a connection has are left aside.
  const look = relation.owned && has(target.key) && !has('connection_id');
  const doubles: readonly Finding[] = look ? await findDoubles(trx, target) : [];
  return together([whole, columns, { ...none, obstacles: doubles }]);
}
