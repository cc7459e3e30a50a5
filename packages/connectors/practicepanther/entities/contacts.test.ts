import { mapRecord, parseJson, type Span, type VendorClient } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { contacts } from './contacts.js';

const maria = {
  id: '9d0f5a44-1e0c-4f8a-b6c1-2b7f6a1a0002',
  account_ref: { id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01', display_name: 'Harbour Foods LLC' },
  is_primary_contact: true,
  display_name: 'Maria Quinn',
  first_name: 'Maria',
  middle_name: null,
  last_name: 'Quinn',
  phone_mobile: '(207) 555-0101',
  phone_home: null,
  phone_fax: null,
  phone_work: null,
  email: 'maria@harbour.example',
  notes: null,
  custom_field_values: [],
  status: 'Active',
};
const map = (raw: unknown) => mapRecord(contacts.mapping, raw);
const valuesOf = (raw: unknown) => {
  const outcome = map(raw);
  return 'ok' in outcome ? outcome.ok.values : outcome;
};

describe('a contact', () => {
  it('becomes a row; company and address come over the link to its account', () => {
    expect(map(maria)).toEqual({
      ok: {
        key: maria.id,
        sourceUpdatedAt: null,
        values: {
          pp_account_id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
          is_primary: true,
          first_name: 'Maria',
          last_name: 'Quinn',
          email: 'maria@harbour.example',
          phone: '(207) 555-0101',
          status: 'Active',
        },
        flags: [],
        raw: maria,
      },
    });
    expect(contacts.table.references?.[0]?.take).toMatchObject({ company: 'company_name', address: 'address' });
  });

  it('is reached by mobile, else at work, else at home, else by fax', () => {
    const numbers = { phone_mobile: 'm', phone_work: 'w', phone_home: 'h', phone_fax: 'f' };
    for (const [field, first] of Object.entries(numbers)) {
      expect(valuesOf({ ...maria, ...numbers }), field).toMatchObject({ phone: first });
      Object.assign(numbers, { [field]: field.length % 2 === 0 ? '' : null });
    }
    expect(valuesOf({ ...maria, ...numbers })).toMatchObject({ phone: null });
  });

  it('may lack every name, the mail and the account, as the live data does', () => {
    const empty = Object.fromEntries(Object.keys(maria).map((field) => [field, null]));
    expect(valuesOf({ ...empty, id: 'c' })).toEqual({
      is_primary: false,
      phone: null,
      pp_account_id: undefined,
      first_name: null,
      last_name: null,
      email: null,
      status: null,
    });
    expect(valuesOf({ id: 'c' })).toMatchObject({ is_primary: false, phone: null });
  });

  it('of a company may have no first name, and no status as in 2025', () => {
    const { status: _, ...older } = { ...maria, first_name: null, last_name: 'Harbour Foods LLC' };
    expect(valuesOf(older)).toMatchObject({ first_name: null, last_name: 'Harbour Foods LLC', status: undefined });
  });

  it.each([
    ['account_ref', { account_ref: 'Harbour' }],
    ['account_ref.id', { account_ref: { display_name: 'Harbour' } }],
    ['is_primary_contact', { is_primary_contact: 'yes' }],
    ['email', { email: 42 }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...maria, ...wrong })).toMatchObject({ rejected: { key: maria.id, field } });
  });
});

describe('contacts that changed', () => {
  const changed = (account: Record<string, unknown>) => ({ id: 'a1', display_name: 'Harbour', ...account });

  /** Reads what an incremental sync gets from a vendor with these accounts. */
  async function read(accounts: readonly unknown[], span?: Span) {
    const asked: [string, unknown][] = [];
    const client: VendorClient = {
      post: () => Promise.reject(new Error('nothing is posted to this vendor')),
      get: async (url, query) => {
        asked.push([url, query?.['updated_since']]);
        return { json: accounts, lossless: false, vendorTime: undefined };
      },
    };
    const since = new Date('2025-06-01T00:00:00Z');
    const page = await contacts.fetchPage({ client, cursor: undefined, since, span, pageSize: 100 });
    return { ...page, asked };
  }

  it('are found by their account, which is what the vendor says changes with them', async () => {
    const others = [
      { ...maria, id: 'c2' },
      { ...maria, id: 'c3' },
    ];
    const { records, asked, next } = await read([changed({ primary_contact: maria, other_contacts: others })]);
    expect(asked).toEqual([['accounts', '2025-06-01T00:00:00.000Z']]);
    expect(records).toEqual([maria, ...others]);
    expect(next).toBeUndefined();
  });

  it('in a span are those of the accounts that changed in it', async () => {
    const span = { from: new Date('2025-06-01T00:00:00Z'), to: new Date('2025-06-02T00:00:00Z') };
    const at = (updated_at: string) => changed({ updated_at, primary_contact: { ...maria, id: updated_at } });
    const times = ['2025-05-31T23:59:59.999', '2025-06-01T00:00:00', '2025-06-02T00:00:00', '2025-06-02T00:00:00.001'];
    const { records } = await read(times.map(at), span);
    expect(records).toMatchObject([{ id: times[1] }, { id: times[2] }]);
  });

  it('belong to their account also where they do not say so', async () => {
    const { account_ref: _, ...bare } = maria;
    const { records } = await read([changed({ primary_contact: bare, other_contacts: null })]);
    expect(records).toEqual([{ ...bare, account_ref: { id: 'a1', display_name: 'Harbour' } }]);
  });

  it.each<[string, Record<string, unknown>, unknown[]]>([
    ['an account without contacts has none', {}, []],
    ['nor one with empty places', { primary_contact: null, other_contacts: [] }, []],
    ['what is no contact is for the mapping to refuse', { primary_contact: 'nobody' }, ['nobody']],
    ['and so is what is no list', { primary_contact: maria, other_contacts: 'nobody' }, [maria, 'nobody']],
  ])('%s', async (_what, account, expected) => {
    expect((await read([changed(account)])).records).toEqual(expected);
  });

  it('still tell where text was replaced', async () => {
    const { value } = parseJson(JSON.stringify([changed({ primary_contact: { ...maria, notes: 'a\u0000b' } })]));
    const { records } = await read(value as unknown[]);
    expect(map(records[0])).toMatchObject({ ok: { flags: [{ field: 'notes', code: 'TEXT_REPLACED' }] } });
  });

  it('an account that is no object hides none of the others', async () => {
    const { records } = await read([null, 'odd', changed({ primary_contact: maria })]);
    expect(records).toEqual([maria]);
  });

  it('a full sync asks for all of them, one by one', async () => {
    const urls: string[] = [];
    const client: VendorClient = {
      post: () => Promise.reject(new Error('nothing is posted to this vendor')),
      get: async (url) => {
        urls.push(url);
        return { json: [{ ...maria, status: 'Archived' }], lossless: false, vendorTime: undefined };
      },
    };
    await contacts.fetchPage({ client, cursor: undefined, since: undefined, pageSize: 100 });
    expect(urls).toEqual(['contacts']);
  });
});
