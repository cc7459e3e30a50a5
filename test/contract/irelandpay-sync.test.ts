import { parseEnvironment } from '@syncline/config';
import { irelandPay } from '@syncline/connectors';
import { openClient } from '@syncline/engine';
import { ensureConnection } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop } from '../../packages/engine/testing/shop.js';
import { type Broker, openBroker, type Row } from './broker.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

// The middle of a month, not so long ago that nothing of it is trusted any more: three months are open, two have reports.
const today = new Date();
const now = () => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 20, 12));
const present = now().getUTCFullYear() * 12 + now().getUTCMonth();
const [first, second] = [present - 2, present - 1];
const yearAndMonth = (month: number) => [Math.floor(month / 12), (month % 12) + 1] as const;
/** As ids have it. */
const named = (month: number) => {
  const [year, number] = yearAndMonth(month);
  return `${year}-${String(number).padStart(2, '0')}`;
};
const small = { now, transactions: 400 };
const accounts = { historyFrom: named(first) };
/** Without a request for each merchant's account, which most tests have no use for. */
const history = { ...accounts, merchantDetails: 'never' };
const counts = (run: Row | undefined) =>
  ['created', 'updated', 'unchanged', 'failed', 'deleted'].map((what) => run?.[`records_${what}`]);
const deletedIn = (rows: readonly Row[], key: string) =>
  rows.filter((row) => row['deleted_at'] !== null).map((row) => String(row[key]));

/** What is in the table, by merchant and month: how many transactions, and their sum in cents. */
async function totals({ query }: Broker) {
  const found = await query<{ mid: string; month: string; count: number; cents: string }>(`
    select irelandpay_mid as mid, to_char(transaction_date, 'YYYY-MM') as month, count(*)::int as count,
      (sum(amount) * 100)::bigint::text as cents
    from transactions where connection_id = $connection group by 1, 2`);
  return Object.fromEntries(found.map(({ mid, month, count, cents }) => [`${mid} ${month}`, [count, Number(cents)]]));
}

/** The same, as the vendor has it. */
function vendorTotals({ simulator: { store } }: Broker) {
  const entries = store.merchants.flatMap(({ mid }) =>
    [first, second, present].map((month) => {
      const { transactions, cents } = store.volume(mid, month);
      return [`${mid} ${named(month)}`, [transactions, cents]] as const;
    }),
  );
  return Object.fromEntries(entries.filter(([, [count]]) => count !== 0));
}

