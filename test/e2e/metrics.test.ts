import { eventually, type ServiceProcess } from '@syncline/testing';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scrape, scrape } from './scrape.js';
import { createToldAgency, type ToldAgency } from './told-agency.js';

const token = 'token-of-prometheus';
const connector = 'notion';

// One worker, so that everything which is done is told in one place.
let agency: ToldAgency;
let worker: ServiceProcess;
beforeAll(async () => {
  const environment = { SYNCLINE_METRICS_TOKEN: token, SYNCLINE_WORKER_PORT: '0', LOG_LEVEL: 'trace' };
  agency = await createToldAgency({ clients: 60, environment });
  worker = await agency.startWorker();
});
afterAll(() => agency.close());

const ofWorker = () => scrape(worker.url ?? '', token);
const ofApi = () => scrape(agency.api.url, token);
/** The API asks Postgres and Redis once in five seconds at most. */
const eventuallyTold = (what: string, is: (told: Scrape) => boolean) =>
  eventually(what, async () => {
    const told = await ofApi();
    return is(told) && told;
  });

interface Progress {
  readonly entity: string;
  readonly status: string;
  readonly pages: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
}

/** All that entity runs have come to until now, by entity, as Postgres has it. */
async function progress(): Promise<readonly Progress[]> {
  const { rows } = await sql<Progress>`
    select entity, sum(pages)::int as pages, sum(records_created)::int as created, sum(records_updated)::int as updated,
      sum(records_unchanged)::int as unchanged, sum(records_failed)::int as failed
    from sync_progress group by entity order by entity`.execute(agency.bed.db);
  return rows;
}

async function expectTold(told: Scrape): Promise<void> {
  for (const { entity, pages, ...outcomes } of await progress()) {
    expect([entity, told.sum('syncline_pages_total', { connector, entity })]).toEqual([entity, pages]);
    for (const outcome of ['created', 'updated', 'unchanged', 'failed'] as const) {
      const labels = { connector, entity, outcome };
      expect([labels, told.sum('syncline_records_total', labels)]).toEqual([labels, outcomes[outcome]]);
    }
  }
}

describe('a sync', () => {
  it('moves what it has done, by exactly as much as Postgres says', async () => {
    const before = await ofWorker();
    expect(before.sum('syncline_pages_total')).toBe(0);
    await agency.load();
    const told = await ofWorker();
    const [first] = await progress();
    expect(first).toMatchObject({ pages: 2, created: 60 });
    await expectTold(told);
    const ended = 'syncline_entity_run_duration_seconds_count';
    expect(told.sum(ended, { connector, mode: 'full', status: 'succeeded' })).toBe((await progress()).length);
    expect(told.sum('syncline_sync_jobs_ended_total', { connector, status: 'succeeded' })).toBe(1);
    // Each attempt takes a permit of its own, and none of them failed.
    const requests = told.sum('syncline_vendor_request_duration_seconds_count', { connector, outcome: '2xx' });
    expect(requests).toBe(agency.simulator.requests.count);
    expect(told.sum('syncline_budget_permits_total', { connector })).toBe(requests);
    expect(told.sum('syncline_budget_wait_seconds_count', { connector })).toBe(requests);
    expect(told.sum('syncline_circuit_state', { connector, state: 'closed' })).toBe(1);
    // That nobody had to wait is told as well.
    expect(told.sum('syncline_reconciler_actions_total', { action: 'job_resumed' })).toBe(0);
  });

  it('shows in the numbers of the fleet, which the API alone tells', async () => {
    const told = await eventuallyTold('the worker', (one) => one.sum('syncline_workers') === 1);
    expect(told.sum('syncline_freshness_seconds', { organization: 'default', connector })).toBeLessThan(600);
    expect(told.sum('syncline_connections', { connector, status: 'active' })).toBe(1);
    expect(told.sum('syncline_sync_jobs', { state: 'running' })).toBe(0);
    expect(told.sum('syncline_failed_items', { state: 'dead' })).toBe(0);
    expect(told.sum('syncline_queue_jobs', { queue: 'notion-clients', state: 'waiting' })).toBe(0);
    expect(told.sum('syncline_http_request_duration_seconds_count', { route: '/api/v1/connections' })).toBe(1);
    expect((await ofWorker()).sum('syncline_workers')).toBeUndefined();
    expect(told.sum('syncline_pages_total')).toBeUndefined();
  });
});

it('a webhook is measured from its arrival to the commit', async () => {
  await agency.subscribe();
  const [client] = agency.simulator.store.rows();
  agency.simulator.store.set(client?.id ?? '', 'Contact Email', 'new@client.example');
  await eventually('the delivery', async () => (await agency.ledger()).length > 0);
  await agency.settled();
  const ledger = await agency.ledger();
  const told = await ofWorker();
  expect(told.sum('syncline_webhook_lag_seconds_count', { connector })).toBe(ledger.length);
  const { rows } = await sql<{ lag: number }>`select sum(extract(epoch from settled_at - received_at))::float8 as lag
    from webhook_deliveries`.execute(agency.bed.db);
  expect(told.sum('syncline_webhook_lag_seconds_sum', { connector })).toBeCloseTo(rows[0]?.lag ?? 0, 3);
  const { received } = (await agency.request('GET', `/api/v1/connections/${agency.connectionId}/webhook`)).body;
  expect((await ofApi()).sum('syncline_webhook_deliveries_total', { connector, outcome: 'event' })).toBe(received);
});

