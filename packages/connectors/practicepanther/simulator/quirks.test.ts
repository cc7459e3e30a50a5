import { expect, test } from 'vitest';
import { idsOf, startVendor } from './test-client.js';

const BY_TIME = '$orderby=updated_at asc';

test('ignorePaging answers everything at once in default order', async () => {
  const { simulator, rows } = await startVendor();
  const all = idsOf(await rows('matters'));
  simulator.setQuirks({ ignorePaging: true });
  expect(idsOf(await rows(`matters?${BY_TIME}&$top=5&$skip=10`))).toEqual(all);
  expect((await rows('matters?status=Open&$top=1')).length).toBeGreaterThan(1);
});

test('ignoreSkip answers the first page for ever', async () => {
  const { rows } = await startVendor({ quirks: { ignoreSkip: true } });
  expect(await rows(`matters?${BY_TIME}&$top=5&$skip=10`)).toEqual(await rows(`matters?${BY_TIME}&$top=5`));
});

test('rowCap cuts long lists, asked for or not', async () => {
  const { rows, walk } = await startVendor({ contacts: 40, quirks: { rowCap: 10 } });
  expect((await rows('tasks')).length).toBe(10);
  expect((await rows('tasks?$top=30')).length).toBe(10);
  expect((await walk(`tasks?${BY_TIME}`, 10)).length).toBe(48);
});

test('repeatRows answers more than $top, with ids seen before', async () => {
  const { rows } = await startVendor({ quirks: { repeatRows: 2 } });
  const all = idsOf(await rows(`tasks?${BY_TIME}`));
  expect(idsOf(await rows(`tasks?${BY_TIME}&$top=5`))).toEqual(all.slice(0, 5));
  expect(idsOf(await rows(`tasks?${BY_TIME}&$top=5&$skip=5`))).toEqual(all.slice(3, 10));
});

test('forceOrder is newest first or shuffled, but stays from page to page', async () => {
  const { simulator, rows, walk } = await startVendor();
  const byTime = idsOf(await rows(`tasks?${BY_TIME}`));
  simulator.setQuirks({ forceOrder: 'newest' });
  expect(idsOf(await rows(`tasks?${BY_TIME}`))).toEqual([...byTime].reverse());
  simulator.setQuirks({ forceOrder: 'shuffled' });
  const shuffled = idsOf(await walk(`tasks?${BY_TIME}`, 7));
  expect(shuffled).not.toEqual(byTime);
  expect([...shuffled].sort()).toEqual([...byTime].sort());
});

test('exclusiveSince leaves out the instant itself', async () => {
  const { simulator, rows } = await startVendor();
  const [last] = await rows('matters?$orderby=updated_at desc&$top=1');
  const query = `matters?updated_since=${last?.updated_at}Z`;
  expect(idsOf(await rows(query))).toEqual([last?.id]);
  simulator.setQuirks({ exclusiveSince: true });
  expect(await rows(query)).toEqual([]);
});

test('archivedHidden lists archived rows only where a status is asked for', async () => {
  const { rows } = await startVendor({ quirks: { archivedHidden: true } });
  for (const entity of ['contacts', 'matters']) {
    expect((await rows(entity)).filter((row) => row.status === 'Archived')).toEqual([]);
    expect((await rows(`${entity}?status=Archived`)).length).toBeGreaterThan(0);
    expect((await rows(`${entity}?$filter=status eq 'Archived'`)).length).toBeGreaterThan(0);
  }
});

test('contactsWithoutStatus drops it from lists, accounts and the truth, and back', async () => {
  const { simulator, rows } = await startVendor();
  const before = await rows('accounts');
  simulator.setQuirks({ contactsWithoutStatus: true });
  expect((await rows('contacts')).some((contact) => 'status' in contact)).toBe(false);
  expect(JSON.stringify(await rows('accounts'))).not.toContain('"status"');
  expect(simulator.store.records('contacts').some((contact) => 'status' in contact)).toBe(false);
  simulator.setQuirks();
  expect(await rows('accounts')).toEqual(before);
});

test('contactsRejectTimestamps refuses what contacts do not have, but not updated_since', async () => {
  const { simulator, get } = await startVendor();
  expect((await get(`contacts?${BY_TIME}`)).status).toBe(200);
  simulator.setQuirks({ contactsRejectTimestamps: true });
  expect((await get(`contacts?${BY_TIME}`)).status).toBe(400);
  expect((await get(`contacts?$filter=updated_at ge 2025-01-01T00:00:00Z`)).status).toBe(400);
  expect((await get('contacts?updated_since=2025-01-01T00:00:00Z')).status).toBe(200);
});

test('contactEditsHidden lists contacts by creation, whatever their account says', async () => {
  const { simulator, rows } = await startVendor();
  const now = new Date(simulator.clock.nowMs()).toISOString();
  const [contact = ''] = simulator.store.ids('contacts');
  simulator.store.edit('contacts', contact);
  expect(idsOf(await rows(`contacts?updated_since=${now}`))).toContain(contact);
  simulator.setQuirks({ contactEditsHidden: true });
  expect(await rows(`contacts?updated_since=${now}`)).toEqual([]);
  expect(await rows(`accounts?updated_since=${now}`)).toHaveLength(1);
});

test('slowMattersMs slows the list of matters alone', async () => {
  const { rows, simulator } = await startVendor({ quirks: { slowMattersMs: 150 } });
  await rows('users');
  const started = performance.now();
  await rows('matters?$top=1');
  // Timers may fire a little early, never much.
  expect(performance.now() - started).toBeGreaterThan(140);
  expect(simulator.quirks.slowMattersMs).toBe(150);
});
