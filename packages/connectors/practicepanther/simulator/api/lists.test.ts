import { describe, expect, test } from 'vitest';
import { ENTITIES } from '../data/entities.js';
import { idsOf, startVendor } from '../test-client.js';

const BY_TIME = '$orderby=updated_at asc';

describe('lists', () => {
  test.each(ENTITIES.filter((entity) => entity !== 'customfields'))(
    '%s is a bare array of the truth',
    async (entity) => {
      const { simulator, rows } = await startVendor();
      const served = await rows(entity);
      const truth = new Map(simulator.store.records(entity).map((record) => [record.id, record]));
      expect(served.length).toBe(simulator.store.counts()[entity]);
      for (const record of served) expect(record).toEqual(truth.get(record.id));
    },
  );

  test('custom fields have a list for each scope, and none of all', async () => {
    const { simulator, rows, get } = await startVendor();
    const lists = await Promise.all(['company', 'matter', 'contact'].map((scope) => rows(`customfields/${scope}`)));
    expect(lists.map((list) => list.length)).toEqual([3, 6, 3]);
    expect(idsOf(lists.flat())).toEqual(expect.arrayContaining(simulator.store.ids('customfields')));
    for (const path of ['customfields', 'customfields/task']) expect((await get(path)).status).toBe(404);
    expect((await get('customfields/matter?$orderby=updated_at')).status).toBe(400);
    const ids = idsOf(await rows('customfields/matter?$orderby=id asc&$top=2&$skip=1'));
    expect(ids).toEqual(
      idsOf(lists[1] ?? [])
        .sort()
        .slice(1, 3),
    );
  });

  test('tags have a list for each kind', async () => {
    const { rows, get } = await startVendor();
    for (const kind of ['account', 'matter', 'activity']) {
      expect((await rows(`tags/${kind}`))[0]).toEqual({ created_at: expect.any(String), name: expect.any(String) });
    }
    for (const path of ['tags', 'tags/firm', 'tags/account/1']) expect((await get(path)).status).toBe(404);
  });

  test('page, per_page, limit, offset and unknown parameters are ignored without a word', async () => {
    const { simulator, rows } = await startVendor();
    const all = await rows('matters?page=2&per_page=5&limit=5&offset=3&nonsense=1&$select=id&$count=true');
    expect(all.length).toBe(simulator.store.counts().matters);
    expect(Object.keys(all[0] ?? {})).toContain('display_name');
  });

  test('$top and $skip cut pages out of an order that stays', async () => {
    const { simulator, rows, walk } = await startVendor();
    const all = idsOf(await rows(`tasks?${BY_TIME}`));
    expect(idsOf(await walk(`tasks?${BY_TIME}`, 7))).toEqual(all);
    expect(idsOf(await rows(`tasks?${BY_TIME}&$top=5&$skip=3`))).toEqual(all.slice(3, 8));
    expect(await rows(`tasks?$top=0`)).toEqual([]);
    expect(await rows(`tasks?$skip=${simulator.store.counts().tasks}`)).toEqual([]);
  });

  test('the default order is by name, for matters by number, and never by time', async () => {
    const { rows } = await startVendor();
    const names = (await rows('accounts')).map((account) => String(account.display_name).toLowerCase());
    expect(names).toEqual([...names].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0)));
    const numbers = (await rows('matters')).map((matter) => Number(matter.number));
    expect(numbers).toEqual([...numbers].sort((left, right) => left - right));
    expect(idsOf(await rows('matters'))).not.toEqual(idsOf(await rows(`matters?${BY_TIME}`)));
  });

  test('$orderby takes fields, directions and several columns', async () => {
    const { simulator, rows } = await startVendor();
    simulator.store.shareTimestamp('matters', 10);
    const asc = await rows('matters?$orderby=updated_at asc,id asc');
    const keys = asc.map((matter) => `${String(matter.updated_at).padEnd(23, '0')} ${matter.id}`);
    expect(keys.slice(-10)).toEqual([...keys.slice(-10)].sort());
    const newest = await rows('matters?$orderby=updated_at desc&$top=1');
    expect(newest[0]?.updated_at).toBe(asc.at(-1)?.updated_at);
    const ids = idsOf(await rows('matters?$orderby=id desc'));
    expect(ids).toEqual([...ids].sort().reverse());
    const created = (await rows('matters?$orderby=created_at')).map((matter) => Date.parse(`${matter.created_at}Z`));
    expect(created).toEqual([...created].sort((left, right) => left - right));
  });

  test.each([
    '$orderby=nonsense',
    '$orderby=updated_at sideways',
    '$top=-1',
    '$skip=x',
    '$orderby=updated_at asc desc',
  ])('refuses %s', async (query) => {
    const { get } = await startVendor();
    const response = await get(`matters?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('Message');
  });

  test('paths are matched without regard to case, with or without a slash at the end', async () => {
    const { simulator, get } = await startVendor();
    const { pathname } = new URL(simulator.url);
    for (const path of ['Matters', 'MATTERS/', `${pathname.toUpperCase()}matters`])
      expect((await get(path)).status).toBe(200);
  });

  test('a list too long for one piece is streamed whole', async () => {
    const { rows } = await startVendor({ contacts: 10, tasks: 2600 });
    expect(new Set(idsOf(await rows('tasks'))).size).toBe(2600);
  });
});

describe('one record', () => {
  test('is answered by id, in any case; me is the first user', async () => {
    const { simulator, get } = await startVendor();
    for (const entity of ENTITIES) {
      const id = simulator.store.ids(entity)[1] ?? '';
      expect(await (await get(`${entity}/${id.toUpperCase()}`)).json()).toEqual(simulator.store.record(entity, id));
    }
    expect(await (await get('users/me')).json()).toMatchObject({ email: 'user1@firm.example', is_active: true });
  });

  test('of an email comes with its body, which lists leave out', async () => {
    const { simulator, get, rows } = await startVendor();
    const [listed] = await rows('emails');
    const body = { body_html: expect.any(String) };
    const id = String(listed?.id);
    expect(Object.keys(listed ?? {})).not.toContain('body_html');
    simulator.store.set('emails', id, { fields: { body_html: '<p>Hello</p>' }, touch: false });
    expect(await (await get(`emails/${id}`)).json()).toEqual({ ...listed, body_html: '<p>Hello</p>' });
    simulator.setQuirks({ emailBodiesListed: true });
    expect(await rows('emails')).toContainEqual({ ...listed, ...body });
  });

  test('is 404 where the id is unknown, of another entity, or no id', async () => {
    const { simulator, get } = await startVendor();
    const foreign = simulator.store.ids('tasks')[0];
    for (const id of [foreign, '00000000-0000-4000-8000-000000000000', 'nonsense', 'me']) {
      expect((await get(`matters/${id}`)).status).toBe(404);
    }
    expect((await get('time_entries')).status).toBe(404);
  });

  test('cannot be written', async () => {
    const { simulator } = await startVendor();
    const response = await fetch(`${simulator.url}matters`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });
});
