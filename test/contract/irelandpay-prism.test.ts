import { readFile } from 'node:fs/promises';
import { irelandPay } from '@syncline/connectors';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  mendVendorsDocument,
  openApi,
  openApiOfLists,
  withRecentDays,
} from '../../packages/connectors/irelandpay/testing/openapi.js';
import { openSyncs, type Row } from './broker.js';
import { startPrism } from './prism.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const today = new Date().toISOString().slice(0, 10);
const american = today.replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1');
/** Words that the specification leaves open, and nobody can understand. */
const open = ['is_vim', 'is_active'];

/** Of months there are as many as are asked for at once. */
const one = {
  processors: 1,
  merchants: 1,
  batches: 1,
  transactions: 1,
  residual_summaries: 4,
  residuals: 1,
  residual_line_items: 4,
};

/** A sync of everything from a server that Prism makes of a document; what was noticed about the rows, by their entities. */
async function syncFrom(document: string, seed?: string) {
  const prism = await startPrism(document, seed);
  onTestFinished(() => prism.close());
  const vendor = { url: prism.url, credentials: { apiKey: 'any-key-will-do' } };
  const syncs = await openSyncs(bed, vendor, { historyFrom: today.slice(0, 7), windowDays: 366 });
  const { status, runs } = await syncs.sync('initial');
  const flagged = new Set<unknown>();
  const rows: Record<string, Row[]> = {};
  for (const { name, table } of irelandPay.entities) {
    rows[name] = await syncs.rows(table.name);
    for (const { sync_flags: flags } of rows[name]) for (const { field } of (flags ?? []) as Row[]) flagged.add(field);
  }
  expect(prism.refusals()).toEqual([]);
  const ends = Object.fromEntries(
    Object.values(runs).map((run) => [run['entity'], [run['status'], run['records_failed']]]),
  );
  expect(ends).toEqual(Object.fromEntries(irelandPay.entities.map(({ name }) => [name, ['succeeded', 0]])));
  expect(status).toBe('succeeded');
  expect([...flagged].filter((field) => !open.includes(String(field)))).toEqual([]);
  return { rows, counts: Object.fromEntries(Object.entries(rows).map(([name, { length }]) => [name, length])) };
}

describe('what the specification promises, from a server that Prism makes of it', () => {
  it('is read from its examples, a record of each kind', async () => {
    const { rows, counts } = await syncFrom(withRecentDays(openApi(), american));
    expect(counts).toEqual(one);
    const [merchant] = rows['merchants'] ?? [];
    expect(merchant).toMatchObject({ irelandpay_mid: '520000012345678', account_information: {} });
    expect(merchant?.['source_updated_at']).toEqual(new Date('2019-01-01T12:04:40+05:00'));
    expect(merchant?.['opened']).not.toBeNull();
    const [transaction] = rows['transactions'] ?? [];
    expect(transaction?.['transaction_date']).toEqual(merchant?.['opened']);
    expect([transaction?.['batch_id'], transaction?.['merchant_id']]).toEqual([
      rows['batches']?.[0]?.['id'],
      merchant?.['id'],
    ]);
    expect(rows['residuals']?.[0]?.['residual_summary_id']).toBe(rows['residual_summaries']?.[0]?.['id']);
  });

  it('is read from random answers of its types', async () => {
    const { counts } = await syncFrom(openApiOfLists(3), 'a seed');
    expect(counts).toMatchObject({
      merchants: 3,
      batches: 9,
      residual_summaries: 12,
      residuals: 9,
      residual_line_items: 12,
    });
    expect(counts['processors']).toBeGreaterThan(0);
    expect(counts['transactions']).toBeGreaterThan(8);
  });

  const { IRELANDPAY_OPENAPI: file } = process.env;
  it.runIf(file)("is read from the examples of the vendor's own document", async () => {
    const document = mendVendorsDocument(await readFile(file ?? '', 'utf8'));
    const { counts } = await syncFrom(withRecentDays(document, american));
    expect(counts).toEqual(one);
  });
});
