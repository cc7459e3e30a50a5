import { deadLetterQueue, entityQueue, nodeId } from '@syncline/queue';
import { eventually } from '@syncline/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failedItems, failedOnBoard, itemThat, retryOnBoard } from './failed-items.js';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth, rowsOf } from './truth.js';

/** So quick that nobody has to wait; the numbers are an operator's to set. */
const quick = { SYNCLINE_RECOVERY_BASE_SECONDS: '1', SYNCLINE_RECONCILE_SECONDS: '1', SYNCLINE_LOCK_SECONDS: '1' };

describe('a firm whose vendor serves broken records', () => {
  let firm: Firm;
  let ids: string[];
  beforeAll(async () => {
    firm = await createFirm({ contacts: 300 }, quick);
    ids = firm.simulator.store.ids('tasks');
  });
  afterAll(() => firm.close());

  const breakTask = (id: string) =>
    firm.simulator.store.set('tasks', id, { fields: { subject: { $raw: '{"no":"text"}' } }, touch: false });
  const mend = (id: string) =>
    firm.simulator.store.set('tasks', id, { fields: { subject: 'Text again' }, touch: false });
  const titleOf = async (id: string) => (await rowsOf(firm.bed, 'tasks')).get(id)?.['title'];

  it('has one recovered that is mended there, without a sync', async () => {
    const [id = ''] = ids.slice(40);
    breakTask(id);
    const hold = firm.simulator.holds.add({ match: { path: `/tasks/${id}` } });
    await firm.startWorker();
    const job = await firm.sync('full');
    expect(entityOf(job, 'tasks')).toMatchObject({ status: 'partial', recordsFailed: 1 });
    expect(await failedItems(firm)).toMatchObject([{ entity: 'tasks', vendorId: id, code: 'RECORD_INVALID' }]);
    // The recovery asks for it, and finds it mended.
    await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(45_000));
    mend(id);
    firm.simulator.holds.release({ id: hold });
    expect(await itemThat(firm, `vendorId=${id}`, 'resolved')).toMatchObject({ resolvedBy: 'recovery', attempts: 1 });
    expect(await titleOf(id)).toBe('Text again');
    await expectTruth(firm.bed, firm.simulator);
    expect(await failedOnBoard(firm, deadLetterQueue)).toEqual([]);
  });

  it('has one dead that stays broken; its retry in Bull Board recovers it when it is mended', async () => {
    const [id = ''] = ids.slice(50);
    breakTask(id);
    await firm.sync('full');
    const dead = await itemThat(firm, `vendorId=${id}`, 'dead');
    expect(dead).toMatchObject({ code: 'RECORD_INVALID', field: 'subject', attempts: 2 });
    const [letter, ...others] = await eventually('the letter to have failed', async () => {
      const letters = await failedOnBoard(firm, deadLetterQueue);
      return letters.length > 0 && letters;
    });
    expect(others).toEqual([]);
    expect(letter?.failedReason).toContain(`RECORD_INVALID: A record does not have the expected shape (tasks, ${id}`);
    expect(letter?.data).toMatchObject({ v: 1, kind: 'item', itemId: dead.id });

    mend(id);
    await retryOnBoard(firm, deadLetterQueue, letter?.id ?? '');
    await itemThat(firm, `vendorId=${id}`, 'resolved');
    expect(await titleOf(id)).toBe('Text again');
    await eventually('the board to be empty', async () => (await failedOnBoard(firm, deadLetterQueue)).length === 0);
  });

  it('has one put right by an operator, who is audited', async () => {
    const [id = ''] = ids.slice(60);
    breakTask(id);
    await firm.sync('full');
    const dead = await itemThat(firm, `vendorId=${id}`, 'dead');
    const { body } = await firm.request('GET', `/api/v1/failed-items/${dead.id}`);
    const payload = { ...(body['payload'] as object), subject: "Robert'); drop table tasks; --" };
    await firm.request('PATCH', `/api/v1/failed-items/${dead.id}`, { payload });
    await firm.request('POST', `/api/v1/failed-items/${dead.id}/retry`);
    await itemThat(firm, `vendorId=${id}`, 'resolved');
    expect(await titleOf(id)).toBe("Robert'); drop table tasks; --");
    const audit = await firm.bed.db
      .selectFrom('audit_log')
      .select(['actor', 'action'])
      .where('subject_id', '=', dead.id)
      .orderBy('id')
      .execute();
    expect(audit).toEqual([
      { actor: 'admin key', action: 'item.edit' },
      { actor: 'admin key', action: 'item.retry' },
    ]);
    mend(id);
    await firm.sync('full');
  });

  it('has a run stopped, and no failed items, when nearly all are broken', async () => {
    const all = ids.slice(0, 120);
    for (const id of all) breakTask(id);
    const job = await firm.sync('full');
    expect(job).toMatchObject({ status: 'partial', errorCode: 'UPSTREAM_SCHEMA' });
    expect(entityOf(job, 'tasks')).toMatchObject({ status: 'failed', recordsFailed: 0 });
    expect(await failedItems(firm, 'status=open&kind=record')).toEqual([]);
    const run = await itemThat(firm, 'kind=entity_run&status=open', 'dead');
    expect(run).toMatchObject({ entity: 'tasks', code: 'UPSTREAM_SCHEMA', syncJobId: job.id });

    for (const id of all) mend(id);
    await firm.request('POST', `/api/v1/failed-items/${run.id}/retry`);
    await itemThat(firm, 'kind=entity_run&code=UPSTREAM_SCHEMA', 'resolved');
    expect(await firm.ended(job.id)).toMatchObject({ status: 'succeeded' });
    await expectTruth(firm.bed, firm.simulator);
  });
});

