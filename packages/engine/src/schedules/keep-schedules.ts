import {
  type ActiveSchedule,
  activeSchedules,
  nextSlots,
  overdueConnections,
  readClock,
  type Schedule,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { found } from '../measure/found.js';
import { dispatchDue } from './dispatch-due.js';
import { nextToCome, repeatOf, timingOf } from './timing.js';

/** BullMQ fires on time; what is still due after that long was not fired by anybody. */
const overdueSeconds = 2;
/** How long a round dispatches; the rest has its turn in the next one, a few seconds later. Jobs have theirs in between. */
const dispatchMs = 3_000;
const batch = 100;
/** Dispatched at the same time: most of it is waiting for Postgres, whose connections others need as well. */
const atOnce = 4;

/**
 * A round of looking after schedules: dispatches what is due and was fired by nobody (the fleet was down, Redis lost
 * its keys, a clock is wrong), then brings the job schedulers in Redis in step with the rows. Does nothing where the
 * scheduler is switched off.
 */
export async function keepSchedules(
  ctx: Pick<EngineContext, 'db' | 'flows' | 'verifications' | 'connectors' | 'log' | 'schedules' | 'metrics'>,
): Promise<void> {
  if (ctx.schedules === undefined) return;
  const until = performance.now() + dispatchMs;
  let more = true;
  while (more && performance.now() < until) more = await dispatchOverdue(ctx);
  await deriveSchedulers(ctx);
}

/** Dispatches a batch of what is overdue. Says whether there may be more of it that can be dispatched. */
async function dispatchOverdue(
  ctx: Pick<EngineContext, 'db' | 'flows' | 'verifications' | 'connectors' | 'log' | 'metrics'>,
): Promise<boolean> {
  const overdue = await overdueConnections(ctx.db, overdueSeconds, batch);
  const full = overdue.length === batch;
  let failed = false;
  const lane = async () => {
    for (let id = overdue.pop(); id !== undefined; id = overdue.pop()) {
      // One connection's trouble is not the others'.
      try {
        await dispatchDue(ctx, id);
        found(ctx, 'schedule_dispatched');
      } catch (error) {
        failed = true;
        ctx.log.warn(
          { event: 'schedule.postponed', err: error, connectionId: id },
          'overdue schedules could not be dispatched this time',
        );
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return full && !failed;
}

/**
 * Makes Redis hold one job scheduler for each enabled schedule, due when the row says, and no other. Any number of
 * processes may do so at once.
 */
export async function deriveSchedulers(ctx: Pick<EngineContext, 'db' | 'schedules' | 'log'>): Promise<void> {
  const { schedules } = ctx;
  if (schedules === undefined) return;
  // First Redis, then the rows: what is made meanwhile has its row before its scheduler, and is not taken for a stray.
  const standing = await schedules.standing();
  const wanted = await nextSlots(ctx.db);
  // Nearly all agree, nearly always: only of the others the whole row is read and its times are computed.
  const differing = [...wanted].filter(([id, slot]) => standing.get(id) !== slot).map(([id]) => id);
  const rows = await activeSchedules(ctx.db, differing);
  const now = rows.length === 0 ? new Date() : await readClock(ctx.db);
  for (const schedule of rows) {
    // The time it will fire is also how a changed cron expression or interval is seen.
    const fires = standing.get(schedule.id);
    if (fires === undefined || !isRight(fires, schedule, now)) await put(schedules, schedule);
  }
  for (const id of standing.keys()) if (!wanted.has(id)) await schedules.remove(id);
}

/** BullMQ knows regular slots only. One that is made up for in between, or was missed, is the reconciler's to notice. */
function isRight(fires: number, schedule: ActiveSchedule, now: Date): boolean {
  if (fires === schedule.nextDueAt.getTime()) return true;
  try {
    return fires === nextToCome(timingOf(schedule), schedule.lastDueAt, now)?.getTime();
  } catch {
    return false;
  }
}

/** Brings one schedule's job scheduler in step, after a change of its row was committed. */
export async function deriveScheduler(
  ctx: Pick<EngineContext, 'schedules' | 'log'>,
  schedule: Pick<Schedule, 'id'> | ActiveSchedule,
): Promise<void> {
  const { schedules } = ctx;
  if (schedules === undefined) return;
  try {
    if ('enabled' in schedule && schedule.enabled) await put(schedules, schedule);
    else await schedules.remove(schedule.id);
  } catch (error) {
    ctx.log.warn(
      { event: 'redis.awaited', err: error, scheduleId: schedule.id },
      'Redis is away; the reconciler brings its scheduler in step',
    );
  }
}

async function put(schedules: NonNullable<EngineContext['schedules']>, schedule: Schedule): Promise<void> {
  await schedules.put(schedule.id, repeatOf(timingOf(schedule)));
}
