import { parseJson } from '@syncline/connector-kit';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../../simulation/testing/receiver.js';
import { formats, specification } from '../testing/specification.js';
import { dayOf, monthAt } from './data/calendar.js';
import type { SimulatorOptions } from './options.js';
import { startSimulator } from './start-simulator.js';

const now = () => new Date('2026-05-20T12:00:00Z');
const may = monthAt(dayOf('2026-05-20') ?? 0);

interface Batch {
  readonly date: string;
  readonly amount: string;
  readonly transactions: readonly { readonly id: number; readonly amount: string }[];
}

/** A small vendor with a client that is let in, gone when the test ends. */
async function startVendor(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ now, ...options });
  onTestFinished(() => simulator.close());
  const get = (path: string, key = simulator.credentials.apiKey) =>
    fetch(new URL(path, simulator.url), { headers: { 'x-api-key': key } });
  const body = async (path: string) => parseJson(await (await get(path)).text()).value as Record<string, unknown>;
  const rows = async (path: string) => (await body(path))['data'] as Record<string, unknown>[];
  const control = async (method: string, path: string, what?: unknown): Promise<unknown> => {
    const init = what === undefined ? { method } : { method, body: JSON.stringify(what) };
    return (await fetch(`${simulator.origin}/__simulator/${path}`, init)).json();
  };
  return { simulator, store: simulator.store, get, body, rows, control };
}

describe('answers', () => {
  const ajv = new Ajv({ allErrors: true, formats, keywords: ['example'] });

  it('are what the specification of the vendor declares', async () => {
    const { simulator, get, store } = await startVendor({ quirks: { asSpecified: true, quota: null } });
    simulator.webhooks.subscriptions.create({ url: 'https://example.com/hook', events: ['subscription.test'] });
    const long = store.merchants.find(({ mid }) => mid.length > 16)?.mid;
    const paths: readonly (readonly [keyof typeof specification, string])[] = [
      ['merchants', 'merchants?per_page=100'],
      ['merchant', `merchants/${long}`],
      ['transactions', `merchants/${long}/transactions?start_date=2026-04-01&end_date=2026-04-30`],
      ['processors', 'processors'],
      ['residualSummary', 'residuals/reports/summary/2026/4'],
      ['residualRows', 'residuals/reports/summary/rows/12/2026/4?per_page=1000'],
      ['lineItems', 'residuals/lineitems/2026/4'],
      ['subscriptions', 'subscriptions'],
      ['subscription', 'subscriptions/1'],
      ['reportPublished', 'subscriptions/sample/residuals.report.published'],
      ['lineItemAdded', 'subscriptions/sample/residuals.lineitem.added'],
      ['apiUpdated', 'subscriptions/sample/api.updated'],
      ['refusal', 'merchants/1'],
      ['refusal', 'merchants?per_page=1'],
    ];
    for (const [name, path] of paths) {
      const response = await get(path);
      const answer: unknown = await response.json();
      const validate = ajv.compile(specification[name]);
      expect(validate(answer) ? [] : validate.errors, path).toEqual([]);
      if (name !== 'refusal') expect(JSON.stringify(answer).length, path).toBeGreaterThan(100);
    }
  });

  it('hold merchant numbers beyond what a double counts, as numbers', async () => {
    const { get, store } = await startVendor();
    const text = await (
      await get('residuals/reports/summary/rows/15/2026/4?per_page=1000&hide_null_merchants=false')
    ).text();
    const long = store.merchants.find(
      ({ mid, processor }) => processor.id === 15 && !Number.isSafeInteger(Number(mid)),
    );
    expect(text).toContain(`"mid":${long?.mid}`);
  });

  it('write the number of the last page as text or as a number, and days in both forms', async () => {
    const { body, rows } = await startVendor({ quirks: { lastPage: 'both' } });
    const metas = [await body('merchants'), await body('merchants')].map(({ meta }) => meta as Record<string, unknown>);
    expect(metas.map(({ last_page: last }) => typeof last).sort()).toEqual(['number', 'string']);
    const opened = (await rows('merchants?per_page=10')).map((row) => String(row['opened']));
    expect(opened.some((day) => /^\d\d\/\d\d\/\d{4}$/.test(day))).toBe(true);
    expect(opened.some((day) => /^\d{4}-\d\d-\d\d$/.test(day))).toBe(true);
  });
});

