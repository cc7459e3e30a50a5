import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { ConnectionStatus, JobStatus } from '../schema.js';

/** A connection as its organization sees it: nothing of its credentials but whether there are any. */
export interface ConnectionView {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  /** What was set; what was not has the connector's defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hasCredentials: boolean;
  /** Variables of the environment describe it. */
  readonly fromEnvironment: boolean;
  readonly lastSync: { readonly jobId: string; readonly status: JobStatus; readonly createdAt: Date } | null;
  readonly lastSyncEndedAt: Date | null;
  /** When a schedule starts the next one; null when none does, as while the organization is stopped. */
  readonly nextSyncAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * When a schedule starts the next sync of the connection `c`, as an expression over this alias; null when none does, as
 * while its organization is stopped.
 */
export const nextSyncAt = sql<Date | null>`case when c.status in ('active', 'error') and not exists (
  select from organizations o where o.id = c.organization_id and o.stopped_at is not null) then
  (select min(s.next_due_at) from sync_schedules s where s.connection_id = c.id
    and s.enabled and s.mode <> 'verify') end`;

/** Connections of an organization with their last and next sync, oldest first; of all, or the one of that id. */
export async function listConnectionViews(db: Db, organizationId: string, id?: string): Promise<ConnectionView[]> {
  let query = db
    .selectFrom('connections as c')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('sync_jobs as j')
          .select(['j.id as jobId', 'j.status as jobStatus', 'j.created_at as jobAt', 'j.ended_at as jobEndedAt'])
          .whereRef('j.connection_id', '=', 'c.id')
          .orderBy('j.created_at', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .select(['c.id', 'c.connector', 'c.name', 'c.status', 'c.status_reason as statusReason', 'c.settings'])
    .select('c.from_environment as fromEnvironment')
    .select(['c.created_at as createdAt', 'c.updated_at as updatedAt'])
    .select(['last.jobId', 'last.jobStatus', 'last.jobAt', 'last.jobEndedAt as lastSyncEndedAt'])
    .select([sql<boolean>`c.credentials is not null`.as('hasCredentials'), nextSyncAt.as('nextSyncAt')])
    .where('c.organization_id', '=', organizationId)
    .where('c.deleted_at', 'is', null);
  if (id !== undefined) query = query.where('c.id', '=', id);
  const rows = await query.orderBy('c.created_at').orderBy('c.id').execute();
  return rows.map(({ jobId, jobStatus, jobAt, ...same }) => ({
    ...same,
    lastSync:
      jobId === null || jobStatus === null || jobAt === null ? null : { jobId, status: jobStatus, createdAt: jobAt },
  }));
}
