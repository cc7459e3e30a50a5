import { mapRecord, type Page, parseJson, SyncError, type VendorClient } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { irelandPay } from './connector.js';
import { merchants } from './entities/merchants.js';
import { residuals } from './entities/residuals.js';
import { irelandPayEnvironment } from './environment.js';
import { fetchMerchants } from './merchant-pages.js';
import { irelandPaySettings } from './settings.js';

/** A vendor that answers to paths; what is not among them it does not have. */
function vendor(answer: (path: string, query: Record<string, unknown>) => string | undefined) {
  const asked: string[] = [];
  const client: VendorClient = {
    get: async (path, query = {}) => {
      asked.push(path);
      const text = answer(path, query);
      if (text === undefined) {
        throw new SyncError('UPSTREAM_REJECTED', 'Not found', { details: { status: 404 } });
      }
      const { value, lossless } = parseJson(text);
      return { json: value, lossless, vendorTime: new Date('2026-05-20T12:00:00Z') };
    },
    post: () => Promise.reject(new Error('nothing is posted to this vendor')),
  };
  return { client, asked };
}
const listOf = (data: string, { page = 1, last = '1', total = 1 } = {}) =>
  `{"data": [${data}], "links": {}, "meta": {"current_page": ${page}, "last_page": ${last}, "total": ${total}}}`;
const valuesOf = (entity: typeof merchants, raw: unknown) => {
  const outcome = mapRecord(entity.mapping, raw);
  if (!('ok' in outcome)) throw new Error(outcome.rejected.message);
  return outcome.ok;
};

describe('a merchant', () => {
  const row = { id: '0042000000013', mid: '0042000000013', modified: '2026-01-01T12:04:40+05:00' };

  it('has its days in either form, its flags in any spelling, and its time of change with its offset', () => {
    const { values, sourceUpdatedAt, flags } = valuesOf(merchants, {
      ...{ ...row, opened: '01/21/2019', closed: '2020-02-03', deactivated: '', last_batch: null },
      ...{ vim: 'Yes', active: 'false', name: null },
    });
    expect(values).toMatchObject({ opened: '2019-01-21', closed: '2020-02-03', deactivated: null, last_batch: null });
    expect(values).toMatchObject({ is_vim: true, is_active: false, mid_number: '42000000013' });
    expect([sourceUpdatedAt, flags]).toEqual(['2026-01-01T07:04:40.000Z', []]);
  });

  it('with a day or a flag that cannot be read has doubts, and is kept', () => {
    const { values, flags } = valuesOf(merchants, { ...row, opened: '13/40/2019', vim: 'perhaps' });
    expect(values).toMatchObject({ opened: null, is_vim: null });
    expect(flags.map(({ field, code }) => `${field} ${code}`)).toEqual(['opened BAD_DATE', 'is_vim UNKNOWN_VALUE']);
  });
});

describe('the list of merchants', () => {
  const settings = irelandPaySettings.parse({ merchantDetails: 'never' });

  it('goes back a page when merchants have vanished from those that were read', async () => {
    let total = 30;
    const { client } = vendor((_, { page }) => listOf(`{"mid": "m${page}"}`, { last: '"3"', total }));
    const places: unknown[] = [];
    let next: Page['next'];
    do {
      const page = await fetchMerchants({ client, cursor: next, since: undefined, pageSize: 10, settings });
      places.push((page.records[0] as { mid: string }).mid);
      if (places.length === 2) total = 28;
      next = page.next;
    } while (next !== undefined);
    expect(places).toEqual(['m1', 'm2', 'm3', 'm2', 'm3']);
  });

  it('has merchants whose account is refused, with a doubt; one that is not there at all ends nothing', async () => {
    const { client } = vendor((path) => {
      if (path === 'merchants') return listOf('{"mid": "a"}, {"mid": "b"}', { total: 2 });
      return path === 'merchants/a' ? '{"general": {"mid": "a"}, "account_information": {"DBA Name": "A"}}' : undefined;
    });
    const always = irelandPaySettings.parse({});
    const request = { client, cursor: undefined, since: undefined, pageSize: 10, settings: always };
    const { records } = await fetchMerchants(request);
    const [a, b] = records.map((one) => valuesOf(merchants, one));
    expect(a?.values['account_information']).toEqual({ 'DBA Name': 'A' });
    expect(b?.flags).toMatchObject([{ field: 'account_information', code: 'UNREADABLE' }]);
    expect(a?.raw).toEqual({ mid: 'a' });
  });
});

