import { randomUUID } from 'node:crypto';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../chaos/seeded.js';
import { createGuest } from './guest.js';

let bed: TestBed;
const organization = randomUUID();
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

type Row = Record<string, unknown>;
const run = async (statement: string): Promise<Row[]> => (await sql<Row>`${sql.raw(statement)}`.execute(bed.db)).rows;

/** Works off all that has changed, a few notes at a time, so that groups are met by several calls. */
async function refresh(connection: string): Promise<void> {
  for (;;) {
    const [row] = await run(`select refresh_irelandpay_metrics('${organization}', '${connection}', 7) as more`);
    if (row?.['more'] !== true) return;
  }
}

/** Processors and months that have a report, or rows of one. */
const reports = (connection: string) => `
  select irelandpay_processor_id, residual_month from residuals where connection_id = '${connection}' and deleted_at is null
  union select irelandpay_processor_id, residual_month from residual_summaries
  where connection_id = '${connection}' and deleted_at is null`;

/** What the tables should say: everything computed at once, in another way than the function does it. */
const truth = {
  merchant_daily_volumes: (connection: string, date = 'x.day', name = 'day') => `
    select x.irelandpay_mid, (select id from merchants m where m.connection_id = '${connection}'
        and m.irelandpay_mid = x.irelandpay_mid) as merchant_id, ${date} as ${name},
      sum(x.sale + x.refund) as transactions, sum((x.sale + x.refund) * x.value) as amount,
      sum(x.sale) as sales, sum(x.sale * x.value) as sales_amount,
      sum(x.refund) as refunds, sum(x.refund * x.value) as refunds_amount,
      sum(x.reversal) as reversals, sum(x.reversal * x.value) as reversals_amount,
      sum(x.batch) as batches, sum(x.batch * x.value) as batches_amount
    from (
      select irelandpay_mid, transaction_date as day, amount as value, deleted_at, 0 as batch,
        case when not is_void_reject_chargeback and amount >= 0 then 1 else 0 end as sale,
        case when not is_void_reject_chargeback and amount < 0 then 1 else 0 end as refund,
        case when is_void_reject_chargeback then 1 else 0 end as reversal
      from transactions where connection_id = '${connection}'
      union all
      select irelandpay_mid, batch_date, amount, deleted_at, 1, 0, 0, 0 from batches where connection_id = '${connection}'
    ) as x where x.deleted_at is null and x.day is not null group by 1, 3`,
  merchant_monthly_volumes: (connection: string) =>
    truth.merchant_daily_volumes(connection, "date_trunc('month', x.day::timestamp)::date", 'month'),
  monthly_residuals: (connection: string) => `
    select k.irelandpay_processor_id, s.processor_name, k.residual_month as month, count(r.id) as merchants,
      coalesce(sum(r.transactions), 0) as transactions, coalesce(sum(r.sales_amount), 0) as sales_amount,
      coalesce(sum(r.income), 0) as income, coalesce(sum(r.expense), 0) as expense, coalesce(sum(r.net), 0) as net,
      coalesce(sum(r.agent_net), 0) as agent_net, s.sum_net as reported_net
    from (${reports(connection)}) as k
    left join residual_summaries s on s.connection_id = '${connection}' and s.deleted_at is null
      and (s.irelandpay_processor_id, s.residual_month) = (k.irelandpay_processor_id, k.residual_month)
    left join residuals r on r.connection_id = '${connection}' and r.deleted_at is null
      and (r.irelandpay_processor_id, r.residual_month) = (k.irelandpay_processor_id, k.residual_month)
    group by 1, 2, 3, s.sum_net`,
  monthly_net: (connection: string) => `
    select month, sum(reports) as reports, sum(transactions) as transactions, sum(sales_amount) as sales_amount,
      sum(income) as income, sum(expense) as expense, sum(net) as net, sum(agent_net) as agent_net,
      sum(items) as line_items, sum(i) as line_items_income, sum(e) as line_items_expense, sum(a) as line_items_agent_net
    from (
      select residual_month as month, 0 as reports, transactions, sales_amount, income, expense, net, agent_net, 0 as items,
        0 as i, 0 as e, 0 as a from residuals where connection_id = '${connection}' and deleted_at is null
      union all
      select residual_month, count(*), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from (${reports(connection)}) as k group by 1
      union all
      select residual_month, 0, 0, 0, 0, 0, 0, 0, 1, income, expense, agent_net from residual_line_items
        where connection_id = '${connection}' and deleted_at is null
    ) as x group by 1`,
};

