import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** How long a table is read at most: what is wanted is a sample, whatever the table's size. */
const mostMs = 30_000;

/** Of the rows that Postgres knows of, how many have to be new for the statistics to be wrong enough. */
const share = 0.05;

/** How many records entity runs of a job have created so far. */
export async function createdSoFar(
  db: Db,
  syncJobId: string,
  entities: readonly string[],
): Promise<readonly { readonly entity: string; readonly created: number }[]> {
  const rows = await db
    .selectFrom('sync_progress')
    .select(['entity', 'records_created as created'])
    .where('sync_job_id', '=', syncJobId)
    .where('entity', 'in', [...entities])
    .execute();
  return rows.map(({ entity, created }) => ({ entity, created: Number(created) }));
}

/**
 * Purpose: brings Postgres' statistics of a table up to date that has just got so many rows, if they are more than a small
 * share of it. Until then it takes a connection that it has never seen for one with next to no rows, and reads all of them
 * where it should look some up by the index: writing is several times slower, for up to a minute, which is when autovacuum
 * comes.
 * Parameters: the table, in the sessions' schema, and how many rows are new. Returns whether it was analyzed. Never
 * throws: statistics are worth no run, and if the database is away, the next page will notice.
 * Locking: none that a reader or writer would meet. Who is at the table already, be it autovacuum, is not waited for. A
 * transaction of its own, because its limits must not stay with a pooler's session.
 * Whoever may not analyze the table gets a warning from Postgres.
 */
export async function analyzeGrown(db: Db, table: string, created: number): Promise<boolean> {
  try {
    return await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ isGrown: boolean }>`
        select ${created} >= ${share} * c.reltuples as "isGrown",
          set_config('lock_timeout', '500', true), set_config('statement_timeout', ${String(mostMs)}, true)
        from pg_class c where c.oid = to_regclass(quote_ident(${table}))`.execute(trx);
      if (rows[0]?.isGrown !== true) return false;
      await sql`analyze (skip_locked) ${sql.table(table)}`.execute(trx);
      return true;
    });
  } catch {
    return false;
  }
}
