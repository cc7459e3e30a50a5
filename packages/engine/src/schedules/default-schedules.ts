import type { Connector, DefaultSchedule } from '@syncline/connector-kit';
import { type Connection, type Db, ensureDefaultSchedules, type ScheduleTerms } from '@syncline/store';
import { nextDue, spreadOf, timingOf } from './timing.js';

/**
 * Makes the schedules that the connector proposes, each once for a connection. Entities that this release of the
 * connector does not have are left out, and with them a schedule of which nothing would be left: it is made when a
 * release has them.
 */
export async function makeDefaultSchedules(
  db: Db,
  connector: Connector,
  connection: Pick<Connection, 'id' | 'organizationId'>,
): Promise<void> {
  const known = new Set(connector.entities.map(({ name }) => name));
  const proposed = new Map<string, DefaultSchedule>();
  for (const schedule of connector.schedules ?? []) {
    const entities = schedule.entities.filter((name) => known.has(name));
    if (schedule.entities.length === 0 || entities.length > 0) proposed.set(schedule.name, { ...schedule, entities });
  }
  await ensureDefaultSchedules(db, connection, [...proposed.keys()], (name, now) => {
    const schedule = proposed.get(name);
    if (schedule === undefined) throw new Error(`${connector.id} proposes no schedule ${name}`);
    return termsOf(schedule, connection.id, now);
  });
}

/** A proposed schedule as a row has it, with its first slot after `now`. */
function termsOf(schedule: DefaultSchedule, connectionId: string, now: Date): ScheduleTerms {
  const { name, mode, entities } = schedule;
  const when =
    'cron' in schedule
      ? { cron: cronOf(schedule, connectionId), timeZone: schedule.timeZone, intervalSeconds: null }
      : { cron: null, timeZone: 'UTC', intervalSeconds: schedule.everySeconds };
  const nextDueAt = nextDue(timingOf({ connectionId, ...when }), now) ?? null;
  return { name, mode, entities, ...when, enabled: nextDueAt !== null, nextDueAt };
}

function cronOf({ cron, spread }: Extract<DefaultSchedule, { cron: string }>, connectionId: string): string {
  return spread ? cron.replace(/^\S+/, String(spreadOf(connectionId, 60))) : cron;
}
