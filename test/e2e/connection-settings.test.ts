import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemThat } from './failed-items.js';
import { createFirm, entityOf, type Firm } from './firm.js';
import { rowsOf } from './truth.js';

type Value = { custom_field_ref: { label: string }; value_number: number | null };

/** What a connection is set to reaches the reading and the mapping of its entities. */
describe('a connection that names the exchange value and wants every body', () => {
  let firm: Firm;
  beforeAll(async () => {
    const settings = { PP_EXCHANGE_VALUE_FIELD: 'purchase price', PP_EMAIL_BODIES: 'always' };
    const quick = { SYNCLINE_RECOVERY_BASE_SECONDS: '1', SYNCLINE_RECONCILE_SECONDS: '1' };
    firm = await createFirm({ contacts: 60, matters: 120 }, { ...settings, ...quick });
    await firm.startWorker();
  });
  afterAll(() => firm.close());

  /** The purchase price of a matter, as Postgres writes a number. */
  const priceOf = (matter: Record<string, unknown>) => {
    const values = matter['custom_field_values'] as Value[];
    const price = values.find(({ custom_field_ref }) => custom_field_ref.label === 'Purchase price')?.value_number;
    return price === undefined || price === null ? null : String(price);
  };

  it('gets them in a full sync', async () => {
    const job = await firm.sync('full');
    expect(job.status).toBe('succeeded');
    const rows = await rowsOf(firm.bed, 'matters');
    const prices = firm.simulator.store.records('matters').map((matter) => [String(matter['id']), priceOf(matter)]);
    expect(prices.filter(([, price]) => price !== null).length).toBeGreaterThan(5);
    expect([...rows].map(([id, row]) => [id, row['exchange_value']]).sort()).toEqual(prices.sort());

    const { store } = firm.simulator;
    for (const [id, row] of await rowsOf(firm.bed, 'emails')) {
      expect(row['body_html']).toBe(store.record('emails', id)?.['body_html'] ?? '');
    }
  });

  it('gets them when a failed record is tried again', async () => {
    const { store, holds, clock } = firm.simulator;
    const [matter = {}] = store.records('matters').filter((record) => priceOf(record) !== null);
    const id = String(matter['id']);
    clock.advance(3600);
    store.set('matters', id, { fields: { name: ['no text'], notes: 'changed' } });
    const hold = holds.add({ match: { path: `/matters/${id}` } });
    expect(entityOf(await firm.sync('incremental'), 'matters').recordsFailed).toBe(1);
    await holds.untilHeld(hold, 1, AbortSignal.timeout(20_000));
    store.set('matters', id, { fields: { name: 'Mended' }, touch: false });
    holds.release({ id: hold });
    await itemThat(firm, `vendorId=${id}`, 'resolved');
    const row = (await rowsOf(firm.bed, 'matters')).get(id);
    expect(row).toMatchObject({ name: 'Mended', notes: 'changed', exchange_value: priceOf(matter) });
  });
});
