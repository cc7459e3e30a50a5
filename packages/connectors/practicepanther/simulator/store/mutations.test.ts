import { describe, expect, test } from 'vitest';
import { ENTITIES, hasTimes, perEntity, type VendorRecord } from '../data/entities.js';
import { formatVendorTime } from '../data/timestamps.js';
import { idsOf, startVendor } from '../test-client.js';
import type { MutationResult } from './mutation-plan.js';

const BY_TIME = '$orderby=updated_at asc';

describe('a round of mutations', () => {
  test('is the same for the same seed, and what it says it did is what an incremental read sees', async () => {
    const now = new Date('2026-07-01T08:00:00.12Z');
    const request = { seed: 5, edits: 20, adds: 8, deletes: 6, completions: 3, archives: { matters: 2 } };
    const [vendor, twin] = [await startVendor({ now: () => now }), await startVendor({ now: () => now })];
    const result = vendor.simulator.store.mutate(request);
    expect(twin.simulator.store.mutate(request)).toEqual(result);
    for (const entity of ['accounts', 'contacts', 'matters', 'tasks'] as const) {
      expect(twin.simulator.store.records(entity)).toEqual(vendor.simulator.store.records(entity));
    }
    const fresh = async (entity: string): Promise<string[]> =>
      idsOf(await vendor.rows(`${entity}?updated_since=${now.toISOString()}&${BY_TIME}`)).sort();
    const { edited, added, completed, archived } = result;
    expect(await fresh('matters')).toEqual([...edited.matters, ...added.matters, ...archived.matters].sort());
    expect(await fresh('tasks')).toEqual([...edited.tasks, ...added.tasks, ...completed.tasks].sort());
    const accounts = new Set([...edited.accounts, ...added.accounts, ...result.touched]);
    expect(await fresh('accounts')).toEqual([...accounts].sort());
    expect(await fresh('contacts')).toEqual(expect.arrayContaining([...edited.contacts, ...added.contacts]));
  });

  test('takes place in every kind of record that is named', async () => {
    const { simulator } = await startVendor();
    const { store } = simulator;
    const before = store.counts();
    const twoOfEach = perEntity(() => 2);
    const result = store.mutate({ edits: twoOfEach, deletes: { notes: 3, customfields: 1 }, adds: twoOfEach });
    for (const entity of ENTITIES) {
      expect(result.edited[entity], entity).toHaveLength(2);
      expect(result.added[entity], entity).toHaveLength(2);
      const gone = result.deleted[entity].length;
      // An account brings its primary contact along.
      const brought = entity === 'contacts' ? 2 : 0;
      expect(store.counts()[entity] - before[entity], entity).toBe(2 + brought - gone);
    }
    const [note = ''] = result.added.notes;
    expect(store.record('notes', note)?.matter_ref).toBeTruthy();
  });

  test('counts what it was asked for, disjointly', async () => {
    const { simulator } = await startVendor({ contacts: 200 });
    const before = simulator.store.counts();
    const amounts = { matters: 30, tasks: 40 };
    const result = simulator.store.mutate({ edits: amounts, deletes: amounts, adds: amounts, completions: 10 });
    for (const entity of ['matters', 'tasks'] as const) {
      const all = [result.edited, result.deleted, result.added, result.completed].flatMap((ids) => ids[entity]);
      expect(new Set(all).size).toBe(all.length);
      expect(result.edited[entity]).toHaveLength(amounts[entity]);
      expect(simulator.store.counts()[entity]).toBe(before[entity]);
      expect(simulator.store.deletedIds(entity).sort()).toEqual([...result.deleted[entity]].sort());
    }
    expect(result.completed.tasks).toHaveLength(10);
  });

  test('asked for more than there is, takes all there is', async () => {
    const { simulator } = await startVendor({ contacts: 10 });
    simulator.store.mutate({ deletes: { tasks: 99, accounts: 99 } });
    expect(simulator.store.counts()).toMatchObject({ tasks: 0, accounts: 0, contacts: 0 });
    expect(() => simulator.store.mutate({ adds: { contacts: 1 } })).toThrow(/needs an account/);
  });

  test('over HTTP', async () => {
    const { control, simulator } = await startVendor();
    const result = (await control('POST', 'mutate', { edits: 4, seed: 9 })) as MutationResult;
    expect(Object.values(result.edited).flat()).toHaveLength(4);
    expect(simulator.store.record('matters', result.edited.matters[0] ?? '')?.notes).toMatch(/^edit /);
    expect(await control('POST', 'mutate', { edit: 4 })).toHaveProperty('error');
  });
});

