import { randomUUID } from 'node:crypto';
import { type DeadLetter, entityQueue, nodeId, recoveryQueue } from '@syncline/queue';
import { failJob, readJob, resolveFailedItem, retryFailedItems } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failRecords, letterTurn, namesIn, recoveryTurn } from '../../testing/failed-records.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { continueJob } from '../job/continue-job.js';
import { Buried, bury } from './bury.js';
import { recoverItems } from './recover-items.js';

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
});
afterEach(() => shop.close());

/** What comes of a letter that is new, or that somebody has pressed retry for. */
const read = (letter: DeadLetter) => bury(shop.ctx, letterTurn(letter)).catch((error: unknown) => error);
const press = (letter: DeadLetter) => bury(shop.ctx, letterTurn(letter, 1)).catch((error: unknown) => error);
const done = (result: string) => ({ kind: 'done', result: { result } });
const by = () => ({ organizationId: shop.connection.organizationId, actor: 'test' });
const item = async () => (await shop.failedItems()).at(-1) ?? {};
const woken = async () => {
  const queue = shop.ctx.queues.all.find(({ name }) => name === recoveryQueue);
  return (await queue?.getJobs())?.map(({ data }) => data);
};

describe('a letter about a record that was given up', () => {
  let letter: DeadLetter;
  beforeEach(async () => {
    await failRecords(shop, ['a']);
    shop.ones.customers = async (id) => ({ json: { id, name: ['S3CRET'] }, lossless: false, vendorTime: undefined });
    await recoverItems(shop.ctx, recoveryTurn(shop));
    const [sent] = await shop.letters();
    letter = sent?.data as DeadLetter;
  });

  it('marks it as dead and fails on purpose, with a reason that tells nothing of the record', async () => {
    const error = (await read(letter)) as Buried;
    expect(error).toBeInstanceOf(Buried);
    const { id } = await item();
    expect(error.message).toBe(
      `RECORD_INVALID: A record does not have the expected shape (customers, a, name). Failed item ${id}`,
    );
    expect(await item()).toMatchObject({ status: 'dead', claim: null, next_attempt_at: null });
  });

  it('comes to the same when a crash brings it twice', async () => {
    await read(letter);
    expect(await read(letter)).toBeInstanceOf(Buried);
    expect(await item()).toMatchObject({ status: 'dead' });
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'an operator has it tried again',
      async () => retryFailedItems(bed.db, by(), { ids: [String((await item())['id'])] }, 1),
    ],
    ['a sync has brought it once more', () => failRecords(shop, ['a'])],
  ])('is superseded when it is in other hands since: %s', async (_what, happens) => {
    await happens();
    expect(await read(letter)).toEqual(done('superseded'));
    expect(await item()).toMatchObject({ status: 'pending' });
  });

  it('is nothing when it was resolved meanwhile, or is gone', async () => {
    await resolveFailedItem(bed.db, by(), String((await item())['id']), 'not needed');
    expect([await read(letter), await press(letter)]).toEqual([done('resolved'), done('resolved')]);
    expect(await item()).toMatchObject({ status: 'resolved' });
    const gone: DeadLetter = { kind: 'item', itemId: randomUUID(), claim: randomUUID() };
    expect([await read(gone), await press(gone)]).toEqual([done('resolved'), done('resolved')]);
  });

  it('starts the recovery again when somebody presses retry, with all attempts', async () => {
    await read(letter);
    expect(await press(letter)).toEqual(done('retried'));
    expect(await item()).toMatchObject({ status: 'pending', attempts: 0, next_attempt_at: expect.any(Date) });
    expect(await woken()).toMatchObject([{ connectionId: shop.connection.id, entity: 'customers' }]);
    shop.ones.customers = async (id) => ({ json: { id, name: 'mended' }, lossless: false, vendorTime: undefined });
    await recoverItems(shop.ctx, recoveryTurn(shop));
    expect(await namesIn(shop)).toEqual({ a: 'mended' });
    const audit = await bed.db.selectFrom('audit_log').selectAll().where('actor', '=', 'Bull Board').execute();
    expect(audit).toMatchObject([{ action: 'item.retry', subject_id: (await item())['id'] }]);
  });

  it('also when it is pressed before it has been looked at', async () => {
    expect(await press(letter)).toEqual(done('retried'));
    expect(await item()).toMatchObject({ status: 'pending', attempts: 0, claim: null });
  });

  it('waits while Postgres is away', async () => {
    const db = bed.db.withPlugin({
      transformQuery: () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
      transformResult: async ({ result }) => result,
    });
    const ctx = { ...shop.ctx, db };
    for (const failures of [0, 1]) {
      expect(await bury(ctx, letterTurn(letter, failures))).toMatchObject({ kind: 'rest' });
    }
  });
});

