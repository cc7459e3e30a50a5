import { parseJson } from '@syncline/connector-kit';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
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
    const { get, store } = await startVendor({ quirks: { asSpecified: true, quota: null } });
    const long = store.merchants.find(({ mid }) => mid.length > 16)?.mid;
    const paths: readonly (readonly [keyof typeof specification, string])[] = [
      ['merchants', 'merchants?per_page=100'],
      ['merchant', `merchants/${long}`],
      ['transactions', `merchants/${long}/transactions?start_date=2026-04-01&end_date=2026-04-30`],
      ['processors', 'processors'],
      ['residualSummary', 'residuals/reports/summary/2026/4'],
      ['residualRows', 'residuals/reports/summary/rows/12/2026/4?per_page=1000'],
      ['lineItems', 'residuals/lineitems/2026/4'],
      ['refusal', 'merchants/1'],
      ['refusal', 'merchants?per_page=1'],
    ];
    for (const [name, path] of paths) {
      const response = await get(path);
      const answer: unknown = await response.json();
      const validate = ajv.compile(specification[name]);
      expect(validate(answer) ? [] : validate.errors, path).toEqual([]);
      if (name !== 'refusal') expect(JSON.stringify(answer).length, path).toBeGreaterThan(200);
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