const start = async () => {
  const { status, body } = await agency.request('POST', '/api/admin/clients/sync', { type: 'full', wait: 0 });
  expect(status).toBe(202);
  return String(body.jobId);
};
const ended = (id: string) =>
  eventually(`job ${id} to end`, async () => {
    const { body } = await agency.request('GET', `/api/v1/sync/jobs/${id}`);
    return !['queued', 'running'].includes(body.status) && body;
  });

describe('a vendor that fails', () => {
  it('opens a circuit, which is told, and so is what waits for it', async () => {
    const fault = agency.simulator.faults.add({ match: {}, action: { status: 503 } });
    const id = await start();
    const open = { connector, state: 'open' };
    await eventually('the open circuit', async () => (await ofWorker()).sum('syncline_circuit_state', open) === 1);
    const told = await eventuallyTold(
      'the run that waits',
      (one) => one.sum('syncline_entity_runs_waiting', { connector, reason: 'circuit' }) === 1,
    );
    expect(told.sum('syncline_sync_jobs', { state: 'running' })).toBe(1);
    const failing = await ofWorker();
    expect(failing.sum('syncline_vendor_request_duration_seconds_count', { outcome: '5xx' })).toBeGreaterThanOrEqual(5);
    expect(failing.sum('syncline_circuit_refusals_total', { connector })).toBeGreaterThan(0);
    agency.simulator.faults.clear(fault);
    await agency.request('POST', `/api/v1/connections/${agency.connectionId}/circuit/close`);
    await ended(id);
    const closed = await ofWorker();
    expect(closed.sum('syncline_circuit_state', open)).toBe(0);
    await expectTold(closed);
  });
});

it('a budget that is short is told by what it made wait', async () => {
  const settings = JSON.stringify({ requestsPerSecond: 1 });
  await sql`update connections set settings = settings || ${settings}::jsonb`.execute(agency.bed.db);
  const id = await start();
  await eventuallyTold(
    'the run that waits',
    (one) => one.sum('syncline_entity_runs_waiting', { connector, reason: 'budget' }) === 1,
  );
  const told = await ofWorker();
  expect(told.sum('syncline_budget_deferrals_total', { connector, reason: 'window' })).toBeGreaterThan(0);
  expect(told.sum('syncline_budget_deferred_seconds_total', { connector, reason: 'window' })).toBeGreaterThan(0);
  await agency.request('POST', `/api/v1/sync/jobs/${id}/cancel`);
  await sql`update connections set settings = settings || '{"requestsPerSecond": 40}'`.execute(agency.bed.db);
});

describe('without a worker', () => {
  it('the queue grows older; what Redis has lost, the next worker puts back and tells of', async () => {
    await worker.kill('SIGTERM');
    const id = await start();
    const queue = 'notion-clients';
    const told = await eventuallyTold(
      'the job that waits',
      (one) => one.sum('syncline_queue_jobs', { queue, state: 'waiting' }) === 1,
    );
    expect(told.sum('syncline_workers')).toBe(0);
    await eventuallyTold('its age', (one) => (one.sum('syncline_queue_oldest_job_age_seconds', { queue }) ?? 0) > 1);
    await emptyRedis();
    // By Postgres alone: no queue holds it any more.
    await eventuallyTold(
      'its age, although it is lost',
      (one) =>
        one.sum('syncline_queue_jobs', { queue, state: 'waiting' }) === 0 &&
        (one.sum('syncline_queue_oldest_job_age_seconds', { queue }) ?? 0) > 2,
    );
    worker = await agency.startWorker();
    await ended(id);
    expect((await ofWorker()).sum('syncline_reconciler_actions_total', { action: 'job_resumed' })).toBe(1);
  });
});

/** What FLUSHALL does, for the keys of this test. */
async function emptyRedis(): Promise<void> {
  const redis = new Redis(agency.bed.redisUrl);
  for await (const keys of redis.scanStream({ match: `${agency.bed.prefix}*` })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  await redis.quit();
}

it('the token opens nothing else, nothing else opens it, and no log has it', async () => {
  for (const url of [agency.api.url, worker.url ?? '']) {
    for (const authorization of ['', `Bearer ${agency.bed.adminKey}`, `Bearer ${token}x`, token]) {
      const response = await fetch(`${url}/metrics`, { headers: authorization === '' ? {} : { authorization } });
      expect([authorization, response.status]).toEqual([authorization, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  }
  const authorization = `Bearer ${token}`;
  expect((await fetch(`${agency.api.url}/api/v1/alerts`, { headers: { authorization } })).status).toBe(401);
  await eventually('the log of it', () => agency.api.output().includes('/api/v1/alerts'));
  expect(`${agency.api.output()}${worker.output()}`).not.toContain(token);
});
