import { createHash, randomUUID } from 'node:crypto';
import type { Simulator } from '@syncline/connectors/irelandpay/simulator';
import { richText } from '@syncline/connectors/notion/simulator';
import { eventually, type ServiceProcess } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAgencyTruth } from '../model/agency-truth.js';
import { createToldAgency, type ToldAgency } from './told-agency.js';
import { allOfRedis, startBroker, tellBroker } from './told-broker.js';

type Row = Record<string, unknown>;

// Processes of our own at both ends of real HTTP. Beside the first load nothing is ever synced here.
let agency: ToldAgency;
let payments: Simulator;
let worker: ServiceProcess;
let syncs: number;
beforeAll(async () => {
  payments = await startBroker();
  // Whatever may be logged, is.
  const environment = { LOG_LEVEL: 'trace' };
  agency = await createToldAgency({ clients: 14, environment, hosts: [new URL(payments.url).host] });
  [worker] = await Promise.all([agency.startWorker(), agency.startWorker()]);
  await agency.load();
  await agency.subscribe();
  syncs = await countSyncs();
});
afterAll(async () => {
  await agency.close();
  await payments.close();
});

async function countSyncs(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from sync_jobs`.execute(agency.bed.db);
  return rows[0]?.count ?? 0;
}

const live = (at: number) => agency.simulator.store.rows().filter(({ inTrash }) => !inTrash)[at]?.id ?? '';

/** Waits until the row of a page says so. */
const told = (id: string, fits: (row: Row) => boolean) =>
  eventually(
    `the row of ${id}`,
    async () => {
      const row = (await agency.rows())[id];
      return row !== undefined && fits(row);
    },
    20_000,
  );

describe('what happens at the vendor is in the table without any sync', () => {
  it('from the subscription on, which the first delivery proves', async () => {
    const path = `/api/v1/connections/${agency.connectionId}/webhook`;
    expect((await agency.request('GET', path)).body).toMatchObject({ verifiedAt: null });
    agency.simulator.store.set(live(0), 'Contact Email', 'new@client.example');
    await told(live(0), (row) => row['contact_email'] === 'new@client.example');
    const proved = { configured: true, verifiedAt: expect.any(String), verificationToken: null, received: 1 };
    expect((await agency.request('GET', path)).body).toMatchObject(proved);
  });

  it('whatever it is', async () => {
    const { store } = agency.simulator;
    const before = await agency.rows();
    const [renamed, written, thrown, left, hidden] = [1, 2, 3, 4, 5].map(live) as [
      string,
      string,
      string,
      string,
      string,
    ];
    store.set(renamed, 'Client Name', richText('A better name'));
    store.setBlocks(written, [{ id: randomUUID(), type: 'paragraph', text: 'Another text', children: [] }]);
    const added = store.add('Somebody new');
    store.trash(thrown);
    store.move(left, randomUUID());
    store.share(hidden, false);
    await told(renamed, (row) => row['name'] === 'A better name');
    await told(written, (row) => row['client_page_info'] === 'Another text');
    await told(added, (row) => row['slug'] === 'somebody-new');
    await told(thrown, (row) => row['deleted_at'] !== null);
    await told(left, (row) => row['deleted_at'] !== null);
    store.trash(thrown, false);
    await told(thrown, (row) => row['deleted_at'] === null);
    await agency.settled();
    // Nobody is told of what is not shared any more: that is for the next full sync.
    const rows = await agency.rows();
    expect(rows[hidden]).toEqual(before[hidden]);
    await expectAgencyTruth(agency.simulator, rows, { unheard: new Set([hidden]) });
    store.share(hidden, true);
    expect(await countSyncs()).toBe(syncs);
  });
});

describe('a sender that doubles, reorders, delays and forges', () => {
  it('changes nothing about that, within the budget; of what is forged nothing is ever written', async () => {
    const { store, webhooks, requests } = agency.simulator;
    const before = webhooks.report();
    const known = (await agency.ledger()).length;
    const asked = requests.count;
    webhooks.set({
      ...{ duplicate: 0.4, reorder: 0.4, holdMs: 200, delayMs: 20, forge: 0.4, unknownTypes: 0.2, otherSources: 0.2 },
      // A real one that is refused by mistake is not to be saved by its next attempt.
      attempts: 1,
    });
    const burst = 120;
    for (let i = 0; i < burst; i += 1) {
      const id = live(i % 9);
      if (i % 4 === 0) store.rename(id, `Name ${i}`);
      else if (i % 4 === 1) store.setBlocks(id, [{ id: randomUUID(), type: 'quote', text: `Text ${i}`, children: [] }]);
      else if (i % 4 === 2) store.set(id, 'Contact Email', `mail-${i}@client.example`);
      else store.edit(id, i);
      // Not all at once: some come while others are being fetched.
      if (i % 20 === 19) await eventually('a part to be delivered', () => webhooks.report().pending < 20);
    }
    await agency.settled();
    const report = webhooks.report();
    // Each costs its page, and one or two for its text: no more than if each event was looked after by itself.
    expect(requests.count - asked).toBeLessThan(burst * 3);
    expect(agency.simulator.state().quotaRefused, 'requests above the budget').toBe(0);
    await expectAgencyTruth(agency.simulator, await agency.rows());

    expect(report.events - before.events).toBe(burst);
    expect(report.delivered - before.delivered, 'not one was refused by mistake').toBe(burst);
    expect(report.genuine.sent).toBe(report.genuine.accepted);
    expect(report.forged.sent).toBeGreaterThan(20);
    expect(report.forged.refused).toEqual({ 401: report.forged.sent });
    expect(report.copies, 'something was doubled').toBeGreaterThan(20);
    expect(report.heldBack, 'something was overtaken').toBeGreaterThan(20);
    // A row for each real event and none besides, although forged ones had their ids.
    const ledger = await agency.ledger();
    expect(ledger.length - known).toBe(burst);
    const ours = new Set(store.agency.rows.keys());
    expect(ledger.filter((row) => !ours.has(String(row['vendor_id'])))).toEqual([]);
    expect(ledger.filter((row) => row['outcome'] === 'failed')).toEqual([]);
    const { body } = await agency.request('GET', '/api/webhooks/notion/health');
    expect(body.data.connections[0]).toMatchObject({
      ...{ refused: report.forged.sent, received: report.genuine.sent, pending: 0 },
      duplicates: report.copies,
      ignored: { unknownType: report.unknownTypes, otherSource: report.otherSources },
    });

    expect(await countSyncs()).toBe(syncs);
  });
});

describe('a change of the schema', () => {
  it('has the clients synced, once', async () => {
    const { store } = agency.simulator;
    agency.simulator.webhooks.set();
    store.renameProperty('Phone', 'Telephone');
    await eventually('a sync', async () => (await countSyncs()) > syncs);
    await agency.settled();
    const jobs = await sql<Row>`select trigger, mode from sync_jobs order by created_at desc limit 1`.execute(
      agency.bed.db,
    );
    expect(jobs.rows).toEqual([{ trigger: 'webhook', mode: 'incremental' }]);
    expect(await countSyncs()).toBe(syncs + 1);
  });
});

describe('a vendor that does not sign', () => {
  it('has a month that it publishes again replaced, and costs little however much comes to its path', async () => {
    const { bed, api, request } = agency;
    const { store, webhooks } = payments;
    const broker = await tellBroker(bed, payments, api, request);
    webhooks.test();
    await webhooks.idle();
    expect(await broker.health()).toMatchObject({ proof: 'path', verifiedAt: expect.any(String), received: 1 });
    expect(await broker.ledger()).toEqual([]);

    const now = new Date();
    const month = now.getUTCFullYear() * 12 + now.getUTCMonth() - 2;
    const id = `12/${new Date(Date.UTC(Math.floor(month / 12), month % 12, 1)).toISOString().slice(0, 7)}`;
    const isTrue = async () => {
      const { rows = [] } = store.report(12, month) ?? {};
      const stored = (await broker.rows('residuals')).filter(
        (row) => row['irelandpay_report_id'] === id && row['deleted_at'] === null,
      );
      const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
      const cents = sum(stored.map((row) => Math.round(Number(row['income']) * 100)));
      return stored.length === rows.length && cents === sum(rows.map(({ income }) => income));
    };
    webhooks.set({ duplicate: 1, forge: 1, attempts: 1, countRequests: true });
    payments.requests.reset();
    store.republish(12, month, { changes: 2, removes: 0 });
    await eventually('the month to be there', isTrue, 20_000);
    await webhooks.idle();
    // One job of two lists of reports and the rows of each; a copy that came later waits for its minute.
    const cost = payments.requests.count;
    expect(cost).toBe(2 + store.reports(month).length);
    expect(await broker.syncs()).toMatchObject([{ mode: 'backfill', trigger: 'webhook' }]);

    // Of forged ones a few: who guesses more often is not answered any more.
    webhooks.set({ duplicate: 0.5, forge: 0.05, concurrency: 16 });
    for (let i = 0; i < 150; i += 1) store.republish(12, month, { changes: 1, removes: 0 });
    const { removed } = store.republish(12, month, { changes: 1, removes: 2 });
    await webhooks.idle();
    const { genuine, forged, events } = webhooks.report();
    expect(genuine.accepted).toBe(genuine.sent);
    expect(genuine.sent).toBeGreaterThan(events);
    expect(forged.sent).toBeGreaterThan(1);
    expect(forged.refused).toEqual({ 404: forged.sent });
    expect(await broker.syncs()).toHaveLength(1);
    expect(payments.requests.count).toBe(cost);
    const waiting = (await broker.ledger()).filter(({ status }) => status !== 'done');
    expect(waiting.length).toBeLessThan(10);
    // One without a token is nobody's, and counted nowhere.
    const { refused } = await broker.health();
    expect(refused).toBeLessThanOrEqual(forged.sent);
    expect(await broker.health()).toMatchObject({ received: genuine.sent, pending: 1 });
    await sql`update webhook_deliveries set settled_at = settled_at - interval '1 minute', due_at = now()
      where connection_id = ${broker.connectionId}`.execute(bed.db);
    await eventually('what was published last', isTrue, 20_000);
    expect((await broker.rows('residuals')).filter((row) => row['deleted_at'] !== null)).toHaveLength(removed.length);
    expect(await broker.syncs()).toHaveLength(2);

    // Wrongly pasted, too: a path that leads nowhere is logged as well.
    const lost = `/api/webhooks/irelandpay/${broker.connectionId}/${broker.token}`;
    const answers = [
      await request('GET', lost),
      await request('POST', `${lost}/more`, {}),
      await request('POST', `/${broker.token}`, {}),
    ];
    for (const path of ['', '/webhook']) {
      answers.push(await request('GET', `/api/v1/connections/${broker.connectionId}${path}`));
    }
    answers.push(await request('GET', '/api/v1/audit'), await request('GET', '/api/webhooks/irelandpay/health'));
    const { rows: stored } = await sql<Row>`select to_jsonb(a)::text as a from audit_log a
      union all select to_jsonb(d)::text from webhook_deliveries d union all select to_jsonb(s)::text from webhook_subscriptions s
      union all select encode(webhook_keys, 'escape') from connections where webhook_keys is not null`.execute(bed.db);
    const digest = createHash('sha256').update(broker.token).digest('hex');
    const seen = { api: api.output(), worker: worker.output(), answers, stored, redis: await allOfRedis(bed) };
    expect(seen.api).toContain(`/api/webhooks/irelandpay/${broker.connectionId}/[redacted]`);
    expect(seen.redis.length).toBeGreaterThan(1_000);
    for (const [where, what] of Object.entries(seen)) {
      expect(JSON.stringify(what).includes(broker.token), where).toBe(false);
      expect(JSON.stringify(what).includes(digest), where).toBe(false);
    }
  });
});
