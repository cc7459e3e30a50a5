import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { HistoryState } from '../schema.js';

/** An entity of a window that is not read to its end, and where it goes on; without a cursor from its beginning. */
export interface OpenRun {
  readonly entity: string;
  readonly cursor?: unknown;
}

export interface RecordCounts {
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly deleted: number;
}

/** A connection's history: what was before its first syncs, read in windows of a month, newest first. */
export interface History {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly state: HistoryState;
  readonly pausedBy: string | null;
  /** Months as YYYY-MM. The windows go from `lastMonth` back to `firstMonth`; those behind `nextMonth` are read. */
  readonly firstMonth: string;
  readonly lastMonth: string;
  readonly nextMonth: string;
  /** What is left of the window that was begun; null: all of it. */
  readonly openRuns: readonly OpenRun[] | null;
  /** Reads the window, or has ended and its end was not looked at yet. */
  readonly jobId: string | null;
  /** What the window at hand has taken in jobs that have ended. */
  readonly windowSeconds: number;
  /** What the last windows took, newest last. */
  readonly recentSeconds: readonly number[];
  /** Of jobs that have ended. */
  readonly records: RecordCounts;
  /** Failures in a row, without a page in between. */
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly failedAt: Date | null;
  readonly begunAt: Date;
  readonly endedAt: Date | null;
}

export type HistoryChange = Partial<Omit<History, 'id' | 'organizationId' | 'connectionId'>>;

export type HistoryKey = { readonly connectionId: string } | { readonly id: string };

/** The history of a connection, or the one of that id. Undefined where the organization has none. */
export async function findHistory(db: Db, organizationId: string, key: HistoryKey): Promise<History | undefined> {
  const row = await histories(db)
    .where('organization_id', '=', organizationId)
    .where('id' in key ? 'id' : 'connection_id', '=', 'id' in key ? key.id : key.connectionId)
    .executeTakeFirst();
  return row && historyOf(row);
}

/**
 * The same, locked until the end of the transaction: who starts a window, ends one or changes the history waits for the
 * others. The connection goes first, because a job that is created holds it, too: two never wait for each other in a circle.
 */
export async function lockHistory(trx: Db, organizationId: string, connectionId: string): Promise<History | undefined> {
  await trx
    .selectFrom('connections')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', connectionId)
    .forKeyShare()
    .executeTakeFirst();
  const row = await histories(trx)
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .forUpdate()
    .executeTakeFirst();
  return row && historyOf(row);
}

/**
 * Begins the history of a connection that begins to be synced. One that it has already stays, unless that is of a month
 * before: then nothing has been read since, and it begins anew with the present one (a first sync had failed, say).
 */
export async function insertHistory(
  db: Db,
  owner: Pick<History, 'organizationId' | 'connectionId'>,
  { firstMonth, lastMonth }: Pick<History, 'firstMonth' | 'lastMonth'>,
): Promise<void> {
  await db
    .insertInto('history_backfills')
    .values({
      ...{ organization_id: owner.organizationId, connection_id: owner.connectionId },
      ...{ first_month: firstMonth, last_month: lastMonth, next_month: lastMonth },
    })
    .onConflict((conflict) =>
      conflict
        .column('connection_id')
        .doUpdateSet((eb) => ({
          ...{ last_month: eb.ref('excluded.last_month'), next_month: eb.ref('excluded.next_month') },
          ...{ open_runs: null, sync_job_id: null, window_seconds: 0, ended_at: null, begun_at: sql<Date>`now()` },
          state: sql<HistoryState>`case history_backfills.state when 'done' then 'running' else history_backfills.state end`,
        }))
        .whereRef('history_backfills.last_month', '<', 'excluded.last_month'),
    )
    .execute();
}