/** Rows that are in the one and not in the other, whichever way. */
async function differences(connection: string): Promise<Row[]> {
  const found: Row[] = [];
  for (const [table, query] of Object.entries(truth)) {
    const columns = await columnsOf(table);
    const [have, want] = [
      `select ${columns} from ${table} where connection_id = '${connection}' and organization_id = '${organization}'`,
      `select ${columns} from (${query(connection)}) as wanted`,
    ];
    for (const [one, other] of [
      [have, want],
      [want, have],
    ]) {
      found.push(...(await run(`select '${table}' as "table", d.* from ((${one}) except (${other})) as d`)));
    }
  }
  return found;
}

async function columnsOf(table: string): Promise<string> {
  const rows = await run(`select attname from pg_attribute where attrelid = '${table}'::regclass and attnum > 0
    and attname not in ('organization_id', 'connection_id', 'refreshed_at') order by attnum`);
  return rows.map(({ attname }) => attname).join(', ');
}

/** What people, syncs and vendors may do to the rows of an account; each line one statement. */
function edits(connection: string, random: () => number): string {
  const below = (n: number) => Math.floor(random() * n);
  const mid = () => `m${below(3)}`;
  const day = () => `'2026-0${1 + below(3)}-${String(1 + below(28)).padStart(2, '0')}'`;
  const month = () => `'2026-0${1 + below(3)}-01'`;
  const cents = () => ((below(200_000) - 50_000) / 100).toFixed(2);
  const some = (table: string) =>
    `${table}.id in (select id from ${table} where connection_id = '${connection}' order by md5(id::text || ${below(1e6)}) limit ${1 + below(4)})`;
  const own = `'${organization}', '${connection}', '{}', gen_random_uuid()`;
  const head = 'organization_id, connection_id, irelandpay_data, ';
  const processor = `p${below(2)}`;
  const report = month();
  const ways = [
    () => `insert into transactions (${head} irelandpay_transaction_id, irelandpay_mid, transaction_date, amount, is_void_reject_chargeback)
      select ${own}, '${mid()}', ${day()}::date + n % 3, ${cents()}, ${below(5) === 0} from generate_series(1, ${1 + below(6)}) n`,
    () => `insert into batches (${head} irelandpay_batch_id, irelandpay_mid, batch_date, amount)
      values (${own}, '${mid()}', ${day()}, ${cents()})`,
    () => `update transactions set transaction_date = ${day()} where ${some('transactions')}`,
    () => `update transactions set irelandpay_mid = '${mid()}' where ${some('transactions')}`,
    () => `update transactions set amount = ${cents()} where ${some('transactions')}`,
    () =>
      `update transactions set is_void_reject_chargeback = not is_void_reject_chargeback where ${some('transactions')}`,
    () =>
      `update transactions set deleted_at = case when deleted_at is null then now() end where ${some('transactions')}`,
    () => `delete from transactions where ${some('transactions')}`,
    () => `delete from batches where ${some('batches')}`,
    () => `update batches set batch_date = ${day()}, irelandpay_mid = '${mid()}' where ${some('batches')}`,
    () => `insert into residuals (${head} irelandpay_residual_id, irelandpay_processor_id, residual_month, mid_number,
      transactions, sales_amount, income, expense, net, agent_net)
      values (${own}, '${processor}', ${report}, '1', ${below(9)}, ${cents()}, ${cents()}, ${cents()}, ${cents()}, ${cents()})`,
    () => `update residuals set deleted_at = case when deleted_at is null then now() end where ${some('residuals')}`,
    () => `update residuals set residual_month = ${month()}, net = ${cents()} where ${some('residuals')}`,
    () => `insert into residual_summaries (${head} irelandpay_report_id, irelandpay_processor_id, residual_month, processor_name, sum_net)
      values ('${organization}', '${connection}', '{}', '${processor}/' || ${report}, '${processor}', ${report}, 'P${below(3)}', ${cents()})
      on conflict (connection_id, irelandpay_report_id) do update set processor_name = excluded.processor_name,
        sum_net = excluded.sum_net, deleted_at = case when residual_summaries.deleted_at is null then now() end`,
    () => `delete from residual_summaries where ${some('residual_summaries')}`,
    () => `insert into residual_line_items (${head} irelandpay_line_item_id, residual_month, income, expense, agent_net)
      values (${own}, ${month()}, ${cents()}, ${cents()}, ${cents()})`,
    () => `update residual_line_items set residual_month = ${month()} where ${some('residual_line_items')}`,
    () => `delete from residual_line_items where ${some('residual_line_items')}`,
    () => `with m as (insert into merchants (organization_id, connection_id, irelandpay_data, irelandpay_mid)
        values ('${organization}', '${connection}', '{}', '${mid()}')
        on conflict (connection_id, irelandpay_mid) do update set name = 'again' returning id, irelandpay_mid),
      t as (update transactions x set merchant_id = m.id from m
        where x.connection_id = '${connection}' and x.irelandpay_mid = m.irelandpay_mid)
      update batches x set merchant_id = m.id from m where x.connection_id = '${connection}' and x.irelandpay_mid = m.irelandpay_mid`,
  ];
  const way = ways[below(ways.length)];
  if (way === undefined) throw new Error('no way');
  return way();
}

