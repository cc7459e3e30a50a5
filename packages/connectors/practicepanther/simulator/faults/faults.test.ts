import { describe, expect, test } from 'vitest';
import type { FaultAction } from '../../../simulation/faults/fault-board.js';
import { startVendor } from '../test-client.js';

describe('which requests', () => {
  test('nth strikes once, at its turn; other paths are not counted', async () => {
    const { simulator, get } = await startVendor();
    const id = simulator.faults.add({ match: { path: '/matters', nth: 2 }, action: { status: 503 } });
    const statuses: number[] = [];
    for (const path of ['matters', 'tasks', 'MATTERS', 'matters']) statuses.push((await get(path)).status);
    expect(statuses).toEqual([200, 200, 503, 200]);
    expect(simulator.faults.hits(id)).toBe(1);
    expect(simulator.state()).toMatchObject({ faultsHit: 1, faults: [{ id, seen: 3, hits: 1 }] });
  });

  test('several make a sequence; after and times bound them', async () => {
    const { simulator, get } = await startVendor();
    simulator.faults.add({ match: { times: 1 }, action: { status: 500 } });
    simulator.faults.add({ match: { times: 2 }, action: { status: 529 } });
    simulator.faults.add({ match: { after: 4 }, action: { status: 504 } });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) statuses.push((await get('users')).status);
    // The first request fetches a token, which the first rule strikes as well.
    expect(simulator.state().faultsHit).toBeGreaterThanOrEqual(5);
    expect(statuses.slice(-2)).toEqual([504, 504]);
  });

  test('method and query are matched; a share is drawn from the seed', async () => {
    const { simulator, get } = await startVendor();
    await get('users');
    simulator.faults.add({ match: { query: { $skip: '20' }, method: 'get' }, action: { status: 500 } });
    expect((await get('tasks?$skip=2')).status).toBe(200);
    expect((await get('tasks?$skip=20')).status).toBe(500);
    simulator.faults.clear();
    const id = simulator.faults.add({ match: { share: 0.3 }, action: { status: 500 } });
    for (let at = 0; at < 60; at++) await get('users/me');
    expect(simulator.faults.hits(id)).toBeGreaterThan(5);
    expect(simulator.faults.hits(id)).toBeLessThan(40);
  });
});

describe('what they answer', () => {
  const textOf = async (action: FaultAction): Promise<Response> => {
    const { simulator, get } = await startVendor();
    simulator.faults.add({ match: { path: '/matters' }, action });
    return get('matters?$top=5');
  };

  test('status, headers and text', async () => {
    const answer = await textOf({ status: 429, headers: { 'Retry-After': 'abc' }, body: 'slow down' });
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([429, 'abc', 'slow down']);
    const moved = await textOf({ status: 206, headers: { Warning: '199 - "stale"' } });
    expect([moved.status, ((await moved.json()) as unknown[]).length]).toEqual([206, 5]);
  });

  test.each(['garbage', 'truncated', 'html', 'empty', 'deep'])('%s is no JSON array of records', async (body) => {
    const answer = await textOf({ body });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    if (body === 'deep') expect(text.startsWith('[[[[')).toBe(true);
    else expect(() => JSON.parse(text)).toThrow();
  });

  test('null, an object, a huge array', async () => {
    expect(await (await textOf({ body: 'null' })).json()).toBeNull();
    expect(await (await textOf({ body: 'object' })).json()).toEqual({ items: [], total: 0 });
    const huge = await (await textOf({ body: 'huge', hugeBytes: 3_000_000 })).text();
    expect(huge.length).toBeGreaterThan(3_000_000);
    expect(Array.isArray(JSON.parse(huge))).toBe(true);
  });

  test('packed bodies that break or burst', async () => {
    // Some clients unpack as far as they get and say nothing: what they have then is no JSON.
    await expect(textOf({ body: 'gzip-truncated' }).then((answer) => answer.json())).rejects.toThrow();
    const bomb = await textOf({ body: 'gzip-bomb', hugeBytes: 2_000_000 });
    expect(Number(bomb.headers.get('content-length'))).toBeLessThan(20_000);
    expect((await bomb.text()).length).toBe(2_000_000);
  });

  test.each(['5', '999999'])('a content-length of %s that lies', async (length) => {
    const answer = textOf({ headers: { 'content-length': length } });
    const text = await answer.then((response) => response.text()).catch((error: unknown) => error);
    if (length === '5') expect(text).toHaveLength(5);
    else expect(text).toBeInstanceOf(Error);
  });
});

describe('how they send', () => {
  test.each([0, 100])('reset after %i bytes breaks the call', async (resetAfterBytes) => {
    const { simulator, get } = await startVendor();
    simulator.faults.add({ match: { path: '/matters' }, action: { resetAfterBytes } });
    await expect(get('matters').then((answer) => answer.text())).rejects.toThrow();
    expect(simulator.state().faultsHit).toBe(1);
  });

  test('stall gives some bytes, then nothing, until the client leaves', async () => {
    const { simulator, get } = await startVendor();
    simulator.faults.add({ match: { path: '/matters' }, action: { stallAfterBytes: 50 } });
    const reader = (await get('matters')).body?.getReader();
    let received = 0;
    while (received < 50) received += (await reader?.read())?.value?.length ?? 0;
    expect(received).toBe(50);
    await reader?.cancel();
  });

  test('drip and delay take their time', async () => {
    const { simulator, get } = await startVendor();
    simulator.faults.add({ match: { path: '/users/me' }, action: { dripBytesPerSecond: 1000 } });
    let started = performance.now();
    const dripped = await (await get('users/me')).text();
    expect(performance.now() - started).toBeGreaterThan(dripped.length - 120);
    simulator.faults.clear();
    simulator.faults.add({ action: { delayMs: 120 } });
    started = performance.now();
    await get('users/me');
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  test('a refresh whose answer is lost has spent the token', async () => {
    const { simulator, token } = await startVendor();
    const form = { grant_type: 'refresh_token', refresh_token: 'pp-demo-refresh' };
    simulator.faults.add({ match: { path: '/oauth/token', nth: 1 }, action: { status: 500 } });
    expect((await token(form)).status).toBe(500);
    expect(simulator.state().refreshes).toBe(0);
    simulator.faults.clear();
    simulator.faults.add({ match: { path: '/oauth/token', nth: 1 }, action: { resetAfterBytes: 0 } });
    await expect(token(form)).rejects.toThrow();
    expect(simulator.state().refreshes).toBe(1);
    expect((await token(form)).status).toBe(400);
  });
});
