import { sql } from 'kysely';

/**
 * What tells the failed run of a selection from other failed runs of its entity, in its item's `vendor_id`: null for a
 * job without a selection. The same selection has the same name in every job, so that its retry finds its item. `job` is
 * the alias of the row of `sync_jobs`.
 */
export function selectionKey(job: string) {
  return sql<string | null>`'selection ' || md5(${sql.ref(`${job}.selection`)}::text)`;
}