describe('what is computed of an account', () => {
  it('is what computing everything anew gives, to the cent, after whatever was done to the rows', async () => {
    const connection = randomUUID();
    const random = seeded(20_260_131);
    let compared = 0;
    for (let round = 0; round < 12; round += 1) {
      for (let edit = 0; edit < 12; edit += 1) await run(edits(connection, random));
      await refresh(connection);
      expect(await differences(connection), `round ${round}`).toEqual([]);
      compared += 1;
    }
    const [rows] =
      await run(`select count(*)::int as days, sum(reversals)::int as reversals, sum(refunds)::int as refunds,
      count(merchant_id)::int as linked from merchant_daily_volumes where connection_id = '${connection}'`);
    expect([compared, Object.values(rows ?? {}).every((count) => Number(count) > 0)]).toEqual([12, true]);
    for (const table of ['transactions', 'batches', 'residuals', 'residual_summaries', 'residual_line_items']) {
      await run(`delete from ${table} where connection_id = '${connection}'`);
    }
    await refresh(connection);
    const left = await Promise.all(Object.keys(truth).map((table) => run(`select 1 from ${table}`)));
    expect(left.flat()).toEqual([]);
  });

  it('follows a page that commits after the refresh which did not see it, and computes nothing that was not touched', async () => {
    const connection = randomUUID();
    const add = (day: string) => `insert into transactions (organization_id, connection_id, irelandpay_data,
      irelandpay_transaction_id, irelandpay_mid, transaction_date, amount)
      values ('${organization}', '${connection}', '{}', gen_random_uuid(), 'm0', '${day}', 10)`;
    await run(add('2026-01-01'));
    await run(add('2026-01-02'));
    await refresh(connection);
    const amounts = async () =>
      (
        await run(`select amount, xmin from merchant_daily_volumes where connection_id = '${connection}' order by day`)
      ).map(({ amount, xmin }) => ({ amount, xmin }));
    const before = await amounts();
    await bed.db.transaction().execute(async (late) => {
      await sql.raw(add('2026-01-01')).execute(late);
      // The same day, noted and worked off while the other one is not to be seen.
      await run(add('2026-01-01'));
      await refresh(connection);
      expect((await amounts()).map(({ amount }) => amount)).toEqual(['20', '10']);
    });
    await refresh(connection);
    const after = await amounts();
    expect(after.map(({ amount }) => amount)).toEqual(['30', '10']);
    expect(after[1]).toEqual(before[1]);
    // What counts nothing is no change.
    await run(`update transactions set cardholder = 'x', last_sync_at = now() where connection_id = '${connection}'`);
    expect(await run(`select 1 from irelandpay_metric_changes where connection_id = '${connection}'`)).toEqual([]);
  });

  it('is noted with the rights of the owner, which nobody who may write a synced table can borrow', async () => {
    const guest = await createGuest(bed);
    const connection = randomUUID();
    await run(`grant insert on transactions to ${guest.role};
      create policy guest on transactions to ${guest.role} using (true) with check (true)`);
    const asGuest = (...statements: string[]) =>
      bed.db.transaction().execute(async (trx) => {
        for (const one of [`set local role ${guest.role}`, ...statements]) await sql.raw(one).execute(trx);
      });
    // What a trigger is given is SQL that the function runs.
    const bait = `create temp table bait (id int) on commit drop;
      create trigger mine after insert on bait referencing new table as new_rows for each statement
      execute function note_irelandpay_change('day', '(select current_user)', 'now()')`;
    await expect(asGuest(bait)).rejects.toMatchObject({ code: '42501' });
    // A table of the guest's own, whose triggers would run with the rights of whoever writes it.
    await asGuest(
      'create temp table irelandpay_metric_changes (organization_id uuid, connection_id uuid, what text, key text, day date) on commit drop',
      `insert into transactions (organization_id, connection_id, irelandpay_data, irelandpay_transaction_id, irelandpay_mid,
        transaction_date, amount) values ('${organization}', '${connection}', '{}', 'one', 'm0', '2026-01-01', 10)`,
    );
    expect(await run(`select what, key from irelandpay_metric_changes where connection_id = '${connection}'`)).toEqual([
      { what: 'day', key: 'm0' },
    ]);
    await run(`drop policy guest on transactions`);
    await guest.drop();
  });
});