describe('a letter about an entity run', () => {
  let jobId: string;
  beforeEach(async () => {
    jobId = await shop.job();
  });
  const about = (epoch: number): DeadLetter => ({
    ...{ kind: 'entity_run', syncJobId: jobId, connector: 'shop', entity: 'customers', epoch },
    ...{ code: 'UPSTREAM_TIMEOUT', message: 'no answer' },
  });

  it('keeps it as dead, ends it if it is open, and has the job go on without it', async () => {
    const { epoch } = await shop.claim(jobId);
    const error = (await read(about(epoch))) as Buried;
    expect(error.message).toBe(`UPSTREAM_TIMEOUT: no answer (customers). Sync job ${jobId}`);
    expect(await item()).toMatchObject({
      ...{ kind: 'entity_run', status: 'dead', entity: 'customers', sync_job_id: jobId, message: 'no answer' },
    });
    expect(await shop.run(jobId)).toMatchObject({ status: 'failed', error_code: 'UPSTREAM_TIMEOUT' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'running', flowRound: 1 });
  });

  it('of a run that has failed once more since tells the last reason', async () => {
    const { epoch } = await shop.claim(jobId);
    await shop.claim(jobId);
    await sql`update sync_progress set status = 'failed', error_code = 'UPSTREAM_REJECTED', error_message = 'later'
      where sync_job_id = ${jobId} and entity = 'customers'`.execute(bed.db);
    expect(await read(about(epoch))).toBeInstanceOf(Buried);
    expect(await item()).toMatchObject({ error_code: 'UPSTREAM_REJECTED', message: 'later' });
  });

  it('of a run that others have in hand, or that came through, is nothing', async () => {
    const { epoch } = await shop.claim(jobId);
    await shop.claim(jobId);
    expect(await read(about(epoch))).toEqual(done('superseded'));
    await shop.setRuns(jobId, 'succeeded');
    expect(await read(about(epoch + 1))).toEqual(done('superseded'));
    expect(await shop.failedItems()).toEqual([]);
    expect(await read({ ...about(1), syncJobId: randomUUID() } as DeadLetter)).toEqual(done('superseded'));
  });

  it('puts the run in line again when somebody presses retry', async () => {
    const { epoch } = await shop.claim(jobId);
    await read(about(epoch));
    expect(await press(about(epoch))).toEqual(done('retried'));
    expect(await item()).toMatchObject({ status: 'pending', next_attempt_at: expect.any(Date) });
    expect(await woken()).toMatchObject([{ entity: 'customers' }]);
  });
});

describe('a letter about a job', () => {
  it('keeps it as dead, until it is retried', async () => {
    const jobId = await shop.job();
    await failJob(bed.db, jobId, 'JOB_STALE', 'nobody could');
    const letter: DeadLetter = { kind: 'job', syncJobId: jobId, code: 'JOB_STALE', message: 'nobody could' };
    expect(await read(letter)).toBeInstanceOf(Buried);
    expect(await item()).toMatchObject({ kind: 'job', status: 'dead', entity: '', error_code: 'JOB_STALE' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'failed' });
    expect(await press(letter)).toEqual(done('retried'));
    expect(await woken()).toMatchObject([{ entity: '' }]);
  });

  it.each(['succeeded', 'running'])('that goes on, or came through, is nothing: %s', async (status) => {
    const jobId = await shop.job();
    await sql`update sync_jobs set status = ${status} where id = ${jobId}`.execute(bed.db);
    const letter: DeadLetter = { kind: 'job', syncJobId: jobId, code: 'JOB_STALE', message: 'nobody could' };
    expect(await read(letter)).toEqual(done('superseded'));
  });
});

describe('a letter about a step that this release cannot read', () => {
  const about = (stepId: string): DeadLetter => ({
    ...{ kind: 'step', queue: entityQueue('shop', 'orders'), stepId, message: 'queued by another release' },
  });

  it('parks its entity run, and the job goes on', async () => {
    const jobId = await shop.job();
    await continueJob(shop.ctx, jobId);
    const step = about(nodeId(jobId, 1, 'orders'));
    expect(await read(step)).toBeInstanceOf(Buried);
    expect(await item()).toMatchObject({ kind: 'entity_run', entity: 'orders', error_code: 'JOB_UNREADABLE' });
    expect(await shop.run(jobId, 'orders')).toMatchObject({ status: 'failed', error_code: 'JOB_UNREADABLE' });
    expect(await shop.run(jobId, 'customers')).toMatchObject({ status: 'pending' });
    expect(await press(step)).toEqual(done('retried'));
  });

  it('of a flow that was laid out anew since is nothing; nor is one that is none of ours, nor the last step', async () => {
    const jobId = await shop.job();
    await continueJob(shop.ctx, jobId);
    const strays = [nodeId(jobId, 0, 'orders'), 'something else', nodeId(randomUUID(), 1, 'orders')];
    for (const stepId of [...strays, nodeId(jobId, 1, 'finish')]) {
      expect(await read(about(stepId)), stepId).toEqual(done('superseded'));
    }
    expect(await press(about('something else'))).toEqual(done('resolved'));
    expect(await shop.failedItems()).toEqual([]);
  });
});
