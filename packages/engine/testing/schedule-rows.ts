import { randomUUID } from 'node:crypto';
import { openRedis, openSchedules, type Schedules } from '@syncline/queue';
import { insertSchedule, type Schedule, type ScheduleTerms } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { nextRun } from '../src/schedules/timing.js';

type Owner = Pick<Schedule, 'organizationId'> & { readonly id: string };

/** Puts a schedule of a connection into its table, due in an hour unless said otherwise. */
export function schedule(bed: TestBed, connection: Owner, terms: Partial<ScheduleTerms> = {}): Promise<string> {
  const when = terms.cron === undefined ? { cron: null, intervalSeconds: 900 } : { intervalSeconds: null };
  return insertSchedule(
    bed.db,
    { organizationId: connection.organizationId, connectionId: connection.id },
    {
      ...{ name: `schedule ${randomUUID()}`, cron: null, timeZone: 'UTC', entities: [], mode: 'incremental' },
      ...{ enabled: true, nextDueAt: new Date(Date.now() + 3_600_000) },
      ...when,
      ...terms,
    },
  );
}

/** Makes a schedule due so many seconds ago, by Postgres' clock. */
export async function setDue(bed: TestBed, id: string, secondsAgo: number): Promise<void> {
  const due = sql<Date>`date_trunc('milliseconds', now() - make_interval(secs => ${secondsAgo}))`;
  await bed.db.updateTable('sync_schedules').set({ next_due_at: due }).where('id', '=', id).execute();
}

/** Postgres' time. */
export async function clock(bed: TestBed): Promise<number> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(bed.db);
  return rows[0]?.now.getTime() ?? 0;
}

export interface SchedulerHandle {
  readonly schedules: Schedules;
  readonly redis: ReturnType<typeof openRedis>;
  close(): Promise<void>;
}

/** Job schedulers over a connection of one's own to Redis, as each process has it. */
export function openScheduler(bed: TestBed, prefix: string): SchedulerHandle {
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  const schedules = openSchedules(redis, prefix, nextRun, () => undefined);
  return {
    schedules,
    redis,
    close: async () => {
      await schedules.close();
      redis.disconnect();
    },
  };
}
