import { describe, expect, test } from 'vitest';
import { startVendor } from '../test-client.js';
import { ENTITIES, type Entity, type VendorRecord } from './entities.js';
import { DATA_ENDS, DATA_STARTS } from './timeline.js';
import { readVendorTime } from './timestamps.js';

/** The records of a firm large enough for every rarity. */
async function records(): Promise<Record<Entity, VendorRecord[]>> {
  const { simulator } = await startVendor({ contacts: 600 });
  return Object.fromEntries(ENTITIES.map((entity) => [entity, simulator.store.records(entity)])) as Record<
    Entity,
    VendorRecord[]
  >;
}

const valuesOf = (rows: readonly VendorRecord[], field: string): Set<unknown> => new Set(rows.map((row) => row[field]));

describe('the same seed', () => {
  test('makes the same bytes, over the wire too; another seed makes others', async () => {
    const [first, second, other] = [await startVendor(), await startVendor(), await startVendor({ seed: 2 })];
    for (const list of ENTITIES.map((entity) => (entity === 'customfields' ? 'customfields/matter' : entity))) {
      const bytes = async (vendor: typeof first): Promise<string> => (await vendor.get(list)).text();
      expect(await bytes(first)).toBe(await bytes(second));
      expect(await bytes(first)).not.toBe(await bytes(other));
    }
  });

  test('makes the same bytes whatever the clock says', async () => {
    const early = await startVendor({ now: () => new Date('2026-06-02T00:00:00Z') });
    const late = await startVendor({ now: () => new Date('2031-01-01T00:00:00Z') });
    expect(early.simulator.store.records('matters')).toEqual(late.simulator.store.records('matters'));
    expect((await late.get('users/me')).headers.get('date')).toBe('Wed, 01 Jan 2031 00:00:00 GMT');
  });
});

describe('shapes', () => {
  test('have exactly the vendor’s fields', async () => {
    const { accounts, contacts, matters, tasks, users, ...more } = await records();
    const keys = (rows: readonly VendorRecord[]): string => Object.keys(rows[0] ?? {}).join(' ');
    expect(keys(accounts)).toBe(
      'id display_name number company_name address_street_1 address_street_2 address_city address_state address_country ' +
        'address_zip_code tags company_custom_field_values assigned_to_users created_at updated_at notes primary_contact other_contacts',
    );
    expect(keys(contacts)).toBe(
      'id account_ref is_primary_contact display_name first_name middle_name last_name phone_mobile phone_home phone_fax ' +
        'phone_work email notes custom_field_values status',
    );
    expect(keys(matters)).toBe(
      'id account_ref number display_name name notes rate open_date close_date statute_of_limitation_date tags status ' +
        'assigned_to_users custom_field_values created_at updated_at',
    );
    expect(keys(tasks)).toBe(
      'id account_ref matter_ref subject notes priority status due_date assigned_to_users assigned_to_contacts tags ' +
        'created_at updated_at',
    );
    expect(keys(users)).toBe('id is_active display_name first_name last_name middle_name email created_at updated_at');
    expect(keys(more.notes)).toBe(
      'id account_ref matter_ref subject note assigned_to_users date tags created_at updated_at',
    );
    expect(keys(more.emails)).toBe(
      'id subject cc to from body_text external_message_id external_thread_id account_ref matter_ref date tags ' +
        'attachments created_at updated_at',
    );
    expect(keys(more.events)).toBe(
      'id account_ref matter_ref subject location notes is_all_day start_date_time end_date_time tags ' +
        'assigned_to_users assigned_to_contacts created_at updated_at',
    );
    expect(keys(more.timeentries)).toBe(
      'id is_billable is_billed date hours rate description private_notes account_ref matter_ref billed_by_user_ref ' +
        'item_ref task_code created_at updated_at',
    );
    expect(keys(more.customfields)).toBe('id label value_type dropdown_list_values help_text tooltip');
  });

  test('timestamps have no zone, trimmed fractions of all lengths, and lie in the span', async () => {
    const { contacts: _untimed, customfields: __untimed, ...timed } = await records();
    const { matters } = timed;
    const lengths = new Set<number>();
    for (const row of Object.values(timed).flat()) {
      for (const text of [row.created_at, row.updated_at].map(String)) {
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,2}[1-9])?$/);
        lengths.add(text.length);
        const ms = readVendorTime(text) ?? 0;
        expect(ms).toBeGreaterThanOrEqual(DATA_STARTS);
        expect(ms).toBeLessThan(DATA_ENDS);
      }
      expect(readVendorTime(row.created_at)).toBeLessThanOrEqual(readVendorTime(row.updated_at) ?? 0);
    }
    expect([...lengths].sort()).toEqual([19, 21, 22, 23]);
    expect(matters.some((row) => row.created_at === row.updated_at)).toBe(true);
    expect(matters.some((row) => row.created_at !== row.updated_at)).toBe(true);
  });

  test('references resolve to what they name', async () => {
    const all = await records();
    const names = new Map([...all.accounts, ...all.matters, ...all.users].map((row) => [row.id, row.display_name]));
    for (const row of Object.values(all).flat()) {
      const references = [row.account_ref, row.matter_ref, row.billed_by_user_ref];
      for (const reference of references.filter(Boolean) as VendorRecord[]) {
        expect(names.get(reference.id)).toBe(reference.display_name);
      }
    }
  });
});