describe('who asks', () => {
  it('has the key, asks in sizes that there are, and for both ends of a span', async () => {
    const { get, simulator } = await startVendor();
    expect((await get('merchants', 'another')).status).toBe(401);
    for (const size of [10, 25, 50, 100, 500, 1000]) expect((await get(`merchants?per_page=${size}`)).status).toBe(200);
    const bad = [
      'per_page=1',
      'per_page=200',
      'page=0',
      'sort_by=volume',
      'date_filter=modified&start_date=2026-01-01',
    ];
    for (const query of bad) expect((await get(`merchants?${query}`)).status, query).toBe(405);
    const [{ mid } = { mid: '' }] = simulator.store.merchants;
    const range = `merchants/${mid}/transactions?start_date=2026-04-01&end_date`;
    expect((await get(`${range}=2026-04-31`)).status).toBe(405);
    expect((await get(`${range}=2026-04-30&per_page=500`)).status).toBe(405);
    simulator.revokeKey(true);
    expect((await get('merchants')).status).toBe(401);
  });

  it('is told how much he may ask, and to come back when it was too much', async () => {
    const { get, simulator } = await startVendor({ quirks: { quota: { requests: 2, windowSeconds: 60 } } });
    expect((await get('processors')).headers.get('x-ratelimit-remaining')).toBe('1');
    expect((await get('nowhere')).headers.get('x-ratelimit-remaining')).toBe('0');
    const refused = await get('processors');
    expect([refused.status, refused.headers.get('x-ratelimit-limit')]).toEqual([429, '2']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await refused.json()).toEqual({ message: 'Too Many Attempts.' });
    simulator.setQuirks({ plain429: true });
    expect(await (await get('processors')).text()).toBe('Too Many Attempts.');
    simulator.clock.advance(61);
    expect((await get('processors')).status).toBe(200);
  });
});

describe('the books', () => {
  it('hold as many transactions as were asked for, the same whenever they are asked', async () => {
    const { store, rows } = await startVendor({ merchants: 7, months: 2, transactions: 1_234 });
    let count = 0;
    for (const merchant of store.merchants) {
      for (const month of [may - 1, may]) count += store.volume(merchant.mid, month).transactions;
    }
    expect(count).toBe(1_234);
    const [{ mid } = { mid: '' }] = store.merchants;
    const path = `merchants/${mid}/transactions?per_page=100&start_date=2026-04-01&end_date=2026-04-30`;
    const batches = (await rows(path)) as unknown as Batch[];
    expect(batches).toEqual(await rows(path));
    const cents = batches
      .flatMap(({ transactions }) => transactions)
      .map(({ amount }) => Math.round(Number(amount) * 100));
    expect(cents.reduce((sum, one) => sum + one, 0)).toBe(store.volume(mid, may - 1).cents);
  });

  it('hold a million transactions without holding them', async () => {
    const before = process.memoryUsage().heapUsed;
    const { store, rows } = await startVendor({ merchants: 400, months: 15, transactions: 1_000_000 });
    expect(store.ledger.transactions).toBe(1_000_000);
    const mid = store.merchants.at(-1)?.mid;
    const batches = await rows(`merchants/${mid}/transactions?per_page=100&start_date=2026-01-01&end_date=2026-03-31`);
    expect(batches).toHaveLength(90);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000_000);
  });

  it('can be changed through the control endpoint', async () => {
    const { control, rows, body, store } = await startVendor({ merchants: 10 });
    const { mids } = (await control('GET', 'merchants')) as { mids: string[] };
    const [first = '', second = ''] = mids;
    await control('POST', `merchants/${first}/edit`);
    await control('POST', `merchants/${second}/hide`);
    const shown = await rows('merchants?per_page=100');
    expect(shown.find(({ mid }) => mid === first)?.['name']).toMatch(/edited/);
    expect(shown.map(({ mid }) => mid)).not.toContain(second);
    const added = await control('POST', `merchants/${first}/batches`, { date: '2026-05-19', cents: 4_211 });
    const path = `merchants/${first}/transactions?start_date=2026-05-19&end_date=2026-05-19`;
    expect(JSON.stringify(await rows(path))).toContain(String((added as { transaction: number }).transaction));
    const summary = async () => (await rows('residuals/reports/summary/2026/4'))[0];
    const before = await summary();
    const { removed } = (await control('POST', 'reports/12/2026/4/republish', { removes: 1 })) as { removed: string[] };
    expect((await summary())?.['modified']).not.toBe(before?.['modified']);
    const left = await rows('residuals/reports/summary/rows/12/2026/4?per_page=100&hide_null_merchants=false');
    expect(left.map(({ merchant }) => merchant)).not.toContain(store.merchant(removed[0] ?? '')?.name);
    const { general } = await body(`merchants/${first}`);
    expect(general).toMatchObject({ mid: first });
  });
});

