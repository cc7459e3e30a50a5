import { connectors } from '@syncline/connectors';
import type { JobView } from '@syncline/store';
import { sql } from 'kysely';
import { type Measurement, median } from './report.js';
import { openRig, type Rig } from './rig.js';

const contacts = 10_000;
const rounds = 5;
/** Custom fields have three lists; every other entity is one request. */
const lists = 12;

/** What one sync has cost. */
interface Cost {
  readonly records: number;
  readonly requests: Readonly<Record<string, number>>;
  /** Row versions in the target tables that did not exist before. */
  readonly rowsWritten: number;
  /** Transactions that wrote anything at all, checkpoints and signs of life included. */
  readonly writes: number;
  readonly walBytes: number;
  /** From the first entity's claim to the job's end. */
  readonly ms: number;
}

/**
 * An incremental sync of everything over a filled database, with nothing new at the vendor, beside a full sync of the
 * same: in turns, so that a change of the machine's mood meets both.
 */
export async function incrementalNothingNew(): Promise<Measurement> {
  const rig = await openRig({ simulator: ['--contacts', String(contacts)] });
  const full: Cost[] = [];
  const incremental: Cost[] = [];
  try {
    // Fills the tables, and warms the vendor's cache.
    const filled = await costOf(rig, () => rig.fullSync());
    if (filled.rowsWritten !== filled.records) throw new Error(`${filled.rowsWritten} rows seen of ${filled.records}`);
    for (let round = 0; round < rounds; round += 1) {
      full.push(await costOf(rig, () => rig.fullSync()));
      incremental.push(await costOf(rig, () => rig.incrementalSync()));
    }
    return measurement(full, incremental);
  } finally {
    await rig.close();
  }
}

function measurement(full: readonly Cost[], incremental: readonly Cost[]): Measurement {
  const of = (costs: readonly Cost[], figure: (cost: Cost) => number) => median(costs.map(figure));
  const requests = (costs: readonly Cost[]) => of(costs, ({ requests: asked }) => sum(Object.values(asked)));
  const most = Math.max(...incremental.map(({ rowsWritten }) => rowsWritten), ...full.map((cost) => cost.rowsWritten));
  const [fullMs, incrementalMs] = [of(full, ({ ms }) => ms), of(incremental, ({ ms }) => ms)];
  const [fullWal, incrementalWal] = [of(full, (cost) => cost.walBytes), of(incremental, (cost) => cost.walBytes)];
  const records = of(full, (cost) => cost.records);
  return {
    name: 'incremental-nothing-new',
    what:
      `incremental syncs of all ${lists - 2} entities with nothing new beside full ones, over ` +
      `${records.toLocaleString('en')} records; one worker, medians of ${rounds}`,
    rows: [
      { figure: 'asked for, incremental', value: requests(incremental), unit: 'requests' },
      { figure: 'asked for, full', value: requests(full), unit: 'requests' },
      { figure: 'requests a list, incremental', value: requests(incremental) / lists, unit: 'ratio', target: '1.00' },
      { figure: 'requests, incremental / full', value: requests(incremental) / requests(full), unit: 'ratio' },
      { figure: 'rows written, the most of any run', value: most, unit: 'rows', target: '0' },
      { figure: 'time, incremental', value: incrementalMs, unit: 'ms' },
      { figure: 'time, incremental / full', value: incrementalMs / fullMs, unit: 'ratio', target: 'at most 0.2' },
      {
        figure: 'that write anything, incremental',
        value: of(incremental, ({ writes }) => writes),
        unit: 'transactions',
      },
      { figure: 'that write anything, full', value: of(full, ({ writes }) => writes), unit: 'transactions' },
      { figure: 'log written by Postgres, incremental', value: incrementalWal / 1024, unit: 'KiB' },
      { figure: 'log written, incremental / full', value: incrementalWal / fullWal, unit: 'ratio' },
    ],
    raw: { full, incremental },
  };
}

async function costOf(rig: Rig, run: () => Promise<JobView>): Promise<Cost> {
  const [vendor] = rig.vendors;
  const requestsAt = new URL('/__simulator/requests', vendor?.url);
  await fetch(requestsAt, { method: 'DELETE' });
  const before = await positionOf(rig);
  const job = await run();
  const after = await positionOf(rig);
  const { totals } = (await (await fetch(requestsAt)).json()) as { totals: Record<string, number> };
  if (job.startedAt === null || job.endedAt === null) throw new Error('the sync did not run');
  const records = sum(job.entities.map(({ recordsRead }) => recordsRead));
  console.log(`${job.mode}: ${sum(Object.values(totals))} requests, ${records} records`);
  return {
    records,
    requests: totals,
    rowsWritten: await rowsWrittenSince(rig, before.transaction),
    writes: after.transaction - before.transaction - 1,
    walBytes: after.wal - before.wal,
    ms: job.endedAt.getTime() - job.startedAt.getTime(),
  };
}

/** Where Postgres stands: the number of its next transaction that writes, and how much log it has written. */
async function positionOf(rig: Rig): Promise<{ transaction: number; wal: number }> {
  const { rows } = await sql<{ transaction: number; wal: string }>`
    select txid_current() as transaction, pg_current_wal_insert_lsn() - '0/0' as wal`.execute(rig.db);
  const [row] = rows;
  return { transaction: row?.transaction ?? 0, wal: Number(row?.wal) };
}

/** A row that was written has another version, even if nothing in it has changed. */
async function rowsWrittenSince(rig: Rig, transaction: number): Promise<number> {
  const tables = connectors.flatMap(({ entities }) => entities.map(({ table }) => table.name));
  const counts = tables.map(
    (table) =>
      sql`select count(*) as written from ${sql.table(table)} where xmin::text::bigint >= ${sql.lit(transaction)}`,
  );
  const { rows } = await sql<{ written: number }>`
    select sum(written)::bigint as written from (${sql.join(counts, sql` union all `)}) of_tables`.execute(rig.db);
  return rows[0]?.written ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
