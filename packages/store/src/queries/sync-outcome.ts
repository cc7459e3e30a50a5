import { type RawBuilder, sql } from 'kysely';

/** How runs end whose entity was not read to its end. A sync that ended as `partial` with one of them has failed. */
export const unreadStatuses = ['failed', 'skipped', 'cancelled'] as const;

/** Whether the job of that alias has an entity that was not read; failed records alone are none. */
export function hasUnreadEntity(alias: string): RawBuilder<boolean> {
  const statuses = sql.join(unreadStatuses.map((status) => sql.lit(status)));
  return sql<boolean>`exists (select from sync_progress p
    where p.sync_job_id = ${sql.ref(`${alias}.id`)} and p.status in (${statuses}))`;
}
