import { expect, test } from 'vitest';
import { idsOf, startVendor } from '../test-client.js';

test('a hold keeps a request on arrival: what changes meanwhile is in the answer', async () => {
  const { simulator, rows } = await startVendor();
  await rows('users');
  const hold = simulator.holds.add({ match: { path: '/matters', query: { $skip: '10' } } });
  const held = rows('matters?$orderby=updated_at asc&$top=10&$skip=10');
  await simulator.holds.untilHeld(hold);
  const first = idsOf(await rows('matters?$orderby=updated_at asc&$top=20'));
  simulator.store.delete('matters', first[0] ?? '');
  expect(simulator.holds.release()).toBe(1);
  // A page shifted by one: the record at the boundary has slipped through between two pages.
  expect(idsOf(await held).slice(0, 9)).toEqual(first.slice(11));
});

test('a hold at the answer keeps bytes that are rendered already', async () => {
  const { simulator, rows } = await startVendor();
  await rows('users');
  const before = simulator.store.records('matters')[0];
  const hold = simulator.holds.add({ match: { path: '/matters' }, stage: 'answer' });
  const held = rows('matters');
  await simulator.holds.untilHeld(hold);
  simulator.store.edit('matters', String(before?.id));
  simulator.holds.release({ id: hold });
  expect((await held).find((matter) => matter.id === before?.id)).toEqual(before);
});

test('over HTTP: hold, wait for it, let one go and keep, release', async () => {
  const { control, rows, simulator } = await startVendor();
  await rows('users');
  const { id } = (await control('POST', 'hold', { match: { path: '/tasks' } })) as { id: number };
  const first = rows('tasks?$top=1');
  expect(await control('GET', `holds/${id}?held=1&timeoutSeconds=10`)).toMatchObject({ id, held: 1, stage: 'arrival' });
  expect(await control('POST', 'release', { id, keep: true })).toEqual({ released: 1 });
  await first;
  const second = rows('tasks?$top=1');
  await simulator.holds.untilHeld(id);
  expect(await control('GET', 'holds')).toMatchObject([{ id, held: 1, seen: 2 }]);
  await control('POST', 'release');
  await second;
  expect(await control('GET', 'holds')).toEqual([]);
});

test('waiting for a request that does not come ends with a reason', async () => {
  const { control } = await startVendor();
  await control('POST', 'hold', { match: { path: '/tasks' } });
  expect(await control('GET', 'holds/1?timeoutSeconds=0.05')).toMatchObject({
    error: expect.stringContaining('Hold 1'),
  });
});

test('a client that leaves is no longer held', async () => {
  const { simulator, get } = await startVendor();
  await get('users');
  const hold = simulator.holds.add({ match: { path: '/tasks' } });
  const leaving = new AbortController();
  const call = fetch(`${simulator.url}tasks`, { signal: leaving.signal });
  await simulator.holds.untilHeld(hold);
  leaving.abort();
  await expect(call).rejects.toThrow();
  await expect.poll(() => simulator.holds.report()[0]?.held).toBe(0);
});

test('closing the simulator ends what is held', async () => {
  const { simulator, get } = await startVendor();
  await get('users');
  const hold = simulator.holds.add({ match: { path: '/tasks' } });
  const call = get('tasks');
  call.catch(() => undefined);
  await simulator.holds.untilHeld(hold);
  await simulator.close();
  await expect(call).rejects.toThrow();
});
