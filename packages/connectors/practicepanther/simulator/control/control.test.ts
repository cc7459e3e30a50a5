import { describe, expect, test } from 'vitest';
import type { VendorRecord } from '../data/entities.js';
import { startVendor } from '../test-client.js';

describe('records', () => {
  test('the truth comes as one JSON text a line', async () => {
    const { simulator } = await startVendor({ contacts: 10, tasks: 1203 });
    const answer = await fetch(`${simulator.origin}/__simulator/records/tasks`);
    expect(answer.headers.get('content-type')).toContain('ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as VendorRecord)).toEqual(simulator.store.records('tasks'));
  });

  test('can be added, edited, completed, archived, deleted, restored and read', async () => {
    const { simulator, control } = await startVendor();
    const { store } = simulator;
    const [matter, task] = [store.ids('matters')[0] ?? '', store.ids('tasks')[0] ?? ''];
    const { id } = (await control('POST', 'records/tasks', { fields: { subject: 'New' }, parent: matter })) as {
      id: string;
    };
    expect(await control('GET', `records/tasks/${id}`)).toMatchObject({ subject: 'New', matter_ref: { id: matter } });
    expect(await control('POST', `records/matters/${matter}/edit`, { seed: 4 })).toEqual(
      store.record('matters', matter),
    );
    expect(await control('POST', `records/tasks/${task}/complete`)).toMatchObject({ status: 'Completed' });
    expect(await control('POST', `records/matters/${matter}/archive`)).toMatchObject({ status: 'Archived' });
    expect(await control('DELETE', `records/tasks/${task}`)).toEqual({ deleted: task });
    expect(await control('GET', 'deleted/tasks')).toEqual([task]);
    expect(await control('POST', `records/tasks/${task}/restore`)).toMatchObject({ id: task });
  });

  test('can be made to share a timestamp', async () => {
    const { control, simulator } = await startVendor();
    const body = { entity: 'tasks', count: 5, at: '2026-06-10T00:00:00Z', from: 2 };
    const { ids } = (await control('POST', 'share-timestamp', body)) as { ids: string[] };
    const times = ids.map((id) => simulator.store.record('tasks', id)?.updated_at);
    expect(times).toEqual(Array.from({ length: 5 }, () => '2026-06-10T00:00:00'));
  });
});

describe('the vendor', () => {
  test('has a clock that can be set, advanced and stopped', async () => {
    const { control, get } = await startVendor();
    await control('PUT', 'clock', { stopped: true, now: '2027-01-01T00:00:00Z' });
    expect(await control('PUT', 'clock', { advanceSeconds: 900 })).toEqual({ now: '2027-01-01T00:15:00.000Z' });
    expect((await get('users/me')).headers.get('date')).toBe('Fri, 01 Jan 2027 00:15:00 GMT');
    const { now } = (await control('PUT', 'clock', { stopped: false, now: '2028-01-01T00:00:00+00:00' })) as {
      now: string;
    };
    expect(now.slice(0, 15)).toBe('2028-01-01T00:0');
  });

  test('remembers what it was asked', async () => {
    const { control, get, simulator } = await startVendor();
    await get('matters?$top=3');
    await get(`matters/${simulator.store.ids('matters')[0]}`);
    await get('nothing');
    const log = (await control('GET', 'requests?windowSeconds=60')) as VendorRecord;
    expect(log).toMatchObject({
      count: 4,
      totals: {
        'POST /oauth/token': 1,
        'GET /api/v2/matters': 1,
        'GET /api/v2/matters/{id}': 1,
        'GET /api/v2/nothing': 1,
      },
      busiestWindow: { seconds: 60, requests: 4 },
      requests: [
        { number: 1 },
        { method: 'GET', path: '/api/v2/matters', query: { $top: '3' }, status: 200 },
        {},
        { status: 404 },
      ],
    });
    await control('DELETE', 'requests');
    expect(await control('GET', 'requests')).toMatchObject({ count: 0, requests: [], totals: {} });
  });

  test('tells its state', async () => {
    const { control, simulator } = await startVendor();
    simulator.store.mutate({ deletes: { tasks: 2 } });
    expect(await control('GET', 'state')).toMatchObject({
      seed: 1,
      counts: { contacts: 60, tasks: 70 },
      deleted: { tasks: 2 },
      refreshes: 0,
      faultsHit: 0,
      faults: [],
      quirks: { expiredTokenStatus: 400 },
    });
  });
});

describe('a control request that is wrong', () => {
  test.each([
    ['PUT', 'quirks', { rowCup: 3 }],
    ['PUT', 'quirks', { rowCap: 'many' }],
    ['POST', 'faults', { action: { status: 42 } }],
    ['POST', 'faults', { action: {}, match: { patth: '/x' } }],
    ['PUT', 'clock', { now: 'yesterday' }],
    ['GET', 'records/invoices', undefined],
    ['GET', 'nothing', undefined],
    ['POST', 'records/tasks/x/dance', undefined],
  ])('%s %s %j is refused with a reason', async (method, path, body) => {
    const { control } = await startVendor();
    expect(await control(method, path, body)).toEqual({ error: expect.any(String) });
  });

  test('unreadable JSON too', async () => {
    const { simulator } = await startVendor();
    const answer = await fetch(`${simulator.origin}/__simulator/mutate`, { method: 'POST', body: '{' });
    expect(answer.status).toBe(400);
  });
});

test('faults can be listed and taken away one by one', async () => {
  const { control } = await startVendor();
  await control('POST', 'faults', { match: { path: '/a' }, action: { status: 500 } });
  const { id } = (await control('POST', 'faults', { action: { body: 'null' } })) as { id: number };
  expect(await control('DELETE', `faults/${id}`)).toMatchObject({ faults: [{ id: 1 }] });
  expect(await control('GET', 'faults')).toHaveLength(1);
  expect(await control('DELETE', 'faults')).toEqual({ faults: [] });
});
