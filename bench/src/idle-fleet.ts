import { setTimeout as pause } from 'node:timers/promises';
import { practicePanther } from '@syncline/connectors';
import { judgeConnections } from '@syncline/store';
import { sql } from 'kysely';
import { cpuOf } from './cpu.js';
import { type Measurement, median } from './report.js';
import { openRig, type Rig } from './rig.js';
import { makeTenants } from './tenants.js';

const sizes = [10, 100, 1_000];
const idleSeconds = 30;
const judgements = 5;

/** A second of a fleet that has nothing to do. */
interface Idle {
  readonly redisCommands: number;
  readonly transactions: number;
  readonly rowsRead: number;
  /** Of Postgres executing statements. */
  readonly activeMs: number;
  /** Of the worker's process. */
  readonly cpuMs: number;
}

/** Seconds from the moment that all were due. */
interface DueHour {
  readonly half: number;
  readonly all: number;
  readonly synced: number;
}

/**
 * What a fleet of one worker costs while nothing is due, and how long it takes to start the syncs of all organizations
 * when they are due in the same second: by their alarm clocks, and found late, as after a night without workers.
 */
export async function idleFleet(): Promise<Measurement> {
  const results = [];
  for (const size of sizes) {
    const rig = await openRig({ simulator: ['--contacts', '10'], environment: { ENABLE_SYNC_SCHEDULER: 'true' } });
    try {
      await makeTenants(rig, size);
      await alarmClocks(rig, size);
      const idle = await idleCost(rig);
      const judgedMs = await judgingTime(rig);
      const due = await dueByClock(rig, size);
      const late = await dueAndMissed(rig, size);
      const result = { size, idle, judgedMs, due, late };
      console.log(JSON.stringify(result));
      results.push(result);
    } finally {
      await rig.close();
    }
  }
  const rows = results.flatMap(({ size, idle, judgedMs, due, late }) => {
    const row = (figure: string, value: number, unit: string) => ({ figure: `${size}: ${figure}`, value, unit });
    return [
      row('idle, asked of Redis a second', idle.redisCommands, 'commands'),
      row('idle, asked of Postgres a second', idle.transactions, 'transactions'),
      row('idle, read by Postgres a second', idle.rowsRead, 'rows'),
      row('idle, Postgres at work, of a second', idle.activeMs, 'ms'),
      row('idle, CPU of the worker, of a second', idle.cpuMs, 'ms'),
      row('all connections judged for alerts', judgedMs, 'ms'),
      row('due in one second, half are dispatched', due.half, 's'),
      row('due in one second, all are dispatched', due.all, 's'),
      row('due in one second, all are synced', due.synced, 's'),
      row('missed, all are dispatched', late.all, 's'),
    ];
  });
  return {
    name: 'idle-fleet',
    what: `one worker and 10, 100, 1,000 organizations with a schedule and three days of hourly history each; idle for ${idleSeconds} s, then all due at once`,
    rows,
    raw: results,
  };
}

/** Waits until Redis has an alarm clock for each schedule, and leaves the rows due when these ring, as a dispatcher does. */
async function alarmClocks({ redis, prefix, db }: Rig, count: number): Promise<void> {
  const clocks = `${prefix}:sync-schedules:repeat`;
  await until(async () => (await redis.zcard(clocks)) === count);
  const rings = await redis.zrange(clocks, 0, '-1', 'WITHSCORES');
  const [ids, times] = [rings.filter((_, i) => i % 2 === 0), rings.filter((_, i) => i % 2 === 1)];
  await sql`update sync_schedules s set next_due_at = to_timestamp(r.ms / 1000)
    from unnest(${ids}::uuid[], ${times}::float8[]) as r(id, ms) where s.id = r.id`.execute(db);
}

async function idleCost(rig: Rig): Promise<Idle> {
  // What was going on before has to come to rest, and Postgres to tell of it.
  await pause(10_000);
  const before = await counters(rig);
  await pause(idleSeconds * 1_000);
  const after = await counters(rig);
  const seconds = (after.at - before.at) / 1_000;
  const rate = (figure: keyof Idle) => (after[figure] - before[figure]) / seconds;
  return {
    redisCommands: rate('redisCommands'),
    transactions: rate('transactions'),
    rowsRead: rate('rowsRead'),
    activeMs: rate('activeMs'),
    cpuMs: rate('cpuMs'),
  };
}

async function counters({ redis, db, workerPid }: Rig): Promise<Idle & { readonly at: number }> {
  const at = performance.now();
  const [, commands] = /total_commands_processed:(\d+)/.exec(await redis.info('stats')) ?? [];
  const { rows } = await sql<Omit<Idle, 'redisCommands' | 'cpuMs'>>`
    select xact_commit + xact_rollback as transactions, tup_returned as "rowsRead", active_time as "activeMs"
    from pg_stat_database where datname = current_database()`.execute(db);
  const [of = { transactions: Number.NaN, rowsRead: Number.NaN, activeMs: Number.NaN }] = rows;
  return { at, redisCommands: Number(commands), ...of, cpuMs: cpuOf(workerPid) };
}

async function judgingTime({ db }: Rig): Promise<number> {
  const entities = practicePanther.entities.map(({ name: entity }) => ({
    ...{ connector: practicePanther.id, entity, broughtBy: practicePanther.entities.map(({ name }) => name) },
  }));
  const times: number[] = [];
  for (let i = 0; i < judgements; i += 1) {
    const startedAt = performance.now();
    await judgeConnections(db, { entities, pauses: [] });
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

/** All due at the same full minute, as a cron expression has it that many have chosen. */
async function dueByClock(rig: Rig, count: number): Promise<DueHour> {
  const due = new Date(Math.ceil((Date.now() + 30_000) / 60_000) * 60_000);
  const cron = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  await sql`update sync_schedules set cron = ${cron}, interval_seconds = null, next_due_at = ${due}`.execute(rig.db);
  await pause(due.getTime() - Date.now());
  return outcomes(rig, count, due);
}

/** All due for some minutes, and nobody was there. */
async function dueAndMissed(rig: Rig, count: number): Promise<DueHour> {
  const { rows } = await sql<{ now: Date }>`
    update sync_schedules set next_due_at = date_trunc('milliseconds', now() - interval '10 minutes')
    returning now() as now`.execute(rig.db);
  return outcomes(rig, count, rows[0]?.now ?? new Date());
}

async function outcomes({ db }: Rig, count: number, since: Date): Promise<DueHour> {
  let last = { runs: 0, live: 0, half: 0, all: 0, synced: 0 };
  await until(async () => {
    const { rows } = await sql<typeof last>`
      select count(*) as runs, count(*) filter (where j.status in ('queued', 'running')) as live,
        extract(epoch from percentile_disc(0.5) within group (order by r.created_at) - ${since})::float8 as half,
        extract(epoch from max(r.created_at) - ${since})::float8 as all,
        extract(epoch from max(j.ended_at) - ${since})::float8 as synced
      from sync_schedule_runs r left join sync_jobs j on j.id = r.sync_job_id where r.created_at >= ${since}`.execute(
      db,
    );
    last = rows[0] ?? last;
    return last.runs === count && last.live === 0;
  });
  return last;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(500);
}
