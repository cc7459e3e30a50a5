import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../open-database.js';
import type { ScheduleMode, ScheduleOutcome } from '../schema.js';

/** When a schedule is due, and what it orders then. Exactly one of `cron` and `intervalSeconds` is given. */
export interface ScheduleTerms {
  readonly name: string;
  readonly cron: string | null;
  readonly intervalSeconds: number | null;
  readonly timeZone: string;
  /** None: all of the connection's connector. */
  readonly entities: readonly string[];
  readonly mode: ScheduleMode;
  readonly enabled: boolean;
  /** Null when it is not enabled. */
  readonly nextDueAt: Date | null;
}

export interface Schedule extends ScheduleTerms {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  /** The slot that was taken last; null before the first one. */
  readonly lastDueAt: Date | null;
}

/** What came of a slot. */
export interface ScheduleRun {
  readonly dueAt: Date;
  readonly outcome: ScheduleOutcome;
  readonly syncJobId: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly createdAt: Date;
}

export interface ScheduleView extends Schedule {
  /** What came of its last slot; null when it had none yet. */
  readonly lastRun: ScheduleRun | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ScheduleFilter {
  readonly id?: string | undefined;
  readonly connectionId?: string | undefined;
}

export const scheduleColumns = [
  's.id',
  's.organization_id as organizationId',
  's.connection_id as connectionId',
  's.name',
  's.cron',
  's.interval_seconds as intervalSeconds',
  's.time_zone as timeZone',
  's.entities',
  's.mode',
  's.enabled',
  's.next_due_at as nextDueAt',
  's.last_due_at as lastDueAt',
] as const;

/** Postgres' clock: what is due, and what comes next, goes by it in every process. */
export async function readClock(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('Postgres does not tell the time');
  return row.now;
}

/**
 * A clock that tells Postgres' time without asking for it each time: it was asked once, and goes on by the process' own
 * steady clock. Behind by what the answer took to come and less than a millisecond, never ahead.
 */
export async function followClock(db: Db): Promise<() => Date> {
  const there = (await readClock(db)).getTime();
  const here = performance.now();
  return () => new Date(there + performance.now() - here);
}

/** An organization's schedules with what came of their last slots: those of a connection together, by name. */
export async function listSchedules(
  db: Db,
  organizationId: string,
  filter: ScheduleFilter = {},
): Promise<ScheduleView[]> {
  let query = db
    .selectFrom('sync_schedules as s')
    .leftJoin('sync_schedule_runs as r', (join) =>
      join.onRef('r.schedule_id', '=', 's.id').onRef('r.due_at', '=', 's.last_due_at'),
    )
    .select([
      ...scheduleColumns,
      's.created_at as createdAt',
      's.updated_at as updatedAt',
      'r.due_at as dueAt',
      'r.outcome',
      'r.sync_job_id as syncJobId',
      'r.code',
      'r.detail',
      'r.created_at as ranAt',
    ])
    .where('s.organization_id', '=', organizationId);
  if (filter.id !== undefined) query = query.where('s.id', '=', filter.id);
  if (filter.connectionId !== undefined) query = query.where('s.connection_id', '=', filter.connectionId);
  const rows = await query.orderBy('s.connection_id').orderBy('s.name').execute();
  return rows.map(({ dueAt, outcome, syncJobId, code, detail, ranAt, ...schedule }) => ({
    ...schedule,
    lastRun:
      dueAt === null || outcome === null || ranAt === null
        ? null
        : { dueAt, outcome, syncJobId, code, detail, createdAt: ranAt },
  }));
}

/** A schedule, locked until the end of the transaction, so that no slot of it is taken meanwhile. */
export async function lockSchedule(trx: Db, organizationId: string, id: string): Promise<Schedule | undefined> {
  return trx
    .selectFrom('sync_schedules as s')
    .select(scheduleColumns)
    .where('s.organization_id', '=', organizationId)
    .where('s.id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

/** Throws SyncError VALIDATION_FAILED when the connection has a schedule of that name. */
export async function insertSchedule(
  db: Db,
  of: Pick<Schedule, 'organizationId' | 'connectionId'>,
  terms: ScheduleTerms,
): Promise<string> {
  const row = await db
    .insertInto('sync_schedules')
    .values(scheduleRow(of, terms))
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(nameTaken(terms.name));
  return row.id;
}

/** Throws SyncError VALIDATION_FAILED when the connection has another schedule of that name. */
export async function updateSchedule(
  db: Db,
  schedule: Pick<Schedule, 'organizationId' | 'connectionId' | 'id'>,
  terms: ScheduleTerms,
): Promise<void> {
  await db
    .updateTable('sync_schedules')
    .set({ ...scheduleRow(schedule, terms), updated_at: sql<Date>`now()` })
    .where('organization_id', '=', schedule.organizationId)
    .where('id', '=', schedule.id)
    .execute()
    .catch(nameTaken(terms.name));
}

/** Deletes a schedule with its history. The jobs that it started stay. Gives its name; undefined when there is none. */
export async function deleteSchedule(db: Db, organizationId: string, id: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('sync_schedules')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  return row?.name;
}

/** What came of a schedule's slots, newest first, and how many there were. */
export async function listScheduleRuns(
  db: Db,
  organizationId: string,
  scheduleId: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly runs: ScheduleRun[]; readonly total: number }> {
  const all = db
    .selectFrom('sync_schedule_runs')
    .where('organization_id', '=', organizationId)
    .where('schedule_id', '=', scheduleId);
  const runs = await all
    .select(['due_at as dueAt', 'outcome', 'sync_job_id as syncJobId', 'code', 'detail', 'created_at as createdAt'])
    .orderBy('due_at', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const { total } = await all.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow();
  return { runs, total };
}

/** A schedule's columns, for inserts and updates. */
export function scheduleRow(of: Pick<Schedule, 'organizationId' | 'connectionId'>, terms: ScheduleTerms) {
  return {
    organization_id: of.organizationId,
    connection_id: of.connectionId,
    name: terms.name,
    cron: terms.cron,
    interval_seconds: terms.intervalSeconds,
    time_zone: terms.timeZone,
    entities: [...terms.entities],
    mode: terms.mode,
    enabled: terms.enabled,
    next_due_at: terms.nextDueAt,
  };
}

const uniqueViolation = '23505';

function nameTaken(name: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof pg.DatabaseError && error.code === uniqueViolation) {
      throw new SyncError('VALIDATION_FAILED', `The connection has a schedule named ${name} already`, {
        field: 'name',
      });
    }
    throw error;
  };
}
