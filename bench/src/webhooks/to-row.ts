import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { percentile } from '../report.js';
import { type Agency, settled, wrongRows } from './agency.js';
import type { Sent } from './sender.js';

const deliveries = 300;
const perSecond = 20;

/** From the POST to the committed row, ms, and what that consists of. */
export interface ToRow {
  readonly wrong: number;
  /** As whoever listens to the database sees it. */
  readonly total: readonly number[];
  /** From the POST to the moment that a worker has it in hand: with the time in which it is gathered. */
  readonly waiting: readonly number[];
  /** From there until the record is there and its transaction begins. */
  readonly fetching: readonly number[];
  readonly writing: readonly number[];
  /** As the ledger tells it, and so the page of the webhook's health. */
  readonly ledger: readonly number[];
}

/**
 * Each delivery is about a page of its own, which was changed before. Triggers, of this database only, tell when the row
 * and its place in the ledger are committed; they are heard in this process, on the clock that the sender has too.
 */
export async function toRow(agency: Agency): Promise<ToRow> {
  const { rig, pages, deliver } = agency;
  const { db } = rig;
  const heard = { written: new Map<string, number>(), claimed: new Map<string, number>() };
  const listener = new pg.Client({ connectionString: rig.databaseUrl });
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => {
    const at = Date.now();
    const [what, page] = payload.split(' ') as [keyof typeof heard, string];
    if (!heard[what].has(page)) heard[what].set(page, at);
  });
  await listener.query('listen bench');
  await db.transaction().execute((trx) => addTriggers(trx));
  try {
    const chosen = pages.slice(0, deliveries);
    const sent = await deliver(
      chosen.map((page, i) => {
        return { eventId: randomUUID(), page, at: (i * 1_000) / perSecond, email: `to-row-${i}@agency.example` };
      }),
    );
    await settled(agency);
    const ledger = await ledgerTimes(agency, sent);
    const times = sent.map(({ page, at }) => {
      const { settledAt, lag } = ledger.get(page) ?? { settledAt: Number.NaN, lag: Number.NaN };
      const [claimed, written] = [heard.claimed.get(page) ?? Number.NaN, heard.written.get(page) ?? Number.NaN];
      const parts = { waiting: claimed - at, fetching: settledAt - claimed, writing: written - settledAt };
      return { total: written - at, ledger: lag, ...parts };
    });
    const of = (figure: keyof (typeof times)[number]) => times.map((time) => time[figure]);
    return {
      wrong: await wrongRows(agency, sent),
      ...{ total: of('total'), waiting: of('waiting'), fetching: of('fetching'), writing: of('writing') },
      ledger: of('ledger'),
    };
  } finally {
    await sql`drop trigger bench_written on clients; drop trigger bench_claimed on webhook_deliveries`.execute(db);
    await listener.end();
  }
}

async function addTriggers(db: Agency['rig']['db']): Promise<void> {
  await sql`
    create function bench_tell() returns trigger language plpgsql as $$
    begin
      perform pg_notify('bench', tg_argv[0] || ' ' || (to_jsonb(new) ->> tg_argv[1]));
      return null;
    end $$`.execute(db);
  await sql`create trigger bench_written after update on clients
    for each row execute function bench_tell('written', 'notion_page_id')`.execute(db);
  await sql`create trigger bench_claimed after update on webhook_deliveries
    for each row when (new.status = 'in_hand') execute function bench_tell('claimed', 'vendor_id')`.execute(db);
}

async function ledgerTimes(
  { rig: { db } }: Agency,
  sent: readonly Sent[],
): Promise<Map<string, { readonly settledAt: number; readonly lag: number }>> {
  const { rows } = await sql<{ page: string; settledAt: number; lag: number }>`
    select vendor_id as page, extract(epoch from settled_at)::float8 * 1000 as "settledAt",
      extract(epoch from settled_at - received_at)::float8 * 1000 as lag
    from webhook_deliveries where event_id = any(${sent.map(({ eventId }) => eventId)}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.page, row]));
}

/** The figures of a report. */
export function toRowFigures({ total, waiting, fetching, writing, ledger, wrong }: ToRow) {
  const ms = (figure: string, value: number, target?: string) => {
    return { figure: `to the row: ${figure}`, value, unit: 'ms', ...(target !== undefined && { target }) };
  };
  return [
    ms('half of them', percentile(total, 50)),
    ms('99 %', percentile(total, 99), 'at most 2,000'),
    ms('of that, until a worker has it, half', percentile(waiting, 50)),
    ms('of that, asking the vendor, half', percentile(fetching, 50)),
    ms('of that, writing, half', percentile(writing, 50)),
    ms('99 %, as the ledger tells it', percentile(ledger, 99)),
    { figure: 'to the row: rows that are wrong', value: wrong, unit: 'rows', target: '0' },
  ];
}