describe('a broker', () => {
  it('has every transaction to the cent after the first sync, linked; another one writes nothing', async () => {
    const broker = await openBroker(
      bed,
      { now, transactions: 1_500, merchants: 25, quirks: { unstableOrder: true } },
      {
        ...history,
        // So that a merchant's batches do not fit into an answer.
        pageSize: 25,
      },
    );
    const { simulator, sync, rows, query } = broker;
    const begun = await sync('initial');
    expect(begun.status).toBe('succeeded');
    expect(await totals(broker)).toEqual(vendorTotals(broker));
    expect(begun.runs['transactions']).toMatchObject({ records_created: simulator.state().transactions });
    const [sums] = await query<Row>(`
      select count(*) filter (where b.amount <> t.amount or b.transaction_count <> t.count)::int as wrong, count(*)::int as batches
      from batches b join (select batch_id, sum(amount) as amount, count(*) as count from transactions group by 1) t on t.batch_id = b.id
      where b.connection_id = $connection`);
    expect(sums).toEqual({ wrong: 0, batches: (await rows('batches')).length });
    const [links] = await query<Row>(`
      select (select count(*)::int from residuals r left join merchants m on m.id = r.merchant_id
          where r.connection_id = $connection and m.mid_number is distinct from r.mid_number) as residuals,
        (select count(*)::int from merchants where connection_id = $connection and processor_id is null) as merchants,
        (select count(*)::int from residual_summaries where connection_id = $connection and processor_id is null) as reports,
        (select count(*)::int from residual_line_items where connection_id = $connection and merchant_id is null) as items`);
    expect(links).toEqual({ residuals: 0, merchants: 0, reports: 0, items: 0 });
    for (const { table } of irelandPay.entities) {
      const found = await rows(table.name);
      expect(found.length, table.name).toBeGreaterThan(0);
      expect(found.filter((row) => row['sync_flags'] !== null)).toEqual([]);
    }
    // Computed when the job ended, and equal to the vendor's books.
    const volumes = await query<{ mid: string; month: string; count: number; cents: string }>(`
      select irelandpay_mid as mid, to_char(month, 'YYYY-MM') as month, (transactions + reversals)::int as count,
        ((amount + reversals_amount) * 100)::bigint::text as cents
      from merchant_monthly_volumes where connection_id = $connection and transactions + reversals > 0`);
    expect(
      Object.fromEntries(volumes.map(({ mid, month, count, cents }) => [`${mid} ${month}`, [count, Number(cents)]])),
    ).toEqual(vendorTotals(broker));
    const [nets] = await query<Row>(`
      select count(*)::int as reports, count(*) filter (where r.net <> r.reported_net)::int as wrong,
        (select sum(net) = sum(r.net) from monthly_net where connection_id = $connection) as same
      from monthly_residuals r where connection_id = $connection`);
    expect(nets).toEqual({ reports: (await rows('residual_summaries')).length, wrong: 0, same: true });
    const again = await sync('initial');
    for (const { name } of irelandPay.entities) {
      const [created, updated, unchanged, ...rest] = counts(again.runs[name]);
      expect([created, updated, ...rest], name).toEqual([0, 0, 0, 0]);
      expect(unchanged, name).toBe(begun.runs[name]?.['records_created']);
    }
  });

  it('has its residuals to the cent, with numbers of merchants that no double counts', async () => {
    const { simulator, sync, rows } = await openBroker(bed, { ...small, merchants: 12 }, accounts);
    await sync('initial');
    const residuals = await rows('residuals');
    const { store } = simulator;
    for (const month of [first, second]) {
      for (const report of store.reports(month)) {
        for (const { merchant, sales, income, expense } of report.rows) {
          const id = `${report.processor.id}/${named(month)}/${merchant.mid.replace(/^0+/, '')}`;
          const row = residuals.find((one) => one['irelandpay_residual_id'] === id);
          const cents = ['sales_amount', 'income', 'net'].map((name) => Math.round(Number(row?.[name]) * 100));
          expect(cents, id).toEqual([sales, income, income - expense]);
        }
      }
    }
    const longest = store.merchants.filter(({ mid }) => !Number.isSafeInteger(Number(mid))).map(({ mid }) => mid);
    expect(longest.length).toBeGreaterThan(0);
    expect(residuals.map((row) => row['mid_number'])).toEqual(expect.arrayContaining(longest));
    const merchants = await rows('merchants');
    expect(merchants.every((row) => (row['account_information'] as Row)['DBA Name'] !== undefined)).toBe(true);
    expect(merchants.map((row) => row['opened']).every((opened) => opened !== null)).toBe(true);
  });
});

describe('a daily sync', () => {
  it('asks only for merchants with batches since, and brings late batches, edits and chargebacks', async () => {
    const broker = await openBroker(bed, { ...small, merchants: 25 }, { ...accounts, trailingDays: 20 });
    const { simulator, sync, rows, asked } = broker;
    const { store, clock, requests } = simulator;
    await sync('initial');
    clock.advance(3_600);
    const [{ mid } = { mid: '' }, { mid: other } = { mid: '' }] = store.merchants;
    const day = Math.floor(now().getTime() / 86_400_000);
    const late = store.addBatch(mid, day - 10, 4_211);
    const [, merchant] = store.merchants;
    const charged = (merchant && store.batches(merchant, day - 15, day).at(-1)?.transactions[0]?.id) ?? 0;
    store.reject(charged);
    store.edit(other, 'Another name');
    requests.reset();
    const { status, runs } = await sync('daily');
    expect(status).toBe('succeeded');
    expect(counts(runs['transactions']).slice(0, 2)).toEqual([1, 1]);
    expect(counts(runs['merchants']).slice(0, 2)).toEqual([0, 2]);
    const transactions = await rows('transactions');
    const found = (id: number) => transactions.find((row) => row['irelandpay_transaction_id'] === `${mid}/${id}`);
    expect(found(late)).toMatchObject({ amount: '42.11' });
    expect(transactions.find((row) => String(row['irelandpay_transaction_id']).endsWith(`/${charged}`))).toMatchObject({
      is_void_reject_chargeback: true,
      reject_description: 'CHARGEBACK',
    });
    const active = store.merchants.filter((merchant) => (store.batchDays(merchant)?.last ?? 0) >= day - 20).length;
    expect(active).toBeLessThan(store.merchants.length - 2);
    expect(asked(/\/transactions$/)).toBe(active);
  });
});

