import { setTimeout as pause } from 'node:timers/promises';
import { ErrorCode, Queue, type RepeatStrategy, Worker } from 'bullmq';
import { z } from 'zod';
import type { Consumer } from './consumer.js';
import { scheduleQueue } from './names.js';
import type { RedisClient } from './redis/open-redis.js';

/** When a schedule is due, as text that only the one who computes it has to understand. */
export interface Repeat {
  readonly pattern: string;
  readonly timeZone: string;
}

/** The first time after `after` (both ms since the epoch); undefined when there is none. Must not throw. */
export type NextRun = (repeat: Repeat, after: number) => number | undefined;

/** BullMQ's job schedulers, one for each schedule, under its id. They are made from Postgres and may be lost. */
export interface Schedules {
  /** Makes the schedule's job scheduler, or replaces it. Any number may do so at once. Rejects when Redis is away. */
  put(id: string, repeat: Repeat): Promise<void>;
  remove(id: string): Promise<void>;
  /** When each is due next (ms since the epoch); undefined for one whose next job is gone, so that it never will be. */
  standing(): Promise<Map<string, number | undefined>>;
  close(): Promise<void>;
}

/** What a job says: which schedule is due. All else stands in Postgres. */
const payload = z.object({ v: z.literal(1), scheduleId: z.uuid() });

/**
 * One try, and nothing is kept: a job that fails leaves its schedule overdue in Postgres, and whoever looks there
 * dispatches it. A kept job would take the id of its slot.
 */
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

export function openSchedules(
  connection: RedisClient,
  prefix: string,
  next: NextRun,
  onError: (error: Error) => void,
): Schedules {
  const queue = new Queue(scheduleQueue, { connection, prefix, settings: { repeatStrategy: strategyOf(next) } });
  queue.on('error', onError);
  return {
    put: async (id, { pattern, timeZone }) => {
      const data: z.infer<typeof payload> = { v: 1, scheduleId: id };
      try {
        await queue.upsertJobScheduler(id, { pattern, tz: timeZone }, { name: 'dispatch', data, opts: jobOptions });
      } catch (error) {
        // A worker has the job of that very slot in its hands; it makes the next one.
        if ((error as { code?: unknown }).code !== ErrorCode.SchedulerJobIdCollision) throw error;
      }
    },
    remove: async (id) => void (await queue.removeJobScheduler(id)),
    standing: () => readStanding(connection, `${prefix}:${scheduleQueue}`),
    close: () => queue.close(),
  };
}

/**
 * Reads BullMQ's own keys: its API asks once for each scheduler, and does not tell whether the next job is still there.
 * A scheduler whose job somebody removed stands still for ever.
 */
async function readStanding(connection: RedisClient, base: string): Promise<Map<string, number | undefined>> {
  const answers = await connection
    .multi()
    .zrange(`${base}:repeat`, 0, '-1', 'WITHSCORES')
    .zrange(`${base}:delayed`, 0, '-1')
    .lrange(`${base}:wait`, 0, -1)
    .lrange(`${base}:paused`, 0, -1)
    .lrange(`${base}:active`, 0, -1)
    .exec();
  const [schedulers = [], ...jobs] = (answers ?? []).map(([error, answer]) => {
    if (error !== null) throw error;
    return answer as string[];
  });
  const held = new Set(jobs.flat());
  const standing = new Map<string, number | undefined>();
  for (let i = 0; i + 1 < schedulers.length; i += 2) {
    const [id = '', next = ''] = schedulers.slice(i, i + 2);
    standing.set(id, held.has(`repeat:${id}:${next}`) ? Number(next) : undefined);
  }
  return standing;
}

export interface ScheduleConsumerOptions {
  readonly connection: RedisClient;
  readonly prefix: string;
  readonly next: NextRun;
  /** Schedules that are dispatched at once. */
  readonly concurrency: number;
  readonly handle: (scheduleId: string) => Promise<void>;
  readonly onError: (error: Error) => void;
}

const patienceMs = 5_000;

/** Has `handle` called for each schedule when it is due, in one of the processes that consume. */
export function consumeSchedules(options: ScheduleConsumerOptions): Consumer {
  const { connection, prefix, concurrency } = options;
  const worker = new Worker(scheduleQueue, async (job) => options.handle(payload.parse(job.data).scheduleId), {
    ...{ connection, prefix, concurrency },
    settings: { repeatStrategy: strategyOf(options.next) },
  });
  worker.on('error', options.onError);
  // A Redis that is away would be waited for without end; what is not dispatched stays due in Postgres.
  return {
    queue: scheduleQueue,
    isRunning: () => worker.isRunning(),
    stop: async () => void (await Promise.race([worker.close(), pause(patienceMs, undefined, { ref: false })])),
  };
}

/** BullMQ's own strategy uses another cron library and knows no intervals that are moved. */
function strategyOf(next: NextRun): RepeatStrategy {
  return (after, { pattern = '', tz = 'UTC' }) => next({ pattern, timeZone: tz }, after);
}
