import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { cpuOf } from '../cpu.js';
import { percentile } from '../report.js';
import { type Agency, settled, wrongRows } from './agency.js';
import type { Order } from './sender.js';

const deliveries = 10_000;
const perSecond = 1_000;
/** One in so many is sent again, with the event that was sent five before it; and has its page changed before. */
const duplicateEvery = 20;
const changeEvery = 20;

export interface Burst {
  readonly name: string;
  /** ms, of all deliveries. */
  readonly acknowledged: readonly number[];
  readonly refused: number;
  /** Events that are not in the ledger. */
  readonly lost: number;
  readonly wrong: number;
  readonly requests: number;
  readonly tooMany: number;
  /** From the last answer until nothing is open, ms. */
  readonly settledAfter: number;
  /** CPU, ms a delivery. */
  readonly apiCpu: number;
  readonly workerCpu: number;
  /** Transactions of Postgres, by all processes, a delivery. */
  readonly transactions: number;
}

/** 10,000 deliveries in ten seconds about so many pages; some twice, some with a change that has to be in the table. */
export async function burst(agency: Agency, name: string, about: number): Promise<Burst> {
  const { rig, api, pages, deliver, asked } = agency;
  const orders = burstOrders(pages.slice(0, about), name);
  await asked();
  const before = await costs(agency);
  const sent = await deliver(orders);
  const after = await costs(agency);
  const settledAfter = await settled(agency);
  const workerCpu = cpuOf(rig.workerPid) - before.worker;
  const { requests, refused: tooMany } = await asked();
  const events = [...new Set(sent.map(({ eventId }) => eventId))];
  const { rows } = await sql<{ known: number }>`
    select count(*) as known from webhook_deliveries
    where connection_id = ${rig.connection.id} and event_id = any(${events}::text[])`.execute(rig.db);
  console.log(`${name}: ${api.url} took ${sent.length}, settled after ${Math.round(settledAfter)} ms`);
  return {
    name,
    acknowledged: sent.map(({ ms }) => ms),
    refused: sent.filter(({ status }) => status !== 200).length,
    lost: events.length - (rows[0]?.known ?? 0),
    wrong: await wrongRows(agency, sent),
    ...{ requests, tooMany, settledAfter },
    apiCpu: (after.api - before.api) / sent.length,
    workerCpu: workerCpu / sent.length,
    transactions: (after.transactions - before.transactions) / sent.length,
  };
}

function burstOrders(pages: readonly string[], name: string): Order[] {
  const orders: Order[] = [];
  for (let i = 0; i < deliveries; i += 1) {
    const at = (i * 1_000) / perSecond;
    const page = pages[i % pages.length] ?? '';
    const again = i % duplicateEvery === duplicateEvery - 1 ? orders[i - 5] : undefined;
    if (again !== undefined) orders.push({ eventId: again.eventId, page: again.page, at });
    else if (i % changeEvery !== 0) orders.push({ eventId: randomUUID(), page, at });
    else orders.push({ eventId: randomUUID(), page, at, email: `${name.replaceAll(' ', '-')}-${i}@agency.example` });
  }
  return orders;
}

async function costs({ rig, api }: Agency) {
  // Postgres tells of what a connection has done when it has been idle for a moment.
  const { rows } = await sql<{ transactions: number }>`
    select xact_commit + xact_rollback as transactions from pg_stat_database where datname = current_database()`.execute(
    rig.db,
  );
  return { api: cpuOf(api.pid), worker: cpuOf(rig.workerPid), transactions: rows[0]?.transactions ?? Number.NaN };
}

/** The figures of a report. */
export function burstFigures(of: Burst) {
  const row = (figure: string, value: number, unit: string, target?: string) => {
    return { figure: `${of.name}: ${figure}`, value, unit, ...(target !== undefined && { target }) };
  };
  return [
    row('acknowledged, half of them', percentile(of.acknowledged, 50), 'ms'),
    row('acknowledged, 99 %', percentile(of.acknowledged, 99), 'ms', 'below 200'),
    row('not acknowledged', of.refused, 'deliveries', '0'),
    row('lost', of.lost, 'events', '0'),
    row('rows that are wrong in the end', of.wrong, 'rows', '0'),
    row('asked of the vendor', of.requests, 'requests'),
    row('refused by the vendor (429)', of.tooMany, 'requests', '0'),
    row('until all was fetched, after the last', of.settledAfter / 1_000, 's'),
    row('CPU of the API, of 1,000 deliveries', of.apiCpu * 1_000, 'ms'),
    row('CPU of the worker, of 1,000 deliveries', of.workerCpu * 1_000, 'ms'),
    row('transactions of 1,000 deliveries', of.transactions * 1_000, 'transactions'),
  ];
}