describe('a span', () => {
  it('brings the batches of its days and the reports of its months, and nothing else', async () => {
    const { backfill, query, rows } = await openBroker(bed, { ...small, merchants: 12 }, history);
    const [from, to] = [`${named(second)}-03`, `${named(second)}-08`];
    const entities = ['batches', 'transactions', 'residuals'];
    const { status } = await backfill(`${from}T00:00:00.000Z`, `${to}T23:59:59.000Z`, entities);
    expect(status).toBe('succeeded');
    const [days] = await query<Row>(`
      select min(transaction_date)::text as first, max(transaction_date)::text as last, count(*) > 20 as enough
      from transactions where connection_id = $connection`);
    expect(days).toEqual({ first: from, last: to, enough: true });
    expect(new Set((await rows('residuals')).map((row) => String(row['irelandpay_report_id']).slice(3)))).toEqual(
      new Set([named(second)]),
    );
    expect(await query('select from sync_state where connection_id = $connection')).toEqual([]);
  });
});

describe('a report that is published again', () => {
  it('replaces its rows and no others: changed, added and vanished ones', async () => {
    const { simulator, sync, rows } = await openBroker(bed, { ...small, merchants: 18 }, history);
    const { store, clock, requests } = simulator;
    await sync('initial');
    clock.advance(3_600);
    const { removed, changed, added } = store.republish(12, second, { changes: 2, removes: 3, adds: 1 });
    requests.reset();
    const { status, runs } = await sync('daily');
    expect(status).toBe('succeeded');
    expect(runs['residuals']).toMatchObject({ records_created: 1, records_deleted: 3, records_failed: 0 });
    const gone = removed.map((mid) => `12/${named(second)}/${mid.replace(/^0+/, '')}`);
    const residuals = await rows('residuals');
    expect(deletedIn(residuals, 'irelandpay_residual_id').sort()).toEqual(gone.sort());
    const [report] = (await rows('residual_summaries')).filter(
      (row) => row['irelandpay_report_id'] === `12/${named(second)}`,
    );
    const live = residuals.filter(
      (row) => row['irelandpay_report_id'] === `12/${named(second)}` && row['deleted_at'] === null,
    );
    const net = live.reduce((cents, row) => cents + Math.round(Number(row['net']) * 100), 0);
    expect(net).toBe(Math.round(Number(report?.['sum_net']) * 100));
    expect(live).toHaveLength(Number(report?.['merchants_count']));
    expect(changed.length + added.length).toBe(3);
    // The others were published before, and are not asked for.
    const asked = requests.entries.filter(({ path }) => path.includes('/summary/rows/')).map(({ path }) => path);
    expect(asked).toEqual([`/api/v1/residuals/reports/summary/rows/12/${yearAndMonth(second).join('/')}`]);
    // A full sync does not take back what is gone, nor anything else away.
    expect((await sync('initial')).runs['residuals']).toMatchObject({ records_updated: 0, records_deleted: 0 });
  });

  it('is as it was before while its rows cannot be read to the end', async () => {
    const { simulator, sync, rows } = await openBroker(bed, { ...small, merchants: 18 }, history);
    const { store, clock, faults } = simulator;
    await sync('initial');
    const before = await rows('residuals');
    clock.advance(3_600);
    store.republish(12, second, { changes: 2, removes: 3 });
    faults.add({ match: { path: 'summary/rows/12' }, action: { status: 500 } });
    const { runs } = await sync('daily');
    expect(runs['residuals']?.['status']).not.toBe('succeeded');
    expect(await rows('residuals')).toEqual(before);
  });

  it('brings rows back to life, and loses line items that were taken away', async () => {
    const { simulator, sync, rows } = await openBroker(bed, { ...small, merchants: 18 }, history);
    const { store, clock } = simulator;
    await sync('initial');
    clock.advance(3_600);
    const report = store.report(15, second);
    const all = [...(report?.rows ?? [])];
    store.republish(15, second, { removes: 2, changes: 0 });
    const [item] = store.lineItems(second);
    store.removeLineItem(second, item?.id ?? 0);
    const { runs } = await sync('daily');
    expect(runs['residuals']).toMatchObject({ records_deleted: 2 });
    expect(deletedIn(await rows('residual_line_items'), 'irelandpay_line_item_id')).toEqual([
      `${named(second)}/${item?.id}`,
    ]);
    clock.advance(3_600);
    store.republish(15, second, { removes: 0, changes: 0 });
    if (report !== undefined) report.rows = all;
    await sync('daily');
    expect(deletedIn(await rows('residuals'), 'irelandpay_residual_id')).toEqual([]);
  });
});

