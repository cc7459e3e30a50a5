import { sql } from 'kysely';
import { expect } from 'vitest';
import { entities, expectTruth, type SyncedEntity, tables } from '../e2e/truth.js';
import { slotsBetween, takenOf } from './slots.js';
import type { WeekFirm } from './week-firm.js';

export interface EndedJob {
  readonly id: string;
  readonly status: string;
  readonly isFull: boolean;
  readonly entities: readonly SyncedEntity[];
}

type Db = WeekFirm['ground']['bed']['db'];

export async function endedJob(db: Db, id: string): Promise<EndedJob> {
  const { rows } = await sql<{ status: string; entity: SyncedEntity; mode: string }>`
    select j.status, p.entity, p.mode from sync_jobs j join sync_progress p on p.sync_job_id = j.id
    where j.id = ${id} order by p.position`.execute(db);
  const isFull = rows.every(({ mode }) => mode === 'full');
  return { id, status: rows[0]?.status ?? '', isFull, entities: rows.map(({ entity }) => entity) };
}

/** Where they are asked for in an incremental sync, if not at a list of their own. */
const listsOf: Partial<Record<SyncedEntity, readonly string[]>> = {
  // They have no time of change but their accounts'.
  contacts: ['accounts'],
  customfields: ['customfields/company', 'customfields/contact', 'customfields/matter'],
};

/** An incremental job with nothing new has cost one request a list, and none for a body; and wrote no row. */
export async function expectNothingNew(firm: WeekFirm, job: EndedJob, firstTransaction: number): Promise<void> {
  const when = new Date(firm.time.nowMs()).toISOString();
  const asked = Object.entries(firm.simulator.requests.totals).filter(([path]) => !path.endsWith('/oauth/token'));
  const wanted: Record<string, number> = {};
  for (const list of job.entities.flatMap((entity) => listsOf[entity] ?? [entity])) {
    wanted[`GET /api/v2/${list}`] = (wanted[`GET /api/v2/${list}`] ?? 0) + 1;
  }
  expect(Object.fromEntries(asked), when).toEqual(wanted);
  expect(await rowsWrittenSince(firm.ground.bed.db, firstTransaction), when).toEqual({});
}

/** What the job has read is what the vendor has; but only a full sync learns what was deleted. */
export async function expectTruthOf(firm: WeekFirm, job: EndedJob): Promise<void> {
  const { ground, simulator } = firm;
  const gone = new Set(job.isFull ? [] : entities.flatMap((entity) => simulator.store.deletedIds(entity)));
  await expectTruth(ground.bed, simulator, gone, job.entities);
}

/** BullMQ's job schedulers are those of the rows. */
export async function expectAlarmClocks({ ground, schedules }: WeekFirm): Promise<void> {
  const { rows } = await sql<{ id: string; due: Date }>`
    select id, next_due_at as due from sync_schedules`.execute(ground.bed.db);
  expect(await schedules.standing()).toEqual(new Map(rows.map(({ id, due }) => [id, due.getTime()])));
}

export interface Slots {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spreadSeconds: number;
  /** When nobody was there. */
  readonly away: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** Moments at which a job was under way. */
  readonly skipped: number;
}

/**
 * Each slot of each schedule has one outcome: a job, or a part in one, or that it was skipped. Only those have none that
 * the fleet has slept through. Gives how many slots there were.
 */
export async function expectSlots({ ground }: WeekFirm, slots: Slots): Promise<number> {
  const { rows } = await sql<{ name: string; due: Date; outcome: string }>`
    select s.name, r.due_at as due, r.outcome from sync_schedule_runs r join sync_schedules s on s.id = r.schedule_id
    order by r.due_at`.execute(ground.bed.db);
  let count = 0;
  for (const [name, due] of slotsBetween(slots.fromMs, slots.toMs, slots.spreadSeconds)) {
    const taken = rows.filter((run) => run.name === name).map((run) => run.due.toISOString());
    expect(taken, name).toEqual(takenOf(due, slots.away).map((ms) => new Date(ms).toISOString()));
    count += due.length;
  }
  const without = rows.filter(({ outcome }) => outcome !== 'started' && outcome !== 'merged');
  expect(without.filter(({ outcome }) => outcome !== 'skipped')).toEqual([]);
  expect(new Set(without.map(({ due }) => due.getTime())).size, 'skipped').toBe(slots.skipped);
  return count;
}

export async function transactionId(db: Db): Promise<number> {
  const { rows } = await sql<{ id: number }>`select txid_current() as id`.execute(db);
  return rows[0]?.id ?? 0;
}

/** How many rows of which tables have a version that was written by this transaction or a later one. */
async function rowsWrittenSince(db: Db, transaction: number): Promise<Record<string, number>> {
  const parts = Object.values(tables).map(
    (table) => sql`select ${sql.lit(table)} as name, count(*)::int as written from ${sql.table(table)}
      where xmin::text::bigint >= ${transaction} having count(*) > 0`,
  );
  const { rows } = await sql<{ name: string; written: number }>`${sql.join(parts, sql` union all `)}`.execute(db);
  return Object.fromEntries(rows.map(({ name, written }) => [name, written]));
}