describe('a subscription', () => {
  const ajv = new Ajv({ allErrors: true, formats, keywords: ['example'] });
  const published = 'residuals.report.published';

  it('is made, changed, switched off and ended by whoever has the key', async () => {
    const { simulator, get, body } = await startVendor();
    const headers = { 'x-api-key': simulator.credentials.apiKey, 'content-type': 'application/json' };
    const ask = async (method: string, path: string, what?: object) => {
      const init = { method, headers, ...(what && { body: JSON.stringify(what) }) };
      const response = await fetch(new URL(path, simulator.url), init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const url = 'https://example.com/hook';
    for (const bad of [
      { url },
      { url, events: [] },
      { url, events: ['merchant.created'] },
      { url: 'x', events: [published] },
    ]) {
      expect((await ask('POST', 'subscriptions', bad)).status).toBe(405);
    }
    const made = await ask('POST', 'subscriptions', { url, events: [published] });
    expect(made).toEqual({
      status: 200,
      body: {
        ...{ id: 1, url, events: [published], options: {}, multiple_at_once: false, status: true },
        deactivation_reason: null,
      },
    });
    expect((await get('subscriptions', 'another')).status).toBe(401);
    expect((await body('subscriptions'))['data']).toEqual([made.body]);
    expect((await ask('PATCH', 'subscriptions/1', { status: false })).status).toBe(405);
    const off = await ask('PATCH', 'subscriptions/1', { status: false, deactivation_reason: 'moved' });
    expect(off.body).toMatchObject({ id: 1, url, status: false, deactivation_reason: 'moved' });
    expect((await ask('DELETE', 'subscriptions/1')).status).toBe(200);
    expect((await get('subscriptions/1')).status).toBe(404);
  });

  it('is told what it is for, unsigned, as the specification says, and of several at once where it wants that', async () => {
    const { simulator, control } = await startVendor({ quirks: { asSpecified: true }, webhooks: { windowMs: 20 } });
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const { webhooks, store } = simulator;
    const subscribe = (name: string, more: object = {}) =>
      webhooks.subscriptions.create({ url: `${receiver.url}/${name}`, events: [published], ...more });
    subscribe('each');
    subscribe('together', { multiple_at_once: true });
    subscribe('others', { events: ['residuals.lineitem.added', 'chargeback.added', 'subscription.test'] });
    // Together within the time that is waited for others.
    for (const processor of [12, 15]) store.republish(processor, may - 1, {});
    await control('POST', 'lineitems/2026/4');
    await control('POST', 'webhooks/test');
    store.reject(7);
    store.reject(8, 'VOID');
    await webhooks.idle();
    const sent = (name: string) => receiver.received.filter(({ path }) => path === `/${name}`).map(({ body }) => body);
    expect(sent('each').map(({ data }) => (data['reports'] as unknown[]).length)).toEqual([1, 1]);
    const [together, ...none] = sent('together');
    expect(none).toEqual([]);
    expect(together?.data['reports']).toMatchObject(
      [12, 15].map((id) => ({ processor_id: id, year: 2026, month: 4, revision: 2 })),
    );
    const validate = ajv.compile(specification.reportPublished);
    expect(validate(together) ? [] : validate.errors).toEqual([]);
    const others = sent('others');
    expect(others.map(({ hook }) => hook)).toEqual(
      ['residuals.lineitem.added', 'subscription.test', 'chargeback.added'].map((name) => ({
        requestId: 1,
        event: name,
      })),
    );
    expect(ajv.validate(specification.lineItemAdded, others[0])).toBe(true);
    expect(
      receiver.received.flatMap(({ headers }) => Object.keys(headers)).filter((name) => /sign/.test(name)),
    ).toEqual([]);
  });

  it('is told twice, late, in another order, not at all, and by somebody else, as it is set', async () => {
    const { simulator } = await startVendor({
      webhooks: { duplicate: 0.5, reorder: 0.5, holdMs: 20, drop: 0.2, forge: 0.5, backoffMs: 0.2, concurrency: 1 },
    });
    let calls = 0;
    const receiver = await startReceiver(({ path }) => {
      if (path !== '/secret') return 404;
      calls += 1;
      return calls % 5 === 0 ? 503 : 200;
    });
    onTestFinished(() => receiver.close());
    const { webhooks, store } = simulator;
    webhooks.subscriptions.create({ url: `${receiver.url}/secret`, events: ['chargeback.added'] });
    for (let id = 0; id < 40; id += 1) store.reject(id);
    await webhooks.idle();
    const report = webhooks.report();
    expect(report.events).toBe(40);
    expect(report.delivered + report.dropped).toBe(40);
    for (const count of [report.dropped, report.copies, report.heldBack, report.forged.sent]) {
      expect(count).toBeGreaterThan(3);
    }
    expect(report.forged.refused).toEqual({ 404: report.forged.sent });
    const order = receiver.received.filter(({ path }) => path === '/secret').map(({ body }) => idIn(body.data));
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });
});

function idIn(data: Record<string, unknown>): number {
  return (data['chargebacks'] as { id: number }[])[0]?.id ?? -1;
}
