import { describe, expect, test } from 'vitest';
import { ENTITIES, type Entity, hasTimes, type VendorRecord } from '../data/entities.js';
import { readVendorTime } from '../data/timestamps.js';
import { idsOf, startVendor, type Vendor } from '../test-client.js';

const at = (record: VendorRecord | undefined, field = 'updated_at'): number =>
  readVendorTime(record?.[field]) ?? Number.NaN;
const iso = (ms: number): string => new Date(ms).toISOString();

const listOf = (record: VendorRecord, field: string): VendorRecord[] => record[field] as VendorRecord[];
const refOf = (record: VendorRecord, field: string): string | undefined => (record[field] as { id: string } | null)?.id;

/** Asks with a query and compares with a sieve over the truth. */
async function expectSame(
  vendor: Vendor,
  entity: Entity,
  query: string,
  fits: (record: VendorRecord) => boolean,
): Promise<void> {
  const wanted = idsOf(vendor.simulator.store.records(entity).filter(fits)).sort();
  expect(wanted.length, `${query} must find something`).toBeGreaterThan(0);
  expect(wanted.length, `${query} must leave something`).toBeLessThan(vendor.simulator.store.counts()[entity]);
  expect(idsOf(await vendor.rows(`${entity}?${query}`)).sort()).toEqual(wanted);
}

describe('named filters', () => {
  test.each(ENTITIES.filter(hasTimes))('since of %s is inclusive, with and without order', async (entity) => {
    const vendor = await startVendor();
    const middle = vendor.simulator.store.records(entity).at(2);
    for (const field of ['updated', 'created']) {
      const from = at(middle, `${field}_at`);
      for (const order of ['', '&$orderby=updated_at asc', '&$orderby=id']) {
        await expectSame(
          vendor,
          entity,
          `${field}_since=${iso(from)}${order}`,
          (record) => at(record, `${field}_at`) >= from,
        );
      }
    }
  });

  test('since of contacts goes by the account, for contacts have no time', async () => {
    const vendor = await startVendor();
    const accounts = vendor.simulator.store.records('accounts');
    const from = at(accounts.at(30));
    const recent = new Set(accounts.filter((account) => at(account) >= from).map((account) => account.id));
    const ofRecent = (contact: VendorRecord): boolean => recent.has((contact.account_ref as VendorRecord).id);
    await expectSame(vendor, 'contacts', `updated_since=${iso(from)}`, ofRecent);
    await expectSame(vendor, 'contacts', `updated_since=${iso(from)}&$orderby=updated_at asc`, ofRecent);
  });

  test('status', async () => {
    const vendor = await startVendor();
    for (const status of ['Open', 'Pending', 'Closed', 'Archived']) {
      await expectSame(vendor, 'matters', `status=${status}`, (record) => record.status === status);
    }
    for (const status of ['NotCompleted', 'InProgress', 'Completed', 'Conditional']) {
      await expectSame(vendor, 'tasks', `status=${status}`, (record) => record.status === status);
    }
    await expectSame(vendor, 'contacts', 'status=archived', (record) => record.status === 'Archived');
  });

  test('references and assignees', async () => {
    const vendor = await startVendor();
    const { store } = vendor.simulator;
    const task = store.records('tasks').find((record) => record.matter_ref && record.account_ref) ?? {};
    const account = refOf(task, 'account_ref');
    const matter = refOf(task, 'matter_ref');
    await expectSame(vendor, 'tasks', `matter_id=${matter}`, (record) => refOf(record, 'matter_ref') === matter);
    for (const entity of ['contacts', 'matters', 'tasks'] as const) {
      await expectSame(vendor, entity, `account_id=${account}`, (record) => refOf(record, 'account_ref') === account);
    }
    const user = store.ids('users')[1];
    const assigned = (record: VendorRecord): boolean =>
      listOf(record, 'assigned_to_users').some(({ id }) => id === user);
    for (const entity of ['accounts', 'matters', 'tasks'] as const) {
      await expectSame(vendor, entity, `assigned_to_user_id=${user}`, assigned);
    }
    const clients = new Set(idsOf(store.records('accounts').filter(assigned)));
    const query = `assigned_to_user_id=${user}`;
    await expectSame(vendor, 'contacts', query, (record) => clients.has(refOf(record, 'account_ref') ?? ''));
  });

  test('tags, search, company, address and due date', async () => {
    const vendor = await startVendor({ contacts: 200 });
    const tagged = (tag: string) => (record: VendorRecord) => (record.tags as string[]).includes(tag);
    await expectSame(vendor, 'matters', 'matter_tag=rush', tagged('rush'));
    await expectSame(vendor, 'accounts', 'account_tag=VIP', tagged('VIP'));
    await expectSame(vendor, 'tasks', 'activity_tag=call', tagged('call'));
    const vip = new Set(idsOf(vendor.simulator.store.records('accounts').filter(tagged('VIP'))));
    for (const entity of ['contacts', 'matters'] as const) {
      await expectSame(vendor, entity, 'account_tag=vip', (record) => vip.has(refOf(record, 'account_ref') ?? ''));
    }
    await expectSame(
      vendor,
      'users',
      'email_address=user2@firm.example',
      ({ email }) => email === 'user2@firm.example',
    );
    await expectSame(vendor, 'matters', 'search_text=TRADEMARK', ({ name }) => String(name).includes('Trademark'));
    const companies = vendor.simulator.store.records('accounts').filter(({ company_name }) => company_name !== null);
    const foods = new Set(idsOf(companies.filter(({ company_name }) => String(company_name).includes('Foods'))));
    await expectSame(vendor, 'contacts', 'company_name=foods', (record) =>
      foods.has(refOf(record, 'account_ref') ?? ''),
    );
    const [from, to] = [Date.UTC(2024, 5, 1), Date.UTC(2025, 0, 1)];
    await expectSame(vendor, 'tasks', `due_date_from=${iso(from)}&due_date_to=2025-01-01`, (record) => {
      return at(record, 'due_date') >= from && at(record, 'due_date') <= to;
    });
  });

  test('since of custom fields goes by a time that they do not show', async () => {
    const { simulator, rows } = await startVendor();
    const now = new Date(simulator.clock.nowMs()).toISOString();
    const [first = ''] = idsOf(await rows('customfields/matter'));
    expect(await rows(`customfields/matter?updated_since=${now}`)).toEqual([]);
    simulator.store.edit('customfields', first);
    const added = simulator.store.add('customfields', { scope: 'matter', label: 'New' });
    expect(idsOf(await rows(`customfields/matter?updated_since=${now}`)).sort()).toEqual([first, added].sort());
    expect(await rows(`customfields/contact?updated_since=${now}`)).toEqual([]);
  });

  test('what activities hang on, when they are, and who did it', async () => {
    const vendor = await startVendor({ contacts: 200 });
    const { store } = vendor.simulator;
    const [from, to] = [Date.UTC(2024, 5, 1), Date.UTC(2025, 0, 1)];
    const dates = { notes: 'date', events: 'start_date_time', timeentries: 'date' } as const;
    for (const [entity, field] of Object.entries(dates) as [keyof typeof dates, string][]) {
      const matter = refOf(store.records(entity).find(({ matter_ref }) => matter_ref) ?? {}, 'matter_ref');
      await expectSame(vendor, entity, `matter_id=${matter}`, (record) => refOf(record, 'matter_ref') === matter);
      await expectSame(vendor, entity, `date_from=${iso(from)}&date_to=2025-01-01`, (record) => {
        return at(record, field) >= from && at(record, field) <= to;
      });
    }
    const user = store.ids('users')[1];
    const byUser = (record: VendorRecord): boolean => refOf(record, 'billed_by_user_ref') === user;
    await expectSame(vendor, 'timeentries', `user_id=${user}`, byUser);
    const message = String(
      store.records('emails').find(({ external_message_id }) => external_message_id)?.external_message_id,
    );
    const query = `external_message_id=${encodeURIComponent(message)}`;
    await expectSame(vendor, 'emails', query, (record) => record.external_message_id === message);
  });

  test.each(['matters?updated_since=yesterday', 'matters?status=active', 'tasks?status=open', 'tasks?due_date_from=x'])(
    'refuses %s',
    async (path) => {
      const { get } = await startVendor();
      const response = await get(path);
      expect(response.status).toBe(400);
      expect(await response.json()).toHaveProperty('ModelState');
    },
  );
});