describe('variety', () => {
  test('every status and priority, tasks without status, and archived rows, even in a tiny firm', async () => {
    const { simulator } = await startVendor({ contacts: 12 });
    const { store } = simulator;
    expect(valuesOf(store.records('matters'), 'status')).toEqual(new Set(['Open', 'Pending', 'Closed', 'Archived']));
    expect(valuesOf(store.records('contacts'), 'status')).toEqual(new Set(['Active', 'Archived']));
    const tasks = store.records('tasks');
    expect(valuesOf(tasks, 'status')).toEqual(
      new Set(['NotCompleted', 'InProgress', 'Completed', 'Conditional', null]),
    );
    expect(valuesOf(tasks, 'priority')).toEqual(new Set(['Low', 'Medium', 'High']));
  });

  test('nulls where the vendor has them, and empty strings', async () => {
    const { accounts, contacts, matters, tasks, users } = await records();
    for (const field of ['display_name', 'first_name', 'middle_name', 'last_name', 'email', 'notes', 'phone_fax']) {
      expect(valuesOf(contacts, field), field).toContain(null);
    }
    for (const field of ['email', 'notes', 'phone_work']) expect(valuesOf(contacts, field), field).toContain('');
    for (const field of ['company_name', 'address_city', 'notes'])
      expect(valuesOf(accounts, field), field).toContain(null);
    for (const field of ['notes', 'open_date', 'close_date', 'statute_of_limitation_date']) {
      expect(valuesOf(matters, field), field).toContain(null);
    }
    for (const field of ['account_ref', 'matter_ref', 'due_date', 'notes'])
      expect(valuesOf(tasks, field), field).toContain(null);
    expect(valuesOf(matters, 'account_ref')).not.toContain(null);
    expect(valuesOf(users, 'is_active')).toEqual(new Set([true, false]));
  });

  test('text that breaks importers', async () => {
    const { contacts, matters } = await records();
    const text = [...contacts, ...matters].map((row) => `${row.display_name} ${row.notes}`).join();
    for (const sign of ['<p>', '"', '\\', '\n', '山田', '🏠', 'Ł', "O'Brien", '\\u0000']) expect(text).toContain(sign);
    const company = contacts.find(
      (row) => row.first_name === null && / (Holdings|Partners|Trust)$/.test(String(row.last_name)),
    );
    expect(company).toBeDefined();
  });

  test('every type of custom field, each in its own slot', async () => {
    const { accounts, contacts, matters } = await records();
    const values = [...accounts, ...contacts, ...matters].flatMap(
      (row) => (row.custom_field_values ?? row.company_custom_field_values) as VendorRecord[],
    );
    const types = values.map((value) => (value.custom_field_ref as VendorRecord).value_type);
    expect(new Set(types).size).toBe(9);
    for (const value of values) {
      const used = ['contact_ref', 'value_date_time', 'value_number', 'value_string'].filter(
        (slot) => value[slot] !== null,
      );
      expect(used.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('custom fields', () => {
  test('are defined as the values say, each in the list of what it describes', async () => {
    const { simulator, rows } = await startVendor({ contacts: 200 });
    const { store } = simulator;
    const scopes = { company: 'accounts', matter: 'matters', contact: 'contacts' } as const;
    for (const [scope, entity] of Object.entries(scopes)) {
      const defined = new Map((await rows(`customfields/${scope}`)).map((field) => [field.id, field]));
      const values = store
        .records(entity)
        .flatMap((row) => (row.custom_field_values ?? row.company_custom_field_values) as VendorRecord[]);
      expect(values.length).toBeGreaterThan(0);
      for (const { custom_field_ref } of values) {
        const { id, ...reference } = custom_field_ref as VendorRecord;
        expect(defined.get(id)).toMatchObject(reference);
      }
      for (const id of defined.keys()) expect(store.scopeOf(String(id))).toBe(scope);
    }
  });
});

describe('contacts', () => {
  test('have no times, and are the ones nested in their accounts', async () => {
    const { accounts, contacts } = await records();
    const nested = accounts.flatMap((account) => [account.primary_contact, ...(account.other_contacts as unknown[])]);
    const byId = new Map(contacts.map((contact) => [contact.id, contact]));
    expect(nested.length).toBe(contacts.length);
    for (const contact of nested as VendorRecord[]) expect(contact).toEqual(byId.get(contact.id));
    for (const contact of contacts) expect(contact).not.toHaveProperty('updated_at');
    expect(accounts.some((account) => (account.other_contacts as unknown[]).length > 1)).toBe(true);
    expect(accounts.every((account) => (account.primary_contact as VendorRecord).is_primary_contact === true)).toBe(
      true,
    );
  });
});