/** In the transaction that holds its lock. */
export async function changeHistory(trx: Db, id: string, change: HistoryChange): Promise<void> {
  const { openRuns, records, ...same } = change;
  await trx
    .updateTable('history_backfills')
    .set({
      ...Object.fromEntries(
        Object.entries(same).map(([name, value]) => [columns[name as keyof typeof columns], value]),
      ),
      ...(openRuns !== undefined && { open_runs: openRuns && JSON.stringify(openRuns) }),
      ...(records && Object.fromEntries(Object.entries(records).map(([name, count]) => [`records_${name}`, count]))),
      updated_at: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .execute();
}

/** Forgets a connection's history, because it leads to another account: the next sync begins another one. */
export async function forgetHistory(trx: Db, organizationId: string, connectionId: string): Promise<void> {
  await trx
    .deleteFrom('history_backfills')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .execute();
}

/**
 * Connections of these connectors, of all organizations, whose history should go on and has no job that does so: the
 * longest unchanged first.
 */
export async function idleHistories(
  db: Db,
  connectors: readonly string[],
  limit: number,
): Promise<Pick<History, 'organizationId' | 'connectionId'>[]> {
  if (connectors.length === 0) return [];
  return db
    .selectFrom('history_backfills as h')
    .innerJoin('connections as c', 'c.id', 'h.connection_id')
    .innerJoin('organizations as o', 'o.id', 'h.organization_id')
    .select(['h.organization_id as organizationId', 'h.connection_id as connectionId'])
    .where('c.connector', 'in', connectors)
    .where('c.deleted_at', 'is', null)
    .where('c.status', 'in', ['active', 'error'])
    .where('o.stopped_at', 'is', null)
    .where(({ eb, or, and }) =>
      or([
        // A job that has ended, and nobody has looked.
        eb('h.sync_job_id', 'is not', null),
        and([
          eb('h.state', '=', 'running'),
          or([eb('h.next_attempt_at', 'is', null), eb('h.next_attempt_at', '<=', sql<Date>`now()`)]),
        ]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sync_jobs as j')
            .select('j.id')
            .whereRef('j.connection_id', '=', 'h.connection_id')
            .where('j.status', 'in', ['queued', 'running']),
        ),
      ),
    )
    .orderBy('h.updated_at')
    .limit(limit)
    .execute();
}

/** Whether full syncs have read all of these entities since then, to their ends. */
export async function areReadWhole(
  db: Db,
  { organizationId, connectionId, begunAt }: Pick<History, 'organizationId' | 'connectionId' | 'begunAt'>,
  entities: readonly string[],
): Promise<boolean> {
  const rows = await db
    .selectFrom('sync_state')
    .select('entity')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('entity', 'in', entities)
    .where('last_full_at', '>=', begunAt)
    .execute();
  return rows.length === entities.length;
}

/** How each is called in its table. */
const columns = {
  state: 'state',
  pausedBy: 'paused_by',
  firstMonth: 'first_month',
  lastMonth: 'last_month',
  nextMonth: 'next_month',
  jobId: 'sync_job_id',
  windowSeconds: 'window_seconds',
  recentSeconds: 'recent_seconds',
  attempts: 'attempts',
  nextAttemptAt: 'next_attempt_at',
  errorCode: 'error_code',
  errorMessage: 'error_message',
  failedAt: 'failed_at',
  begunAt: 'begun_at',
  endedAt: 'ended_at',
} as const satisfies Record<Exclude<keyof HistoryChange, 'openRuns' | 'records'>, string>;

function histories(db: Db) {
  return db.selectFrom('history_backfills').selectAll();
}

function historyOf(row: Awaited<ReturnType<ReturnType<typeof histories>['executeTakeFirstOrThrow']>>): History {
  return {
    ...{ id: row.id, organizationId: row.organization_id, connectionId: row.connection_id },
    ...{ state: row.state, pausedBy: row.paused_by },
    ...{ firstMonth: row.first_month, lastMonth: row.last_month, nextMonth: row.next_month },
    openRuns: row.open_runs as readonly OpenRun[] | null,
    ...{ jobId: row.sync_job_id, windowSeconds: row.window_seconds, recentSeconds: row.recent_seconds },
    records: {
      ...{ read: row.records_read, created: row.records_created, updated: row.records_updated },
      ...{ unchanged: row.records_unchanged, failed: row.records_failed, deleted: row.records_deleted },
    },
    ...{ attempts: row.attempts, nextAttemptAt: row.next_attempt_at },
    ...{ errorCode: row.error_code, errorMessage: row.error_message, failedAt: row.failed_at },
    ...{ begunAt: row.begun_at, endedAt: row.ended_at },
  };
}
