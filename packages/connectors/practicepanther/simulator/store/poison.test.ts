import { describe, expect, test } from 'vitest';
import { idsOf, startVendor } from '../test-client.js';

describe('poison', () => {
  test('wrong types, unknown words and NUL are served as they are, and the record counts as changed', async () => {
    const { simulator, get, rows } = await startVendor();
    const now = new Date(simulator.clock.nowMs()).toISOString();
    const id = simulator.store.ids('matters')[3] ?? '';
    const fields = { number: 'twelve', status: 'Dreaming', name: 'a\u0000b', tags: null, notes: '\ud800' };
    simulator.store.set('matters', id, { fields });
    expect(await (await get(`matters/${id}`)).json()).toMatchObject(fields);
    expect(simulator.store.record('matters', id)).toMatchObject(fields);
    expect(idsOf(await rows(`matters?updated_since=${now}`))).toEqual([id]);
    expect((await rows('matters?$orderby=number')).length).toBe(simulator.store.counts().matters);
  });

  test('a field can be missing, the id too, and be put back', async () => {
    const { simulator, get } = await startVendor();
    const id = simulator.store.ids('tasks')[3] ?? '';
    simulator.store.set('tasks', id, { fields: { subject: undefined }, remove: ['id'] });
    const poisoned = (await (await get(`tasks/${id}`)).json()) as object;
    expect(Object.keys(poisoned)).not.toContain('id');
    expect(Object.keys(poisoned)).not.toContain('subject');
    simulator.store.set('tasks', id, { fields: { id, subject: 'whole again' } });
    expect(await (await get(`tasks/${id}`)).json()).toMatchObject({ id, subject: 'whole again' });
  });

  test('numbers beyond a double keep their digits on the wire', async () => {
    const { simulator, get } = await startVendor();
    const id = simulator.store.ids('matters')[0] ?? '';
    simulator.store.set('matters', id, { fields: { number: { $raw: '9007199254740993' }, rate: { $raw: '1e400' } } });
    const text = await (await get(`matters/${id}`)).text();
    expect(text).toContain('"number":9007199254740993,');
    expect(text).toContain('"rate":1e400,');
    expect(simulator.store.text('matters', id)).toBe(text);
  });

  test('a contact is poisoned inside its account as well', async () => {
    const { simulator, rows } = await startVendor();
    const [account = {}] = simulator.store.records('accounts');
    const contact = (account.primary_contact as { id: string }).id;
    simulator.store.set('contacts', contact, { fields: { email: 42 }, touch: false });
    const served = (await rows('accounts')).find(({ id }) => id === account.id);
    expect(served).toMatchObject({ updated_at: account.updated_at, primary_contact: { id: contact, email: 42 } });
    simulator.store.set('accounts', String(account.id), { fields: { primary_contact: 'nobody' } });
    expect(simulator.store.record('accounts', String(account.id))?.primary_contact).toBe('nobody');
  });

  test('times of the future, of the past and of no meaning', async () => {
    const { simulator, rows } = await startVendor();
    const [first = '', second = '', third = ''] = simulator.store.ids('matters');
    const order = async (): Promise<string[]> => idsOf(await rows('matters?$orderby=updated_at asc'));
    simulator.store.set('matters', first, { fields: { updated_at: '2999-01-01T00:00:00' } });
    expect((await order()).at(-1)).toBe(first);
    simulator.store.set('matters', second, { fields: { updated_at: '2001-01-01T00:00:00' } });
    expect((await order())[0]).toBe(second);
    simulator.store.set('matters', third, { fields: { updated_at: 'soon' } });
    expect(await order()).toHaveLength(simulator.store.counts().matters);
    // Committed late with an older time: no later than what was read before.
    const late = simulator.store.add('matters', { updated_at: '2002-01-01T00:00:00' });
    expect((await order())[1]).toBe(late);
  });

  test('over HTTP', async () => {
    const { simulator, control } = await startVendor();
    const id = simulator.store.ids('tasks')[0] ?? '';
    const change = { fields: { priority: 'Whenever', number: { $raw: '12345678901234567890' } }, remove: ['due_date'] };
    await control('PATCH', `records/tasks/${id}`, change);
    expect(simulator.store.text('tasks', id)).toContain('"number":12345678901234567890');
    expect(simulator.store.record('tasks', id)).not.toHaveProperty('due_date');
    expect(await control('PATCH', 'records/tasks/nobody', {})).toEqual({ error: 'No record nobody in tasks.' });
  });
});
