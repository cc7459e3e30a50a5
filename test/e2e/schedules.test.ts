import { keysBelow, openRedis, scheduleQueue } from '@syncline/queue';
import { activeSchedules } from '@syncline/store';
import { eventually } from '@syncline/testing';
import { Queue } from 'bullmq';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { entities, expectTruth } from './truth.js';

let firm: Firm;
let redis: ReturnType<typeof openRedis>;
let queue: Queue;
/** The only schedule that is enabled: once an hour, half an hour from now, so that no slot comes while the tests run. */
let scheduleId: string;

beforeAll(async () => {
  firm = await createFirm({ contacts: 400 }, { ENABLE_SYNC_SCHEDULER: 'true', SYNCLINE_RECONCILE_SECONDS: '1' });
  redis = openRedis({ redisUrl: firm.bed.redisUrl, failFast: false, onError: () => undefined });
  queue = new Queue(scheduleQueue, { connection: redis, prefix: firm.bed.prefix });
  const { body } = await firm.request('GET', '/api/v1/schedules');
  for (const { id, name } of body['data'] as { id: string; name: string }[]) {
    const cron = `${(new Date().getUTCMinutes() + 30) % 60} * * * *`;
    const change = name === 'incremental' ? { cron, entities } : { enabled: false };
    expect((await firm.request('PATCH', `/api/v1/schedules/${id}`, change)).status).toBe(200);
    if (name === 'incremental') scheduleId = id;
  }
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await firm.close();
});

async function missSlotsFor(hours: number): Promise<void> {
  await sql`update sync_schedules set next_due_at = next_due_at - make_interval(hours => ${hours})
    where id = ${scheduleId}`.execute(firm.bed.db);
}

interface Run {
  readonly outcome: string;
  readonly syncJobId: string;
}
async function runs(): Promise<Run[]> {
  return (await firm.request('GET', `/api/v1/schedules/${scheduleId}/runs`)).body['data'] as Run[];
}

/** Rounds of the reconciler from now on: each renews its lease first. */
async function roundsOfReconciler(count: number): Promise<void> {
  const held = async () => {
    const leases = firm.bed.db.selectFrom('leases').select('held_until').where('name', '=', 'reconciler');
    const lease = await leases.executeTakeFirst();
    return lease?.held_until.getTime() ?? 0;
  };
  for (let i = 0; i < count; i += 1) {
    const before = await held();
    await eventually('a round of the reconciler', async () => (await held()) > before);
  }
}

const inRedis = async () => (await queue.getJobSchedulers()).map(({ key, next }) => [key, next]);
const inPostgres = async () =>
  (await activeSchedules(firm.bed.db)).map(({ id, nextDueAt }) => [id, nextDueAt.getTime()]);

describe('a fleet with schedules', () => {
  it('starts nothing while the scheduler is switched off, however long something is due', async () => {
    const worker = await firm.startWorker({ ENABLE_SYNC_SCHEDULER: 'false' });
    expect((await firm.sync('full')).status).toBe('succeeded');
    await missSlotsFor(3);
    await roundsOfReconciler(3);
    expect(await runs()).toEqual([]);
    await worker.kill('SIGKILL');
  });

  it('makes up for slots that were missed while all workers were dead with one sync, over the whole gap', async () => {
    // Changes all through the hours that nobody looked, most of them far behind the overlap of a quarter of an hour.
    for (let seed = 1; seed <= 4; seed += 1) {
      firm.simulator.store.mutate({ seed, edits: 12, adds: 6, completions: 6 });
      firm.simulator.clock.advance(45 * 60);
    }
    await Promise.all([firm.startWorker(), firm.startWorker(), firm.startWorker()]);
    const [run] = await eventually('the schedule to be dispatched', async () => {
      const all = await runs();
      return all.length > 0 && all;
    });
    expect(run).toMatchObject({ outcome: 'started' });
    const job = await firm.ended(run?.syncJobId ?? '');
    expect(job.status).toBe('succeeded');
    for (const entity of entities) expect(entityOf(job, entity).mode).toBe('incremental');
    await expectTruth(firm.bed, firm.simulator);

    await roundsOfReconciler(2);
    expect(await runs()).toHaveLength(1);
    const { body } = await firm.request('GET', '/api/sync/logs');
    const started = (body['data'] as { trigger: string }[]).filter(({ trigger }) => trigger === 'schedule');
    expect(started).toMatchObject([{ id: job.id, sync_type: 'incremental', triggered_by: 'incremental' }]);
    expect(await inPostgres()).toEqual(await inRedis());
    expect((await inPostgres())[0]?.[1]).toBeGreaterThan(Date.now());

    // The reconciler's other duty that comes by itself: what was old is cleared away, for today.
    const retention = firm.bed.db.selectFrom('leases').select('held_until').where('name', '=', 'retention');
    expect((await retention.executeTakeFirst())?.held_until.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  });

  it('has its job schedulers again after Redis lost everything', async () => {
    const before = await inRedis();
    expect(before).toHaveLength(1);
    for await (const keys of keysBelow(redis, firm.bed.prefix)) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
    await eventually('the job scheduler to be back', async () => (await inRedis()).length === 1);
    expect(await inRedis()).toEqual(before);
  });

  it('starts a sync when its job comes out of the queue, and does not wait for the reconciler', async () => {
    // Held by nobody who would look: from now on only the queue can dispatch.
    const holder = crypto.randomUUID();
    const duty = { holder, held_until: new Date(Date.now() + 600_000) };
    await firm.bed.db.updateTable('leases').set(duty).where('name', '=', 'reconciler').execute();
    const [[key, next] = []] = await inRedis();
    await missSlotsFor(1);
    const job = await queue.getJob(`repeat:${key}:${next}`);
    await job?.promote();
    await eventually('the second sync', async () => (await runs()).length === 2);
    expect((await runs())[0]).toMatchObject({ outcome: 'started' });
    // BullMQ has made the job of the next slot itself.
    const [[, after] = []] = await inRedis();
    expect(after).toBeGreaterThan(Number(next));
  });
});