describe('what the vendor tells, signed by nobody', () => {
  const reportOf = (month: number, over: object = {}) => {
    const [year, number] = yearAndMonth(month);
    return { reports: [{ year, month: number, processor_id: 12, ...over }] };
  };
  const published = 'residuals.report.published';
  const ledger = ({ query }: Broker) =>
    query<Row>(`select type, entity, vendor_id, status, outcome, sent_at <= now() as is_past,
      extract(epoch from due_at - now())::int as seconds from webhook_deliveries where connection_id = $connection order by id`);

  it('has a month read again however long ago it was, and nothing else; its rows are replaced', async () => {
    const broker = await openBroker(bed, { now, transactions: 200, merchants: 18 }, { ...history, residualMonths: 0 });
    const { simulator, sync, tell, follow, runSignalled, rows } = broker;
    const { store, clock, requests } = simulator;
    await sync('initial');
    clock.advance(3_600);
    const { removed } = store.republish(12, first, { changes: 2, removes: 3, adds: 1 });
    // No daily sync looks so far back.
    expect((await sync('daily')).runs['residuals']).toMatchObject({ records_deleted: 0 });
    requests.reset();
    // What it says of the report is not believed.
    await tell(published, reportOf(first, { rows_count: 0, sum_net: 1_000_000, created: '1970-01-01T00:00:00Z' }));
    expect(await ledger(broker)).toMatchObject([{ status: 'pending', entity: 'residuals', is_past: true }]);
    await follow('residuals');
    expect(await ledger(broker)).toMatchObject([{ status: 'done', outcome: 'sync' }]);
    const synced = await runSignalled();
    expect(synced).toMatchObject({
      ...{ status: 'succeeded', job: { mode: 'backfill', trigger: 'webhook', sync_type: 'webhook' } },
      runs: {
        residual_summaries: { records_updated: 1 },
        residuals: { records_created: 1, records_deleted: 3, records_failed: 0 },
      },
    });
    expect(Object.keys(synced?.runs ?? {}).sort()).toEqual(['residual_summaries', 'residuals']);
    const gone = removed.map((mid) => `12/${named(first)}/${mid.replace(/^0+/, '')}`);
    expect(deletedIn(await rows('residuals'), 'irelandpay_residual_id').sort()).toEqual(gone.sort());
    const [report] = (await rows('residual_summaries')).filter(
      (row) => row['irelandpay_report_id'] === `12/${named(first)}`,
    );
    expect(Number(report?.['merchants_count'])).toBe(store.report(12, first)?.rows.length);
    // Its reports twice, and the rows of each of them.
    expect(requests.count).toBe(2 + store.reports(first).length);
  });

  it('is one sync however often it is told, the next one a minute later; and none is lost while others run', async () => {
    const broker = await openBroker(bed, { now, transactions: 200, merchants: 6 }, history);
    const { sync, tell, follow, runSignalled, query, simulator } = broker;
    await sync('initial');
    const states = async () => (await ledger(broker)).map(({ status, outcome }) => outcome ?? status);
    await tell('subscription.test', {});
    // While the first one of these is being written, the others gather.
    const many = ['subscription.test', ...Array.from({ length: 20 }, () => published)];
    await Promise.all(many.map((event) => tell(event, reportOf(second))));
    for (let i = 0; i < 20; i += 1) await tell(published, reportOf(second, { revision: i, id: i }));
    const told = (await ledger(broker)).length;
    // Those that are noted by one transaction do not see what another one is writing.
    expect(told).toBeLessThan(5);
    await query(`insert into sync_jobs (id, organization_id, connection_id, sync_type, mode, trigger)
      select id, organization_id, id, 'daily', 'full', 'manual' from connections where id = $connection`);
    await follow('residuals');
    expect(new Set(await states())).toEqual(new Set(['pending']));
    await query(`update sync_jobs set status = 'succeeded', ended_at = now() where id = $connection`);
    simulator.requests.reset();
    await follow('residuals');
    expect(new Set(await states())).toEqual(new Set(['sync']));
    expect(await runSignalled()).toMatchObject({ status: 'succeeded' });
    const cost = simulator.requests.count;
    expect(cost).toBeLessThan(10);

    // The very same bytes again: whether that is the vendor's second attempt or a second event nobody knows.
    for (let i = 0; i < 20; i += 1) {
      await tell(published, reportOf(second));
      await tell(published, {});
      await follow('residuals');
    }
    const waiting = (await ledger(broker)).slice(told);
    expect(waiting).toMatchObject([
      {
        status: 'pending',
        vendor_id: `${named(second)}-01/${(await ledger(broker))[0]?.['vendor_id']?.toString().slice(11)}`,
      },
      { status: 'pending', vendor_id: '' },
    ]);
    for (const { seconds } of waiting) expect(seconds).toBeGreaterThan(30);
    expect(await runSignalled()).toBeUndefined();
    expect(simulator.requests.count).toBe(cost);
    const pass = (seconds: number) =>
      query(
        `update webhook_deliveries set settled_at = settled_at - interval '${seconds} seconds' where connection_id = $connection`,
      );
    await pass(61);
    await follow('residuals');
    // One job at a time: the other one waits for it.
    expect((await states()).slice(told).sort()).toEqual(['pending', 'sync']);
    expect(await runSignalled()).toMatchObject({ status: 'succeeded' });
    await pass(61);
    await follow('residuals');
    expect((await states()).slice(told)).toEqual(['sync', 'sync']);
    expect(await runSignalled()).toMatchObject({ status: 'succeeded' });
  });

  it('has line items, and once an hour transactions, synced as far as they are new', async () => {
    const broker = await openBroker(bed, { now, transactions: 200, merchants: 6 }, history);
    const { simulator, sync, tell, follow, runSignalled, rows, query } = broker;
    const { store, clock } = simulator;
    await sync('initial');
    clock.advance(3_600);
    const item = store.addLineItem(second);
    await tell('residuals.lineitem.added', { line_items: [{ id: item, income: 1 }] });
    await follow('residual_line_items');
    expect(await runSignalled()).toMatchObject({
      ...{ status: 'succeeded', job: { mode: 'incremental', trigger: 'webhook' } },
      runs: { residual_line_items: { records_created: 1 } },
    });
    const [merchant] = store.merchants;
    const day = Math.floor(now().getTime() / 86_400_000);
    const charged = (merchant && store.batches(merchant, day - 10, day).at(-1)?.transactions[0]?.id) ?? 0;
    store.reject(charged);
    await tell('chargeback.added', { chargebacks: [{ id: 1 }] });
    await follow('transactions');
    expect(await runSignalled()).toMatchObject({ status: 'succeeded', runs: { transactions: { records_updated: 1 } } });
    const found = (await rows('transactions')).filter((row) => row['is_void_reject_chargeback'] === true);
    expect(found.map((row) => row['irelandpay_transaction_id'])).toContain(`${merchant?.mid}/${charged}`);
    await tell('chargeback.updated', { chargebacks: [{ id: 1 }] });
    await follow('transactions');
    expect(await runSignalled()).toBeUndefined();
    expect((await ledger(broker)).at(-1)?.['seconds']).toBeGreaterThan(3_000);
    await tell('subscription.test', {});
    await tell('lead.created', {});
    const [counts] = await query<Row>('select * from webhook_subscriptions where connection_id = $connection');
    expect(counts).toMatchObject({ received: 5, duplicates: 0, ignored_type: 1, refused: 0 });
    expect(counts?.['verified_at']).not.toBeNull();
  });
});

