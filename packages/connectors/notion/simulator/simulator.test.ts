import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from './simulator.js';
import { startSimulator } from './start-simulator.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ clients: 30, quirks: { quota: null } });
});
afterEach(() => simulator.close());

const version = '2025-09-03';
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, json?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const own = { authorization: `Bearer ${simulator.credentials.apiKey}`, 'notion-version': version, ...headers };
  const sent = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''));
  const response = await fetch(new URL(path, simulator.url), {
    headers: sent,
    ...(json !== undefined && { method: 'POST', body: JSON.stringify(json) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
const source = () => simulator.store.agency.sources[0]?.id ?? '';

describe('the door', () => {
  it.each([
    [{ authorization: 'Bearer wrong' }, 401, 'unauthorized'],
    [{ authorization: '' }, 401, 'unauthorized'],
    [{ 'notion-version': '' }, 400, 'missing_version'],
  ] as const)('refuses %j with %d %s, in the envelope', async (headers, status, code) => {
    const answer = await ask('users/me', undefined, headers);
    expect(answer).toMatchObject({ status, body: { object: 'error', status, code } });
    expect(answer.headers.get('x-notion-request-id')).toBe(answer.body['request_id']);
  });

  it('is shut by the quota, and says for how long in whole seconds', async () => {
    simulator.setQuirks({ quota: { requests: 2, windowSeconds: 20 } });
    const answers = [await ask('users/me'), await ask('users/me'), await ask('users/me')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const [, , last] = answers;
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(15);
    expect(last?.body).toMatchObject({
      code: 'rate_limited',
      additional_data: { rate_limit_reason: expect.any(String) },
    });
    expect(simulator.state().quotaRefused).toBe(1);
  });

  it('knows nothing of what is not shared', async () => {
    const [id = ''] = simulator.store.ids();
    expect((await ask(`pages/${id}`)).status).toBe(200);
    expect((await ask(`pages/${id.replaceAll('-', '')}`)).body['id']).toBe(id);
    simulator.store.share(id, false);
    expect(await ask(`pages/${id}`)).toMatchObject({ status: 404, body: { code: 'object_not_found' } });
    expect((await ask('pages/nonsense')).body['code']).toBe('validation_error');
  });
});

describe('questions', () => {
  it('go to the data source, or to the database with an older version', async () => {
    const old = { 'notion-version': '2022-06-28' };
    const { databaseId } = simulator;
    expect((await ask(`data_sources/${source()}/query`, {})).body).toMatchObject({ type: 'page_or_data_source' });
    expect((await ask(`databases/${databaseId}/query`, {})).status).toBe(400);
    const { body } = await ask(`databases/${databaseId}/query`, {}, old);
    expect(body).toMatchObject({ type: 'page_or_database', results: expect.any(Array) });
    expect((await ask(`data_sources/${source()}/query`, {}, old)).status).toBe(400);
  });

  it('of an older version to a database with several data sources are refused, with all of them', async () => {
    const other = await startSimulator({ clients: 1, dataSources: 2, quirks: { quota: null } });
    const response = await fetch(new URL(`databases/${other.databaseId}/query`, other.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${other.credentials.apiKey}`, 'notion-version': '2022-06-28' },
    });
    expect(response.status).toBe(400);
    const ids = other.store.agency.sources.map(({ id }) => id);
    expect(await response.json()).toMatchObject({
      additional_data: { error_type: 'multiple_data_sources_for_database', child_data_source_ids: ids },
    });
    await other.close();
  });

  it('are answered page by page, up to the cap, with a note', async () => {
    simulator.setQuirks({ cap: 20 });
    const query = (more: object) => ask(`data_sources/${source()}/query`, { page_size: 15, ...more });
    const first = (await query({})).body;
    expect(first).toMatchObject({ has_more: true });
    const last = (await query({ start_cursor: first['next_cursor'] })).body;
    expect(last).toMatchObject({ has_more: false, next_cursor: null, request_status: { type: 'incomplete' } });
    expect((last['results'] as unknown[]).length).toBe(5);
    simulator.setQuirks({ cap: 100 });
    expect((await query({ page_size: 100 })).body).toMatchObject({ request_status: { type: 'complete' } });
    expect((await query({ page_size: 101 })).status).toBe(400);
    expect((await query({ start_cursor: 'gone' })).body['message']).toBe('The start_cursor provided is invalid: gone');
  });

  it('by time look at whole minutes, rounded down', async () => {
    const { store, clock } = simulator;
    clock.stop(true);
    clock.set(Math.floor(clock.nowMs() / 60_000) * 60_000 + 40_000);
    const [id = ''] = store.ids();
    store.edit(id);
    const filter = (second: number) => {
      const on_or_after = new Date(clock.nowMs() - 40_000 + second * 1_000).toISOString();
      return { filter: { timestamp: 'last_edited_time', last_edited_time: { on_or_after } } };
    };
    const count = async (second: number) =>
      ((await ask(`data_sources/${source()}/query`, filter(second))).body['results'] as unknown[]).length;
    expect([await count(0), await count(1)]).toEqual([1, 0]);
  });
});