describe('$filter', () => {
  test('compares times that say their zone', async () => {
    const vendor = await startVendor();
    const from = at(vendor.simulator.store.records('matters').at(20));
    await expectSame(vendor, 'matters', `$filter=updated_at ge ${iso(from)}`, (record) => at(record) >= from);
    await expectSame(vendor, 'matters', `$filter=updated_at gt ${iso(from)}`, (record) => at(record) > from);
    await expectSame(vendor, 'matters', `$filter=updated_at lt ${iso(from)}`, (record) => at(record) < from);
    const east = iso(from + 7_200_000).replace('Z', '%2B02:00');
    await expectSame(vendor, 'matters', `$filter=updated_at ge ${east}`, (record) => at(record) >= from);
    await expectSame(
      vendor,
      'matters',
      `$filter=updated_at ge datetimeoffset'${iso(from)}'&$orderby=updated_at`,
      (record) => at(record) >= from,
    );
  });

  test('joins comparisons with and', async () => {
    const vendor = await startVendor();
    const from = at(vendor.simulator.store.records('matters').at(10));
    const query = `$filter=status eq 'Open' and updated_at ge ${iso(from)} and number gt 1005`;
    await expectSame(
      vendor,
      'matters',
      query,
      (record) => record.status === 'Open' && at(record) >= from && Number(record.number) > 1005,
    );
    await expectSame(vendor, 'contacts', '$filter=last_name eq null', (record) => record.last_name === null);
    await expectSame(vendor, 'contacts', "$filter=last_name eq 'O''Brien'", (record) => record.last_name === "O'Brien");
  });

  test.each([
    'updated_at ge 2025-01-01T00:00:00',
    "updated_at gt datetime'2025-01-01T00:00:00'",
    "status eq 'Open' and updated_at ge 2025-01-01T00:00:00.5",
    "status eq 'Open' or status eq 'Closed'",
    'status',
    "status eq 'Open' and",
    "nonsense eq 'x'",
    "status eq 'Open",
    "startswith(name,'a')",
  ])('refuses %s', async (filter) => {
    const { get } = await startVendor();
    expect((await get(`matters?$filter=${encodeURIComponent(filter)}`)).status).toBe(400);
  });
});