describe('residuals', () => {
  const months = { historyFrom: '2026-05' };
  const fetch = (client: VendorClient) =>
    residuals.fetchPage({
      ...{ client, cursor: undefined, since: undefined, pageSize: 100 },
      settings: irelandPaySettings.parse(months),
    });
  const report = '{"processor_id": 12, "modified": "2026-05-20T12:00:00-04:00", "merchants_count": 2}';
  const rows = 'residuals/reports/summary/rows/12/2026/5';

  it('keep the digits of numbers that no double holds', async () => {
    const { client } = vendor((path) =>
      path === rows ? listOf('{"mid": 98765430000000013, "net": 1234567890123456.78}') : listOf(report),
    );
    const { records, partitions } = await fetch(client);
    const { key, values } = valuesOf(residuals, records[0]);
    expect(key).toBe('12/2026-05/98765430000000013');
    expect(values).toMatchObject({ mid_number: '98765430000000013', net: '1234567890123456.78' });
    expect(partitions).toEqual([{ residual_month: '2026-05-01' }]);
  });

  it('are not believed to be gone where the rows are missing, or where there are none of merchants that are counted', async () => {
    for (const answer of [undefined, listOf('', { last: '0', total: 0 })]) {
      const { client } = vendor((path) => (path === rows ? answer : listOf(report)));
      expect((await fetch(client)).partitions).toEqual([]);
    }
    const { client } = vendor(() => undefined);
    expect((await fetch(client)).partitions).toEqual([]);
  });

  it('cannot be read from a list that has fewer rows than it says, or that moves while it is read', async () => {
    const few = vendor((path) => (path === rows ? listOf('{"mid": 1}', { total: 2 }) : listOf(report)));
    await expect(fetch(few.client)).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
    const pages = (second: string) =>
      vendor((path, { page }) =>
        path === rows ? listOf(page === 1 ? '{"mid": 1}' : second, { last: '2', total: 2 }) : listOf(report),
      );
    await expect(fetch(pages('{"mid": 1}').client)).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
    expect((await fetch(pages('{"mid": 2}').client)).records).toHaveLength(2);
  });

  it('are read to the end also where nobody says which page is the last', async () => {
    const full = Array.from({ length: 1_000 }, (_, i) => `{"mid": ${i}}`).join();
    const { client, asked } = vendor((path, { page }) => {
      if (path !== rows) return `{"data": [${report}]}`;
      return `{"data": [${page === 1 ? full : '{"mid": 1001}'}], "meta": {"last_page": "some text"}}`;
    });
    expect((await fetch(client)).records).toHaveLength(1_001);
    expect(asked.filter((path) => path === rows)).toHaveLength(2);
  });
});

describe('the environment', () => {
  it('makes a connection of a key, and none without', () => {
    const given = { IRELANDPAY_CRM_API_KEY: 'a-long-key', IRELANDPAY_TIMEOUT_SECONDS: 30, IRELANDPAY_MAX_RETRIES: 3 };
    expect(irelandPayEnvironment.connection({})).toBeUndefined();
    expect(irelandPayEnvironment.connection(given)).toMatchObject({
      credentials: { apiKey: 'a-long-key' },
      settings: { timeoutSeconds: 30, maxRetries: 3 },
    });
    const variables = Object.entries(irelandPayEnvironment.variables).filter(
      ([name]) => name !== 'IRELANDPAY_CRM_API_KEY',
    );
    for (const [name, { schema }] of variables) expect(schema.safeParse(undefined).success, name).toBe(true);
    expect(irelandPay.settings.parse({})).toMatchObject({
      timeoutSeconds: 30,
      circuitMaxFailures: 5,
      backoffBaseMs: 1_000,
    });
    expect(irelandPay.settings.safeParse({ pageSize: 99 }).success).toBe(false);
  });
});
