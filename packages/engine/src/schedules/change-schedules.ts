import { type Connector, SyncError } from '@syncline/connector-kit';
import {
  type Actor,
  type Connection,
  type Db,
  deleteSchedule,
  findConnection,
  insertSchedule,
  listSchedules,
  lockSchedule,
  readClock,
  recordAudit,
  type Schedule,
  type ScheduleMode,
  type ScheduleTerms,
  type ScheduleView,
  updateSchedule,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { checkCron, checkTimeZone } from './check-timing.js';
import { deriveScheduler } from './keep-schedules.js';
import { nextToCome, timingOf } from './timing.js';

/** What an operator may say of a schedule. `cron` and `intervalSeconds` replace each other. */
export interface ScheduleChange {
  readonly name?: string | undefined;
  readonly cron?: string | undefined;
  readonly intervalSeconds?: number | undefined;
  readonly timeZone?: string | undefined;
  readonly entities?: readonly string[] | undefined;
  readonly mode?: ScheduleMode | undefined;
  readonly enabled?: boolean | undefined;
}

export type NewSchedule = ScheduleChange & { readonly name: string; readonly mode: ScheduleMode };

type ChangeContext = Pick<EngineContext, 'db' | 'schedules' | 'connectors' | 'log'>;

/**
 * Makes a schedule. It is in force when this returns, for every process.
 *
 * Throws SyncError VALIDATION_FAILED, with the field: a time that cannot be understood, an entity that the connector
 * does not have, a name that is taken.
 */
export async function createSchedule(
  ctx: ChangeContext,
  connection: Pick<Connection, 'id' | 'organizationId' | 'connector'>,
  given: NewSchedule,
  by: Actor,
): Promise<ScheduleView> {
  const { organizationId, id: connectionId } = connection;
  const blank = { cron: null, intervalSeconds: null, timeZone: 'UTC', entities: [], enabled: true } as const;
  const id = await ctx.db.transaction().execute(async (trx) => {
    const draft = { ...blank, connectionId, lastDueAt: null, nextDueAt: null, name: given.name, mode: given.mode };
    const terms = agree(connectorOf(ctx, connection.connector), draft, given, await readClock(trx));
    const made = await insertSchedule(trx, { organizationId, connectionId }, terms);
    await audit(trx, organizationId, by, 'schedule.create', made, { connectionId, ...given });
    return made;
  });
  return inForce(ctx, organizationId, id);
}

/**
 * Changes a schedule; `change` may look at it as it is. It is in force when this returns, for every process: what comes
 * next is counted from now, unless only the name, mode or entities changed.
 *
 * Throws SyncError NOT_FOUND, VALIDATION_FAILED.
 */
export async function changeSchedule(
  ctx: ChangeContext,
  organizationId: string,
  id: string,
  change: ScheduleChange | ((schedule: Schedule) => ScheduleChange),
  by: Actor,
): Promise<ScheduleView> {
  await ctx.db.transaction().execute(async (trx) => {
    const schedule = await lockSchedule(trx, organizationId, id);
    const connection = schedule && (await findConnection(trx, organizationId, schedule.connectionId));
    if (schedule === undefined || connection === undefined) throw unknownSchedule();
    const changed = typeof change === 'function' ? change(schedule) : change;
    const terms = agree(connectorOf(ctx, connection.connector), schedule, changed, await readClock(trx));
    await updateSchedule(trx, schedule, terms);
    await audit(trx, organizationId, by, 'schedule.change', id, { was: schedule.name, ...changed });
  });
  return inForce(ctx, organizationId, id);
}

/** Deletes a schedule and its history; a job that it has started goes on. Throws SyncError NOT_FOUND. */
export async function removeSchedule(ctx: ChangeContext, organizationId: string, id: string, by: Actor): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const name = await deleteSchedule(trx, organizationId, id);
    if (name === undefined) throw unknownSchedule();
    await audit(trx, organizationId, by, 'schedule.delete', id, { name });
  });
  await deriveScheduler(ctx, { id });
}

type Draft = ScheduleTerms & Pick<Schedule, 'connectionId' | 'lastDueAt'>;

/** The terms after a change, checked, with the slot that comes next. */
function agree(connector: Connector, was: Draft, change: ScheduleChange, now: Date): ScheduleTerms {
  const when = agreeTimes(was, change, now);
  const { timeZone } = when;
  const enabled = change.enabled ?? was.enabled;
  const sameTime = when.cron === was.cron && when.intervalSeconds === was.intervalSeconds && timeZone === was.timeZone;
  const keeps = sameTime && was.enabled && was.nextDueAt !== null;
  const nextDueAt = keeps ? was.nextDueAt : (nextToCome(timingOf(when), was.lastDueAt, now) ?? null);
  return {
    name: change.name ?? was.name,
    cron: when.cron,
    intervalSeconds: when.intervalSeconds,
    timeZone,
    entities: knownEntities(connector, change.entities) ?? was.entities,
    mode: change.mode ?? was.mode,
    enabled,
    nextDueAt: enabled ? nextDueAt : null,
  };
}

type Times = Pick<Draft, 'connectionId' | 'cron' | 'intervalSeconds' | 'timeZone'>;

/** When it is due after a change, checked. Throws SyncError VALIDATION_FAILED. */
export function agreeTimes(was: Times, change: ScheduleChange, now: Date): Times {
  const timeZone = change.timeZone === undefined ? was.timeZone : checkTimeZone(change.timeZone);
  const { cron, intervalSeconds } = eitherOf(was, change);
  const { connectionId } = was;
  return { timeZone, connectionId, intervalSeconds, cron: cron === null ? null : checkCron(cron, timeZone, now) };
}

function eitherOf(was: Times, change: ScheduleChange): { cron: string | null; intervalSeconds: number | null } {
  const { cron = null, intervalSeconds = null } = change;
  if (cron !== null && intervalSeconds !== null) {
    throw new SyncError('VALIDATION_FAILED', 'cron and intervalSeconds are two ways to say it: give one', {
      field: 'cron',
    });
  }
  if (cron !== null || intervalSeconds !== null) return { cron, intervalSeconds };
  if (was.cron === null && was.intervalSeconds === null) {
    throw new SyncError('VALIDATION_FAILED', 'cron or intervalSeconds is needed', { field: 'cron' });
  }
  return { cron: was.cron, intervalSeconds: was.intervalSeconds };
}

function knownEntities(connector: Connector, names: readonly string[] | undefined): string[] | undefined {
  if (names === undefined) return undefined;
  const known = connector.entities.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const message = `${connector.displayName} has no ${stranger}; it has ${known.join(', ')}`;
    throw new SyncError('VALIDATION_FAILED', message, { field: 'entities' });
  }
  return [...new Set(names)];
}

async function inForce(ctx: ChangeContext, organizationId: string, id: string): Promise<ScheduleView> {
  const [schedule] = await listSchedules(ctx.db, organizationId, { id });
  if (schedule === undefined) throw unknownSchedule();
  await deriveScheduler(ctx, schedule);
  return schedule;
}

function unknownSchedule(): SyncError {
  return new SyncError('NOT_FOUND', 'There is no schedule with this id');
}

async function audit(
  trx: Db,
  organizationId: string,
  by: Actor,
  action: string,
  subjectId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(trx, { organizationId, ...by, action, subjectKind: 'schedule', subjectId, details });
}
