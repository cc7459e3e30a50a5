import { type Selectable, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Database } from '../schema.js';
import { textArray } from '../writer/text-array.js';

/** What a commit adds to the scan that its run is part of. */
export interface Seen {
  readonly scanId: string;
  /** Every vendor id that could be read: also of records that are unchanged, and of those that could not be kept. */
  readonly vendorIds: readonly string[];
  /** Records whose id could not be read. */
  readonly unnamed: number;
}

type Run = Selectable<Database['sync_progress']>;

/**
 * The scan that a claimed run is part of: a new one if it stands at the beginning of a full reading. Null for a run that
 * reads only a part of the list (changes since a time, or the rest of a reading whose beginning nobody has noted).
 *
 * A new scan makes older ones of the entity useless, except one whose sweep waits for somebody's word.
 */
export async function scanOf(trx: Db, run: Run): Promise<string | null> {
  const atTheBeginning = run.mode === 'full' && run.cursor === null && !run.all_pages_read;
  if (!atTheBeginning) return run.scan_id;
  const known = await lockScans(trx, run.connection_id, run.entity);
  if (known.some(({ id }) => id === run.scan_id)) return run.scan_id;
  await sql`
    delete from sync_scans s where s.connection_id = ${run.connection_id} and s.entity = ${run.entity}
      and (s.held_at is null or not exists (select from sync_failed_items f
        where f.connection_id = s.connection_id and f.entity = s.entity and f.kind = 'sweep'
          and f.status <> 'resolved'))`.execute(trx);
  const { organization_id, connection_id, entity } = run;
  const scan = await trx
    .insertInto('sync_scans')
    .values({ organization_id, connection_id, entity })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('sync_progress')
    .set({ scan_id: scan.id, scan_from_page: run.pages })
    .where('sync_job_id', '=', run.sync_job_id)
    .where('entity', '=', entity)
    .execute();
  return scan.id;
}

/**
 * Notes in the page transaction what a commit has met. Has to come before its rows are written: the lock on the scan
 * makes the commit and a sweep that is being confirmed wait for one another, and what is read afterwards is current.
 * Where the scan is gone nothing is noted, and nothing will be swept.
 */
export async function noteSeen(
  trx: Db,
  commit: { readonly syncJobId: string; readonly pagesBefore: number; readonly pages: number },
  seen: Seen,
): Promise<void> {
  await sql`
    insert into sync_seen (scan_id, organization_id, sync_job_id, pages_before, pages, vendor_ids, unnamed)
    select s.id, s.organization_id, ${commit.syncJobId}, ${commit.pagesBefore}, ${commit.pages},
      ${textArray(seen.vendorIds)}::text[], ${seen.unnamed}
    from sync_scans s where s.id = ${seen.scanId} for key share`.execute(trx);
}

/** Locks the scans of an entity: their pages and their beginnings wait from here on. */
export async function lockScans(trx: Db, connectionId: string, entity: string) {
  return trx
    .selectFrom('sync_scans')
    .select(['id', 'started_at', 'held_at'])
    .where('connection_id', '=', connectionId)
    .where('entity', '=', entity)
    .orderBy('id')
    .forUpdate()
    .execute();
}
