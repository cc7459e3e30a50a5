import { connectors, irelandPay } from '@syncline/connectors';
import { type Simulator, startSimulator } from '@syncline/connectors/irelandpay/simulator';
import { orderOfMode, startSync } from '@syncline/engine';
import { openFlows, openRedis } from '@syncline/queue';
import {
  type Connection,
  createVault,
  ensureConnection,
  ensureOrganization,
  findConnection,
  readJob,
} from '@syncline/store';
import { createTestBed, eventually, strikeEnvironment, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Hazard K1 for what comes along with pages and for whole partitions. The same with a million: `npm run bench -- irelandpay`.

const transactions = 6_000;
// The middle of a month: three months are open, two have reports.
const today = new Date();
const now = () => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 20, 12));
const present = now().getUTCFullYear() * 12 + now().getUTCMonth();
const months = [present - 2, present - 1, present];
const named = (month: number) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

let bed: TestBed;
let simulator: Simulator;
let connection: Connection;
let close: () => Promise<void>;
/** Lays a sync out by the name of its mode, for whichever worker there is. */
let start: (mode: 'initial' | 'daily') => Promise<string>;
beforeAll(async () => {
  bed = await createTestBed();
  simulator = await startSimulator({ now, merchants: 20, transactions, quirks: { quota: null } });
  const organizationId = await ensureOrganization(bed.db, 'broker', 'A broker');
  const { id } = await ensureConnection(bed.db, createVault([bed.encryptionKey]), {
    ...{ organizationId, connector: 'irelandpay', name: 'broker', credentials: simulator.credentials },
    // Short windows, so that there are many pages.
    settings: { baseUrl: simulator.url, requestsPerMinute: 100_000, historyFrom: named(present - 2), windowDays: 15 },
  });
  connection = (await findConnection(bed.db, organizationId, id)) as Connection;
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  const flows = openFlows(redis, bed.prefix, () => undefined);
  start = async (mode) => {
    const order = orderOfMode(irelandPay, mode, { mode: 'incremental' });
    const request = { ...order, syncType: mode, trigger: 'manual', triggeredBy: null } as const;
    return (await startSync({ db: bed.db, flows, connectors, log: pino({ level: 'silent' }) }, connection, request))
      .jobId;
  };
  close = async () => {
    await flows.close();
    redis.disconnect();
  };
});
afterAll(async () => {
  await close();
  await bed.close();
  await simulator.close();
});

const startWorker = (extra: Readonly<Record<string, string>> = {}) =>
  bed.startWorker({
    ...{ SYNCLINE_LOCK_SECONDS: '1', SYNCLINE_RECONCILE_SECONDS: '1', SYNCLINE_WORKER_CONCURRENCY: '2' },
    SYNCLINE_EGRESS_ALLOW: new URL(simulator.url).host,
    ...extra,
  });
const ended = (jobId: string) =>
  eventually('the sync to end', async () => {
    const job = await readJob(bed.db, jobId);
    return job !== undefined && !['queued', 'running'].includes(job.status) && job.status;
  });
const volumes = async () => {
  const { rows } = await sql<{ key: string; volume: string }>`
    select irelandpay_mid || ' ' || to_char(transaction_date, 'YYYY-MM') as key,
      count(*) || ' for ' || (sum(amount) * 100)::bigint as volume from transactions group by 1, irelandpay_mid`.execute(
    bed.db,
  );
  return Object.fromEntries(rows.map(({ key, volume }) => [key, volume]));
};
const vendorVolumes = () => {
  const all = simulator.store.merchants.flatMap(({ mid }) =>
    months.map((month) => [`${mid} ${named(month)}`, simulator.store.volume(mid, month)] as const),
  );
  return Object.fromEntries(
    all.flatMap(([key, { transactions: count, cents }]) => (count === 0 ? [] : [[key, `${count} for ${cents}`]])),
  );
};
const counts = async (jobId: string, entity: string) => {
  const run = await bed.db
    .selectFrom('sync_progress')
    .select(['records_created', 'records_read', 'epoch'])
    .where('sync_job_id', '=', jobId)
    .where('entity', '=', entity)
    .executeTakeFirstOrThrow();
  return { created: Number(run.records_created), read: Number(run.records_read), epoch: run.epoch };
};
/** A report's live rows: what they net, in cents, by merchant. */
const report = async () => {
  const { rows } = await sql<{ mid: string; cents: number }>`
    select mid_number as mid, (net * 100)::int as cents from residuals
    where irelandpay_report_id = ${`12/${named(present - 1)}`} and deleted_at is null order by 1`.execute(bed.db);
  return rows;
};
const vendorReport = () =>
  (simulator.store.report(12, present - 1)?.rows ?? [])
    .map(({ merchant: { mid }, income, expense }) => ({ mid: mid.replace(/^0+/, ''), cents: income - expense }))
    .sort((a, b) => (a.mid < b.mid ? -1 : 1));

describe('a broker whose workers are killed', () => {
  it('has every transaction once and to the cent, although two died between its pages', async () => {
    const jobId = await start('initial');
    const death = strikeEnvironment({ boundary: 'committed', entity: 'batches', action: 'SIGKILL' });
    const doomed = await Promise.all(Array.from({ length: 2 }, () => startWorker(death)));
    const ends = await Promise.all(doomed.map((worker) => worker.ended));
    expect(ends.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL']);
    const left = await counts(jobId, 'transactions');
    expect(left.created, 'they had got somewhere').toBeGreaterThan(0);
    expect(left.created, 'and not to the end').toBeLessThan(simulator.state().transactions);
    const worker = await startWorker();
    expect(await ended(jobId)).toBe('succeeded');
    await worker.kill('SIGKILL');
    expect(await volumes()).toEqual(vendorVolumes());
    const { transactions: all } = simulator.state();
    expect(await counts(jobId, 'transactions')).toMatchObject({ created: all, read: all });
    expect((await counts(jobId, 'batches')).epoch, 'taken up again each time').toBeGreaterThanOrEqual(3);
    expect(await report()).toEqual(vendorReport());
  });

  it('has a report that was published again as it was, or as it is, and never a part of both', async () => {
    const before = await report();
    simulator.clock.advance(3_600);
    simulator.store.republish(12, present - 1, { changes: 2, removes: 2, adds: 1 });
    expect(vendorReport()).not.toEqual(before);
    const jobId = await start('daily');
    const doomed = await startWorker(
      strikeEnvironment({ boundary: 'in-transaction', entity: 'residuals', action: 'SIGKILL' }),
    );
    expect((await doomed.ended).signal).toBe('SIGKILL');
    expect(await report()).toEqual(before);
    await startWorker();
    expect(await ended(jobId)).toBe('succeeded');
    expect(await report()).toEqual(vendorReport());
    expect(await volumes()).toEqual(vendorVolumes());
  });
});
