import { readFileSync } from 'node:fs';
import type { JobView } from '@syncline/store';
import { sql } from 'kysely';
import { cpuOf } from './cpu.js';
import { residentMib } from './memory.js';
import { type Measurement, median } from './report.js';
import { openRig, type Rig } from './rig.js';

const matters = 40_000;
const rounds = 3;
const quickSyncs = 10;

/** What has been used since a process began, and what lies on disk. */
interface Used {
  /** CPU, ms. */
  readonly worker: number;
  readonly postgres: number;
  readonly redis: number;
  readonly redisCommands: number;
  /** Bytes. */
  readonly wal: number;
  readonly disk: number;
}

/**
 * What records cost of each part's time, so that a fleet can be sized by multiplying: a thousand that are new, a thousand
 * that are met again as they were, and an incremental sync that finds nothing. Linux only, and with services on this machine.
 */
export async function capacity(): Promise<Measurement> {
  const rig = await openRig({ simulator: ['--contacts', '2000', '--matters', String(matters), '--tasks', '0'] });
  try {
    const costs: Record<'loaded' | 'met' | 'quick', Used[]> = { loaded: [], met: [], quick: [] };
    // Parents, and warm code: a worker that has just come up is no measure for one that runs for weeks.
    await rig.fullSync();
    for (let round = 0; round < rounds; round += 1) {
      await sql`truncate exchanges cascade`.execute(rig.db);
      costs.loaded.push(await costOf(rig, async () => records(await rig.fullSync()) / 1_000));
      costs.met.push(await costOf(rig, async () => records(await rig.fullSync()) / 1_000));
      costs.quick.push(
        await costOf(rig, async () => {
          for (let i = 0; i < quickSyncs; i += 1) await rig.incrementalSync();
          return quickSyncs;
        }),
      );
      console.log(`round ${round + 1}: ${JSON.stringify(costs.loaded.at(-1))}`);
    }
    const of = (costed: readonly Used[], key: keyof Used) => median(costed.map((used) => used[key]));
    const rows = (what: string, costed: readonly Used[]) => [
      { figure: `${what}: CPU of the worker`, value: of(costed, 'worker'), unit: 'ms' },
      { figure: `${what}: CPU of Postgres`, value: of(costed, 'postgres'), unit: 'ms' },
      { figure: `${what}: CPU of Redis`, value: of(costed, 'redis'), unit: 'ms' },
      { figure: `${what}: asked of Redis`, value: of(costed, 'redisCommands'), unit: 'commands' },
      { figure: `${what}: log written by Postgres`, value: of(costed, 'wal') / 1024, unit: 'KiB' },
    ];
    return {
      name: 'capacity',
      what: `CPU of each part, ${matters.toLocaleString('en')} matters in pages of 100, one worker; medians of ${rounds} rounds`,
      rows: [
        ...rows('1,000 new records', costs.loaded),
        { figure: '1,000 new records: on disk, indexes included', value: of(costs.loaded, 'disk') / 1024, unit: 'KiB' },
        ...rows('1,000 records met again', costs.met),
        ...rows('an incremental sync that finds nothing', costs.quick),
        { figure: 'worker, resident', value: residentMib(rig.workerPid), unit: 'MiB' },
      ],
      raw: costs,
    };
  } finally {
    await rig.close();
  }
}

const records = (job: JobView) => job.entities.reduce((sum, { recordsRead }) => sum + recordsRead, 0);

/** What one unit of the work costs. `work` gives how many units it was. */
async function costOf(rig: Rig, work: () => Promise<number>): Promise<Used> {
  const before = await used(rig);
  const units = await work();
  const after = await used(rig);
  const each = (key: keyof Used) => (after[key] - before[key]) / units;
  return {
    ...{ worker: each('worker'), postgres: each('postgres'), redis: each('redis') },
    ...{ redisCommands: each('redisCommands'), wal: each('wal'), disk: each('disk') },
  };
}

async function used({ db, redis, workerPid }: Rig): Promise<Used> {
  const { rows } = await sql<{ pid: number; wal: number; disk: number }>`
    select pg_backend_pid() as pid, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal,
      pg_total_relation_size('exchanges')::float8 as disk`.execute(db);
  const { pid, wal, disk } = rows[0] ?? { pid: 0, wal: Number.NaN, disk: Number.NaN };
  const info = await redis.info();
  const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    worker: cpuOf(workerPid),
    postgres: cpuWithChildren(parentOf(pid)),
    redis: cpuOf(figure('process_id')),
    redisCommands: figure('total_commands_processed'),
    ...{ wal, disk },
  };
}

const statOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
const parentOf = (pid: number) => Number(statOf(pid)[1]);

/** Of a server, its processes that have ended, and those that live: Postgres has one for each connection. */
function cpuWithChildren(pid: number): number {
  const ended =
    statOf(pid)
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map((child) => cpuOf(Number(child))).reduce((sum, ms) => sum + (ms || 0), ended);
}