describe('a firm whose sync fails as a whole', () => {
  let firm: Firm;
  beforeAll(async () => {
    firm = await createFirm({ contacts: 200 }, quick);
  });
  afterAll(() => firm.close());

  it('parks a step of another release, and goes on from there when it is retried', async () => {
    // No worker yet: the flow waits, and its second step turns into one that this release does not know.
    const jobId = await firm.trigger('full');
    const connection = new Redis(firm.bed.redisUrl, { maxRetriesPerRequest: null });
    const queue = new Queue(entityQueue('practicepanther', 'contacts'), { connection, prefix: firm.bed.prefix });
    const step = await queue.getJob(nodeId(jobId, 1, 'contacts'));
    await step?.updateData({ ...step.data, v: 2 });
    await queue.close();
    await connection.quit();

    await firm.startWorker();
    const job = await firm.ended(jobId);
    const outcomes = job.entities.map(({ entity, status, errorCode }) => [entity, status, errorCode]);
    const needContacts = ['matters', 'tasks', 'notes', 'emails', 'events', 'timeentries'];
    expect(outcomes).toEqual([
      ...['users', 'customfields', 'accounts'].map((entity) => [entity, 'succeeded', null]),
      ['contacts', 'failed', 'JOB_UNREADABLE'],
      ...needContacts.map((entity) => [entity, 'skipped', 'DEPENDENCY_FAILED']),
    ]);
    const item = await itemThat(firm, 'code=JOB_UNREADABLE', 'dead');
    const [letter] = await eventually('the letter to have failed', async () => {
      const letters = await failedOnBoard(firm, deadLetterQueue);
      return letters.length > 0 && letters;
    });
    expect(letter?.failedReason).toContain('JOB_UNREADABLE: This job was queued by another release');

    await retryOnBoard(firm, deadLetterQueue, letter?.id ?? '');
    await itemThat(firm, 'code=JOB_UNREADABLE', 'resolved');
    const repaired = await eventually('the job to be whole', async () => {
      const current = await firm.job(jobId);
      return current.status === 'succeeded' && current;
    });
    expect(repaired.id).toBe(item.syncJobId);
    await expectTruth(firm.bed, firm.simulator);
  });

  it('has an entity run dead that the vendor refused; its retry repairs the job', async () => {
    const fault = firm.simulator.faults.add({ match: { path: '/matters' }, action: { status: 403 } });
    const job = await firm.sync('full');
    expect(job).toMatchObject({ status: 'partial', errorCode: 'UPSTREAM_REJECTED' });
    const item = await itemThat(firm, 'kind=entity_run&status=open', 'dead');
    expect(item).toMatchObject({ entity: 'matters', code: 'UPSTREAM_REJECTED', syncJobId: job.id });
    expect(firm.simulator.faults.hits(fault)).toBeGreaterThan(0);
    firm.simulator.faults.clear();
    const { status, body } = await firm.request('POST', `/api/v1/failed-items/${item.id}/retry`);
    expect([status, body['enqueued']]).toEqual([202, true]);
    await eventually('the job to be whole', async () => (await firm.job(job.id)).status === 'succeeded');
    expect(await itemThat(firm, 'code=UPSTREAM_REJECTED', 'resolved')).toMatchObject({ resolvedBy: 'sync' });
  });
});
