import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type Schedule, type ScheduleRun, scheduleColumns } from './schedules.js';

/** A schedule that is enabled, and so has a next slot. */
export type ActiveSchedule = Schedule & { readonly nextDueAt: Date };

/** One whose next slot has come, and Postgres' time when that was found. */
export interface DueSchedule extends Schedule {
  readonly nextDueAt: Date;
  readonly now: Date;
  /** The slot has its outcome already: somebody set the row back. */
  readonly settled: boolean;
}

/**
 * When each enabled schedule is due next (ms since the epoch), by its id, of all organizations: for the one who keeps the
 * job schedulers in Redis in step. As little as can be, because it is asked every few seconds.
 */
export async function nextSlots(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ ids: string[]; slots: number[] }>`
    select coalesce(array_agg(id::text), '{}') as ids,
      coalesce(array_agg(extract(epoch from next_due_at)::float8 * 1000), '{}') as slots
    from sync_schedules where enabled`.execute(db);
  const { ids, slots } = rows[0] ?? { ids: [], slots: [] };
  return new Map(ids.map((id, i) => [id, Math.round(slots[i] ?? 0)]));
}

/** Every enabled schedule, of all organizations; or those of these ids. */
export async function activeSchedules(db: Db, ids?: readonly string[]): Promise<ActiveSchedule[]> {
  if (ids?.length === 0) return [];
  let query = db.selectFrom('sync_schedules as s').select(scheduleColumns).where('s.enabled', '=', true);
  if (ids !== undefined) query = query.where('s.id', 'in', ids);
  return query.$narrowType<{ nextDueAt: Date }>().execute();
}

/** The connection whose syncs a schedule starts, whoever asks: its id is random and comes from our own queue. */
export async function connectionOfSchedule(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('sync_schedules').select('connection_id').where('id', '=', id).executeTakeFirst();
  return row?.connection_id;
}

/** Connections with a slot that has been due for `seconds`, the oldest first, `limit` at most. */
export async function overdueConnections(db: Db, seconds: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sync_schedules')
    .select('connection_id as id')
    .where('enabled', '=', true)
    .where('next_due_at', '<=', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .groupBy('connection_id')
    .orderBy(sql`min(next_due_at)`)
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * The connection's schedules that are due, or will be within `earlySeconds`; locked until the end of the transaction,
 * oldest slot first. Whoever comes second waits for the lock and then finds that they are not due any more.
 */
export async function lockDueSchedules(trx: Db, connectionId: string, earlySeconds: number): Promise<DueSchedule[]> {
  const due = await trx
    .selectFrom('sync_schedules as s')
    .select(({ exists, selectFrom }) => [
      ...scheduleColumns,
      sql<Date>`now()`.as('now'),
      exists(
        selectFrom('sync_schedule_runs as r')
          .select('r.schedule_id')
          .whereRef('r.schedule_id', '=', 's.id')
          .whereRef('r.due_at', '=', 's.next_due_at'),
      )
        .$castTo<boolean>()
        .as('settled'),
    ])
    .where('s.connection_id', '=', connectionId)
    .where('s.enabled', '=', true)
    .where('s.next_due_at', '<=', sql<Date>`now() + make_interval(secs => ${earlySeconds})`)
    // Always in this order: two that lock several never wait for each other in a circle.
    .orderBy('s.id')
    .forUpdate()
    .$narrowType<{ nextDueAt: Date }>()
    .execute();
  return due.sort((a, b) => a.nextDueAt.getTime() - b.nextDueAt.getTime() || a.name.localeCompare(b.name));
}

export type SlotOutcome = Pick<ScheduleRun, 'outcome' | 'syncJobId' | 'code' | 'detail'>;

/**
 * Notes what came of a schedule's slot, unless that stands there already, and moves it to the next one; without a next
 * one it is switched off. In the transaction that holds its lock.
 */
export async function settleSlot(
  trx: Db,
  schedule: DueSchedule,
  run: SlotOutcome | undefined,
  nextDueAt: Date | null,
): Promise<void> {
  if (run !== undefined) await insertRun(trx, schedule, run);
  await trx
    .updateTable('sync_schedules')
    .set({ enabled: nextDueAt !== null, next_due_at: nextDueAt, last_due_at: schedule.nextDueAt })
    .where('id', '=', schedule.id)
    .execute();
}

async function insertRun(trx: Db, schedule: DueSchedule, run: SlotOutcome): Promise<void> {
  await trx
    .insertInto('sync_schedule_runs')
    .values({
      schedule_id: schedule.id,
      due_at: schedule.nextDueAt,
      organization_id: schedule.organizationId,
      outcome: run.outcome,
      sync_job_id: run.syncJobId,
      code: run.code,
      detail: run.detail?.slice(0, 2000) ?? null,
    })
    .execute();
}