describe('what goes wrong', () => {
  it('masks the number of a card that the vendor forgot to mask, wherever it would be kept', async () => {
    const { simulator, sync, rows, query } = await openBroker(bed, { ...small, merchants: 2 }, history);
    const day = Math.floor(now().getTime() / 86_400_000);
    const id = simulator.store.addBatch(simulator.store.merchants[0]?.mid ?? '', day - 1, 100);
    simulator.store.showCard(id, '4111 1111-1111 1234');
    await sync('initial');
    const row = (await rows('transactions')).find((one) => String(one['irelandpay_transaction_id']).endsWith(`/${id}`));
    expect(row?.['cardholder']).toBe('411111******1234');
    expect(JSON.stringify(row)).not.toContain('1111-1111');
    expect(await query('select payload from sync_failed_items where connection_id = $connection')).toEqual([]);
  });

  it('keeps what is known of an account that the vendor refuses later, and says so', async () => {
    const { simulator, sync, rows } = await openBroker(bed, { ...small, merchants: 2 }, accounts);
    const { store, clock, faults } = simulator;
    await sync('initial');
    clock.advance(3_600);
    const [{ mid } = { mid: '' }] = store.merchants;
    store.edit(mid, 'Another name');
    faults.add({ match: { path: `merchants/${mid}` }, action: { status: 403 } });
    await sync('daily');
    const row = (await rows('merchants')).find((one) => one['irelandpay_mid'] === mid);
    expect(row).toMatchObject({ name: 'Another name', account_information: { 'Merchant Number': mid } });
    expect(row?.['sync_flags']).toMatchObject([{ field: 'account_information', code: 'UNREADABLE' }]);
  });

  it('has no transactions of a merchant that is hidden meanwhile, and all of the others', async () => {
    const broker = await openBroker(bed, { ...small, merchants: 12 }, history);
    const { simulator, sync } = broker;
    const { store, holds } = simulator;
    const mid = store.merchants[8]?.mid ?? '';
    const hold = holds.add({ match: { path: `merchants/${mid}/transactions` } });
    const syncing = sync('initial');
    await holds.untilHeld(hold, 1, AbortSignal.timeout(15_000));
    store.show(mid, false);
    holds.release({ id: hold });
    const { runs } = await syncing;
    expect(runs['batches']?.['status']).toBe('succeeded');
    const expected = Object.entries(vendorTotals(broker)).filter(([key]) => !key.startsWith(mid));
    expect(await totals(broker)).toEqual(Object.fromEntries(expected));
  });

  it('leaves out the merchant whose transactions are refused, says so, and fails when all are', async () => {
    const broker = await openBroker(bed, { ...small, merchants: 12 }, history);
    const { simulator, sync, query } = broker;
    const { store, faults } = simulator;
    const mid = store.merchants[5]?.mid ?? '';
    faults.add({ match: { path: `${mid}/transactions` }, action: { status: 403 } });
    const { status, runs } = await sync('initial');
    expect([status, runs['batches']?.['status'], runs['batches']?.['records_failed']]).toEqual([
      'partial',
      'partial',
      1,
    ]);
    const items = await query<Row>('select entity, vendor_id from sync_failed_items where connection_id = $connection');
    expect(items).toEqual([{ entity: 'batches', vendor_id: `${mid}/${named(first)}-01` }]);
    const expected = Object.entries(vendorTotals(broker)).filter(([key]) => !key.startsWith(mid));
    expect(await totals(broker)).toEqual(Object.fromEntries(expected));
    faults.add({ match: { path: '/transactions' }, action: { status: 403 } });
    expect((await sync('daily')).runs['batches']).toMatchObject({ status: 'failed', error_code: 'UPSTREAM_REJECTED' });
  });

  it('goes on from job to job where the pages are capped, and asks nothing twice', async () => {
    const broker = await openBroker(bed, { ...small, merchants: 25 }, { ...history, maxPages: 2 });
    const { simulator, sync } = broker;
    const statuses: unknown[] = [];
    for (let turn = 0; turn < 10 && statuses.at(-1) !== 'succeeded'; turn += 1) {
      statuses.push((await sync('initial')).runs['batches']?.['status']);
    }
    expect(statuses).toEqual(['partial', 'partial', 'succeeded']);
    expect(await totals(broker)).toEqual(vendorTotals(broker));
    const asked = simulator.requests.entries
      .filter(({ path }) => path.endsWith('/transactions'))
      .map(({ path, query }) => `${path} ${query['start_date']} ${query['page']}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('goes on where the budget ended, and asks nothing twice', async () => {
    const broker = await openBroker(bed, { ...small, merchants: 25 }, history);
    const { simulator, sync } = broker;
    const { faults, requests } = simulator;
    const fault = faults.add({
      match: { path: '/transactions', after: 6, times: 1 },
      action: { status: 429, headers: { 'retry-after': '60' } },
    });
    const { runs } = await sync('initial');
    expect(faults.hits(fault)).toBe(1);
    const cut = runs['batches'];
    expect(cut?.['status']).toBe('running');
    expect(['budget', 'vendor_rate_limit']).toContain(cut?.['waiting_for']);
    expect(Number(cut?.['pages'])).toBeGreaterThan(0);
    const asked = requests.entries
      .filter(({ path, status }) => path.endsWith('/transactions') && status === 200)
      .map(({ path, query }) => `${path} ${query['start_date']} ${query['page']}`);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

it('each of the variables about requests reaches the road', async () => {
  const { ctx, connection: shop, close } = await openShop(bed);
  const variables = {
    ...{ IRELANDPAY_CRM_API_KEY: 'a-key-of-somebody', IRELANDPAY_CRM_BASE_URL: 'https://crm.example/api/v1/' },
    ...{ IRELANDPAY_MAX_RETRIES: '7', IRELANDPAY_BACKOFF_BASE_MS: '250', IRELANDPAY_TIMEOUT_SECONDS: '12' },
    ...{ IRELANDPAY_CIRCUIT_MAX_FAILURES: '9', IRELANDPAY_CIRCUIT_RESET_SECONDS: '33' },
    IRELANDPAY_RATE_LIMIT_PER_MINUTE: '444',
  };
  const { vendors } = parseEnvironment(variables, irelandPay.environment?.variables);
  const { credentials, settings } = irelandPay.environment?.connection(vendors) ?? { credentials: {}, settings: {} };
  const of = { organizationId: shop.organizationId, connector: 'irelandpay', name: 'environment' };
  const connection = await ensureConnection(bed.db, ctx.vault, { ...of, credentials, settings: { ...settings } });
  const lanes: unknown[] = [];
  const open: typeof ctx.road.open = (lane) => {
    lanes.push(lane);
    return ctx.road.open(lane);
  };
  await openClient({ ...ctx, road: { ...ctx.road, open } }, irelandPay, connection, new AbortController().signal);
  expect(lanes.length).toBeGreaterThan(0);
  for (const lane of lanes) {
    expect(lane).toMatchObject({
      ...{ baseUrl: 'https://crm.example/api/v1/', windows: [{ requests: 444, seconds: 60 }], deadlineMs: 12_000 },
      ...{ retry: { tries: 7, baseMs: 250 }, circuit: { maxFailures: 9, resetSeconds: 33 } },
    });
  }
  await close();
});
