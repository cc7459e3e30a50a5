import { CompiledQuery, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { TableSql } from '../writer/table-sql.js';
import { isWhole, type SweepRun } from './in-scan.js';
import { byHashJoin } from './mark-rows.js';

/** What the scan of a run leaves to be decided. */
export interface Missing {
  /** Candidates: live rows that the scan has not met and that nobody has written since it began. */
  readonly count: number;
  /** The first of their vendor ids, in order. */
  readonly ids: readonly string[];
  /** Rows are marked as deleted although the scan has met them. */
  readonly returned: boolean;
  /** Records of the list whose ids could not be read: each could be any row. */
  readonly unnamed: number;
  /** A few ids that the list had: whoever is asked by id has to know these, too. */
  readonly listed: readonly string[];
  /** Committed pages of the run. */
  readonly pages: number;
}

/**
 * Looks for rows that the vendor's list no longer has, and names up to `limit`. Changes nothing. Undefined when the
 * run's scan proves nothing: another one has begun since, or pages were committed by somebody who noted no ids.
 */
export async function lookForMissing(
  db: Db,
  target: TableSql,
  run: SweepRun,
  limit: number,
): Promise<Missing | undefined> {
  return db.transaction().execute(async (trx) => {
    const { scanId, connectionId } = run;
    const scan = await trx.selectFrom('sync_scans').select('started_at').where('id', '=', scanId).executeTakeFirst();
    if (scan === undefined || !(await isWhole(trx, scanId))) return undefined;
    const { rows: met } = await sql<Pick<Missing, 'unnamed' | 'listed' | 'pages'>>`
      select coalesce(sum(unnamed), 0) as unnamed,
        (array_agg(vendor_ids[1] order by pages_before desc) filter (where vendor_ids <> '{}'))[1:3] as listed,
        (select pages from sync_progress where sync_job_id = ${run.syncJobId} and entity = ${run.entity}) as pages
      from sync_seen where scan_id = ${scanId}`.execute(trx);
    const parameters = [connectionId, [scanId], scan.started_at, limit];
    const query = CompiledQuery.raw(target.sweep.look, parameters);
    const { rows: found } = await byHashJoin(trx, () =>
      trx.executeQuery<{ missing: number; ids: string[]; returned: number }>(query),
    );
    const { missing = 0, ids = [], returned = 0 } = found[0] ?? {};
    const { unnamed = 0, listed, pages = 0 } = met[0] ?? {};
    return { count: missing, ids, returned: returned > 0, unnamed, listed: listed ?? [], pages };
  });
}

/** How many rows of the connection are not marked as deleted. A full count: only for when it matters. */
export async function countLive(db: Db, target: TableSql, connectionId: string): Promise<number> {
  const query = CompiledQuery.raw(target.sweep.live, [connectionId]);
  const { rows } = await db.executeQuery<{ live: number }>(query);
  return rows[0]?.live ?? 0;
}
