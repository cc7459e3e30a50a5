import { sql } from 'kysely';
import type { MigrationFile } from '../migration-files.js';
import type { Db } from '../open-database.js';

/** Tables or views of somebody else stand where ours would be made; the message says what to do. */
export class OccupiedError extends Error {
  override readonly name = 'OccupiedError';

  constructor(schema: string, relations: readonly string[]) {
    super(
      `The schema ${schema} has relations that are not Syncline's, under names that it needs: ${relations.join(', ')}.\n` +
        'Nothing was changed. To sync into tables of your own: npm run adopt -- --dry-run, which shows what it would add.\n' +
        'To leave them alone: set SYNCLINE_DATABASE_SCHEMA to a schema for Syncline (docs/supabase.md), or rename them: ' +
        `alter table ${relations[0]} rename to ${relations[0]}_before.`,
    );
  }
}

/** Tables and views that a file makes, by the way in which our files are written. */
export function relationsMadeBy({ text }: Pick<MigrationFile, 'text'>): string[] {
  const statements = text.matchAll(/^create (?:table|view)(?: if not exists)? ([a-z_][a-z0-9_]*)/gm);
  return [...statements].flatMap(([, relation]) => relation ?? []);
}

/** Relations that a file would make and that are there already, although no file before it has made them. */
export async function relationsInTheWay(
  db: Db,
  file: MigrationFile,
  before: readonly MigrationFile[],
): Promise<string[]> {
  const made = new Set(before.flatMap(relationsMadeBy));
  const wanted = relationsMadeBy(file).filter((relation) => !made.has(relation));
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = to_regnamespace(quote_ident(current_schema())) and relname = any(${wanted}) order by 1`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}