describe('one record', () => {
  test('edited moves to the end of the order by time, and every list knows', async () => {
    const { simulator, rows, get } = await startVendor();
    const { store, clock } = simulator;
    await rows(`matters?${BY_TIME}`);
    clock.stop(true);
    for (const entity of ENTITIES.filter(hasTimes)) {
      const id = store.ids(entity)[0] ?? '';
      const before = store.record(entity, id);
      store.edit(entity, id);
      const after = store.record(entity, id);
      expect({ ...after, updated_at: null }).not.toEqual({ ...before, updated_at: null });
      expect(after?.updated_at).toBe(formatVendorTime(clock.nowMs()));
      expect(idsOf(await rows(`${entity}?${BY_TIME}`)).at(-1)).toBe(id);
      expect(await (await get(`${entity}/${id}`)).json()).toEqual(after);
    }
  });

  test('a contact moves its account, in which it is nested', async () => {
    const { simulator, rows } = await startVendor();
    const { store, clock } = simulator;
    const now = new Date(clock.nowMs()).toISOString();
    const contact = store.records('contacts')[5] ?? {};
    store.edit('contacts', String(contact.id), 3);
    const account = store.record('accounts', (contact.account_ref as VendorRecord).id as string) ?? {};
    expect(idsOf(await rows(`accounts?updated_since=${now}`))).toEqual([account.id]);
    const nested = [account.primary_contact, ...(account.other_contacts as unknown[])];
    expect(nested).toContainEqual(store.record('contacts', String(contact.id)));
    expect(idsOf(await rows(`contacts?updated_since=${now}`))).toContain(contact.id);
  });

  test('deleted vanishes for good; restored comes back under its id', async () => {
    const { simulator, rows, get } = await startVendor();
    const { store } = simulator;
    const id = store.ids('tasks')[7] ?? '';
    store.delete('tasks', id);
    expect((await get(`tasks/${id}`)).status).toBe(404);
    expect(idsOf(await rows('tasks'))).not.toContain(id);
    expect(store.deletedIds('tasks')).toEqual([id]);
    expect(() => store.delete('tasks', id)).toThrow(/No record/);
    store.restore('tasks', id);
    expect(idsOf(await rows('tasks'))).toContain(id);
    expect(store.deletedIds('tasks')).toEqual([]);
  });

  test('an account takes its contacts with it; a primary contact leaves its place to the next', async () => {
    const { simulator } = await startVendor();
    const { store } = simulator;
    const company = store.records('accounts').find((account) => (account.other_contacts as unknown[]).length > 0) ?? {};
    const [primary, heir] = [company.primary_contact, (company.other_contacts as unknown[])[0]] as [
      VendorRecord,
      VendorRecord,
    ];
    store.delete('contacts', String(primary.id));
    expect(store.record('accounts', String(company.id))?.primary_contact).toEqual({
      ...heir,
      is_primary_contact: true,
    });
    store.restore('contacts', String(primary.id));
    expect(store.record('contacts', String(primary.id))?.is_primary_contact).toBe(false);
    store.delete('accounts', String(company.id));
    expect(store.record('contacts', String(heir.id))).toBeUndefined();
    store.restore('accounts', String(company.id));
    expect(store.record('contacts', String(heir.id))).toBeDefined();
  });

  test('completed and archived as the vendor does it', async () => {
    const { simulator } = await startVendor();
    const { store } = simulator;
    const [task, matter, user] = [
      store.ids('tasks')[0] ?? '',
      store.ids('matters')[0] ?? '',
      store.ids('users')[0] ?? '',
    ];
    store.complete(task);
    store.archive('matters', matter);
    store.archive('users', user);
    expect(store.record('tasks', task)?.status).toBe('Completed');
    expect(store.record('matters', matter)?.status).toBe('Archived');
    expect(store.record('users', user)?.is_active).toBe(false);
    const contact = store.records('contacts').find(({ status }) => status === 'Active');
    store.archive('contacts', String(contact?.id));
    expect(store.record('contacts', String(contact?.id))?.status).toBe('Archived');
    expect(() => store.archive('tasks', task)).toThrow(/no archived tasks/);
    expect(() => store.archive('emails', store.ids('emails')[0] ?? '')).toThrow(/no archived emails/);
  });

  test('added below a parent, with fields of one’s own', async () => {
    const { simulator, get } = await startVendor();
    const { store } = simulator;
    const matter = store.ids('matters')[2] ?? '';
    const task = store.add('tasks', { subject: 'Mine' }, matter);
    expect(await (await get(`tasks/${task}`)).json()).toMatchObject({ subject: 'Mine', matter_ref: { id: matter } });
    const account = store.add('accounts');
    const contact = store.add('contacts', { email: 'new@mail.example' }, account);
    expect(store.record('accounts', account)).toMatchObject({
      primary_contact: { account_ref: { id: account }, is_primary_contact: true },
      other_contacts: [{ id: contact, email: 'new@mail.example', is_primary_contact: false }],
    });
    expect(store.record('matters', store.add('matters', {}, account))).toMatchObject({ account_ref: { id: account } });
  });
});

test('many records can share one timestamp, across pages', async () => {
  const { simulator, walk } = await startVendor({ contacts: 400 });
  const at = new Date('2026-06-15T10:00:00.5Z');
  const ids = simulator.store.shareTimestamp('matters', 250, { at, from: 5 });
  expect(new Set(ids).size).toBe(250);
  const page = await walk(`matters?updated_since=${at.toISOString()}&${BY_TIME}`, 100);
  expect(idsOf(page).sort()).toEqual([...ids].sort());
  expect(new Set(page.map((matter) => matter.updated_at))).toEqual(new Set(['2026-06-15T10:00:00.5']));
});
