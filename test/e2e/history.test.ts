import { startSimulator } from '@syncline/connectors/irelandpay/simulator';
import { createTestBed, eventually } from '@syncline/testing';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { runningApi } from '../../apps/api/testing/running-api.js';

/** What a worker's end costs, and an emptied Redis: the promise is a minute. */
const promisedMs = 60_000;

/** A payments broker of six months at a simulated Ireland Pay, whose workers are processes of their own. */
async function openBroker() {
  const bed = await createTestBed();
  const simulator = await startSimulator({
    ...{ merchants: 12, months: 6, transactions: 3_000 },
    quirks: { quota: null, lastPage: 'both' },
  });
  const { store } = simulator;
  const named = (month: number) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
  const environment = {
    SYNCLINE_EGRESS_ALLOW: new URL(simulator.url).host,
    SYNCLINE_LOCK_SECONDS: '2',
    SYNCLINE_RECONCILE_SECONDS: '1',
    IRELANDPAY_CRM_API_KEY: simulator.credentials.apiKey,
    IRELANDPAY_CRM_BASE_URL: simulator.url,
    IRELANDPAY_RATE_LIMIT_PER_MINUTE: '1000000',
    IRELANDPAY_HISTORY_FROM: named(store.firstMonth),
  };
  const api = await runningApi(bed, environment);
  onTestFinished(async () => {
    await api.stop();
    await bed.close();
    await simulator.close();
  });
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${bed.adminKey}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(`${api.url}/api/v1${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: the test looks into it as it likes
    return { status: response.status, body: (await response.json()) as any };
  };
  const { id } = await bed.db.selectFrom('connections').select('id').executeTakeFirstOrThrow();
  return {
    ...{ bed, simulator, ask },
    startWorker: () => bed.startWorker(environment),
    history: async () => (await ask('GET', `/connections/${id}/history`)).body,
    /** Starts a sync of what changed. */
    daily: async (): Promise<string> => {
      const { status, body } = await ask('POST', '/sync/trigger', {});
      expect(status, JSON.stringify(body)).toBe(200);
      return body.sync_id;
    },
    job: async (jobId: string) => (await ask('GET', `/sync/jobs/${jobId}`)).body,
    emptyRedis: async () => {
      const redis = new Redis(bed.redisUrl);
      let emptied = 0;
      for await (const keys of redis.scanStream({ match: `${bed.prefix}*`, count: 1000 })) {
        if (keys.length > 0) emptied += await redis.unlink(...keys);
      }
      await redis.quit();
      expect(emptied, 'there was something to lose').toBeGreaterThan(10);
    },
    /** What is in the table, by merchant and month: how many transactions, and their sum in cents. */
    totals: async () => {
      const { rows } = await sql<{ key: string; count: number; cents: string }>`
        select irelandpay_mid || ' ' || to_char(transaction_date, 'YYYY-MM') as key, count(*)::int as count,
          (sum(amount) * 100)::bigint::text as cents
        from transactions group by 1`.execute(bed.db);
      return Object.fromEntries(rows.map(({ key, count, cents }) => [key, [count, Number(cents)]]));
    },
    vendorTotals: () => {
      const months = Array.from({ length: 6 }, (_, i) => store.firstMonth + i);
      const entries = store.merchants.flatMap(({ mid }) =>
        months.map((month) => {
          const { transactions, cents } = store.volume(mid, month);
          return [`${mid} ${named(month)}`, [transactions, cents]] as const;
        }),
      );
      return Object.fromEntries(entries.filter(([, [count]]) => count !== 0));
    },
  };
}

it('a history goes on when its worker is killed and Redis emptied, a daily sync goes before it, and nothing is missing', async () => {
  const broker = await openBroker();
  const { simulator, history, job } = broker;
  // Twelve merchants: the first sync asks for each of them once at most, and so does each month of the history.
  const hold = simulator.holds.add({ match: { path: '/transactions', after: 30 } });
  const worker = await broker.startWorker();
  // The first sync is quick, and what was before comes by itself.
  const first = await broker.daily();
  const begun = await eventually('the history to have read a month', async () => {
    const now = await history();
    return now.windowsDone >= 1 && now;
  });
  expect((await job(first)).status).toBe('succeeded');
  expect(begun).toMatchObject({ state: 'running', windowsTotal: 6 });
  await simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  const before = await history();
  expect(before.state, 'the kill hit a history that was under way').toBe('running');
  await worker.kill('SIGKILL');
  await broker.emptyRedis();
  const lostAt = performance.now();
  const another = simulator.holds.add({ match: { path: '/transactions', after: 24 } });
  simulator.holds.release({ id: hold });
  await broker.startWorker();
  await eventually('the history to go on', async () => (await history()).windowsDone > before.windowsDone, promisedMs);
  expect(performance.now() - lostAt).toBeLessThan(promisedMs);

  // Again a request of a window is in the vendor's hands, when somebody wants what changed.
  await simulator.holds.untilHeld(another, 1, AbortSignal.timeout(30_000));
  const interrupted = await history();
  expect(interrupted).toMatchObject({ phase: 'reading', jobId: expect.any(String) });
  const daily = await broker.daily();
  expect(await job(interrupted.jobId)).toMatchObject({ status: 'cancelled' });
  simulator.holds.release({ id: another });
  await eventually('the daily sync to end', async () => (await job(daily)).status === 'succeeded');
  expect((await job(daily)).mode).toBe('incremental');

  const done = await eventually('all of the history', async () => {
    const now = await history();
    return now.state === 'done' && now;
  });
  expect(done).toMatchObject({ percent: 100, windowsDone: 6, error: null });
  expect(await broker.totals()).toEqual(broker.vendorTotals());
  const { rows } = await sql<{ months: number }>`
    select count(distinct residual_month)::int as months from residuals where deleted_at is null`.execute(
    broker.bed.db,
  );
  expect(rows).toEqual([{ months: 5 }]);
}, 120_000);
