import { entityQueue, nodeId } from '@syncline/queue';
import { eventually } from '@syncline/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';

let firm: Firm;

beforeAll(async () => {
  firm = await createFirm({ contacts: 300 });
  await firm.startWorker();
});
afterAll(() => firm.close());

it('a failed entity ends the job as partial, and its retry in the queue repairs the job', async () => {
  const fault = firm.simulator.faults.add({ match: { path: '/matters', after: 1 }, action: { status: 403 } });
  const job = await firm.sync('full');
  expect(firm.simulator.faults.hits(fault)).toBeGreaterThan(0);
  expect(job).toMatchObject({ status: 'partial', errorCode: 'UPSTREAM_REJECTED' });
  const before = ['users', 'customfields', 'accounts', 'contacts'];
  const after = ['tasks', 'notes', 'emails', 'events', 'timeentries'];
  expect(job.entities.map(({ entity, status }) => [entity, status])).toEqual([
    ...before.map((entity) => [entity, 'succeeded']),
    ['matters', 'failed'],
    ...after.map((entity) => [entity, 'skipped']),
  ]);
  expect(entityOf(job, 'tasks').errorCode).toBe('DEPENDENCY_FAILED');
  const watermarks = await firm.bed.db
    .selectFrom('sync_state')
    .select(['entity', 'watermark'])
    .orderBy('entity')
    .execute();
  expect(watermarks.filter(({ watermark }) => watermark !== null).map(({ entity }) => entity)).toEqual(before.sort());

  firm.simulator.faults.clear();
  await retryInQueue(job.id, 'matters');
  const repaired = await eventually('the repaired job', async () => {
    const current = await firm.job(job.id);
    return current.status === 'succeeded' && current;
  });
  expect(entityOf(repaired, 'tasks').recordsCreated).toBe(firm.simulator.store.counts().tasks);
  await expectTruth(firm.bed, firm.simulator);
  const open = await firm.bed.db
    .selectFrom('sync_failed_items')
    .select('id')
    .where('status', '<>', 'resolved')
    .execute();
  expect(open).toEqual([]);
});

/** What Bull Board's retry button does. */
async function retryInQueue(jobId: string, entity: string): Promise<void> {
  const connection = new Redis(firm.bed.redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(entityQueue('practicepanther', entity), { connection, prefix: firm.bed.prefix });
  const node = await eventually('the failed step', () => queue.getJob(nodeId(jobId, 1, entity)));
  await node.retry('failed');
  await queue.close();
  await connection.quit();
}
