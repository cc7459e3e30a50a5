import { mapRecord, SyncError, type VendorClient } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { customFields } from './custom-fields.js';

const price = {
  id: '1f5f0b9e-27a1-4d3c-a0a5-6b7e1a1a0004',
  label: 'Purchase price',
  value_type: 'Currency',
  dropdown_list_values: null,
  help_text: 'Without tax.',
  tooltip: null,
};
const map = (raw: unknown) => mapRecord(customFields.mapping, raw);

/** A vendor with these lists; it notes every path and query that it is asked for. */
function vendorOf(lists: Record<string, readonly unknown[]>) {
  const asked: [string, Record<string, unknown> | undefined][] = [];
  const client: VendorClient = {
    post: () => Promise.reject(new Error('nothing is posted to this vendor')),
    get: async (url, query) => {
      asked.push([url, query]);
      const known = lists[url.replace('customfields/', '')];
      const all = Object.values(lists).flat() as { id: string }[];
      const json = known ?? all.find(({ id }) => url.endsWith(`/${id}`));
      if (json === undefined) throw new SyncError('UPSTREAM_REJECTED', undefined, { details: { status: 404 } });
      return { json, lossless: false, vendorTime: new Date(asked.length) };
    },
  };
  return { client, asked };
}

describe('a custom field', () => {
  it('becomes a row with the scope of its list, which is not taken for the vendor’s', () => {
    expect(map({ ...price, scope: 'matter' })).toEqual({
      ok: {
        key: price.id,
        sourceUpdatedAt: null,
        values: {
          scope: 'matter',
          label: 'Purchase price',
          value_type: 'Currency',
          dropdown_values: null,
          help_text: 'Without tax.',
          tooltip: null,
        },
        flags: [],
        raw: price,
      },
    });
  });

  it('with choices has them one by one', () => {
    const joined = { ...price, scope: 'company', dropdown_list_values: 'Retail, Food & drink ,Logistik' };
    expect(map(joined)).toMatchObject({ ok: { values: { dropdown_values: ['Retail', 'Food & drink', 'Logistik'] } } });
    expect(map({ ...joined, dropdown_list_values: '' })).toMatchObject({ ok: { values: { dropdown_values: null } } });
  });

  it.each([
    ['label', { label: 7 }],
    ['scope', { scope: 'task' }],
    ['value_type', { value_type: {} }],
  ])('with a wrong %s is rejected, and kept with its scope', (field, wrong) => {
    const raw = { ...price, scope: 'matter', ...wrong };
    expect(map(raw)).toMatchObject({ rejected: { key: price.id, field, raw } });
  });
});

describe('the lists of custom fields', () => {
  const lists = { company: [{ id: 'c1' }, { id: 'c2' }], matter: [price, null], contact: [] };

  async function readAll(since?: Date) {
    const { client, asked } = vendorOf(lists);
    const records: unknown[] = [];
    let cursor: Readonly<Record<string, unknown>> | undefined;
    do {
      const page = await customFields.fetchPage({ client, cursor, since, pageSize: 100 });
      records.push(...page.records);
      cursor = page.next && JSON.parse(JSON.stringify(page.next));
    } while (cursor !== undefined);
    return { records, asked };
  }

  it('are read one after the other, and say what each field describes', async () => {
    const { records, asked } = await readAll();
    expect(asked.map(([url]) => url)).toEqual(['company', 'matter', 'contact'].map((scope) => `customfields/${scope}`));
    expect(records).toEqual([
      { id: 'c1', scope: 'company' },
      { id: 'c2', scope: 'company' },
      { ...price, scope: 'matter' },
      null,
    ]);
  });

  it('are read whole in an incremental sync as well: a field has no time of change to trust in', async () => {
    const { records, asked } = await readAll(new Date());
    expect(records).toHaveLength(4);
    expect(asked.map(([, query]) => query?.['updated_since'])).toEqual([undefined, undefined, undefined]);
  });
});

describe('one custom field', () => {
  it('is found with the scope of the list that has it', async () => {
    const { client } = vendorOf({ company: [], matter: [price], contact: [] });
    expect(await customFields.fetchOne?.(client, price.id)).toMatchObject({ json: { ...price, scope: 'matter' } });
  });

  it('that the vendor does not know is gone', async () => {
    const { client } = vendorOf({ company: [], matter: [price], contact: [] });
    await expect(customFields.fetchOne?.(client, 'nobody')).rejects.toMatchObject({ details: { status: 404 } });
  });

  it('that no list has is not believed', async () => {
    const { client } = vendorOf({ company: [], matter: [], contact: [], hidden: [price] });
    await expect(customFields.fetchOne?.(client, price.id)).rejects.toMatchObject({ code: 'UPSTREAM_BAD_BODY' });
  });
});
