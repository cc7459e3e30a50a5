import { SyncError } from '@syncline/connector-kit';
import { buryRun, listUnburiedRuns, type Selection, settleEndedRetries } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { letterTurn, recoveryTurn } from '../../testing/failed-records.js';
import { selectionJob } from '../../testing/selections.js';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
import { runEntity } from '../run/run-entity.js';
import { bury } from './bury.js';
import { recoverItems } from './recover-items.js';
import { retryItems } from './retry-items.js';

let bed: TestBed;
let shop: Shop;
let isWell: boolean;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  isWell = false;
  shop.pages.customers = async () => {
    if (isWell) return emptyPage;
    throw new SyncError('UPSTREAM_REJECTED', 'The vendor answered 403');
  };
});
afterEach(() => shop.close());

const june: Selection = { from: '2025-06-01T00:00:00.000Z', to: '2025-06-30T23:59:59.999Z' };
const july: Selection = { from: '2025-07-01T00:00:00.000Z', to: null };

/** Runs the first entity of a job to its failure, buries it, and ends the job. */
async function fail(jobId: string): Promise<string> {
  await expect(runEntity(shop.ctx, shop.turn(jobId))).rejects.toThrow(SyncError);
  const { epoch, error_code, error_message } = await shop.run(jobId);
  const letter = { syncJobId: jobId, entity: 'customers', connector: 'shop', epoch: Number(epoch) };
  const reason = { code: String(error_code), message: String(error_message) };
  const turn = letterTurn({ kind: 'entity_run', ...letter, ...reason });
  await expect(bury(shop.ctx, turn)).rejects.toThrow(/UPSTREAM_REJECTED/);
  await end(jobId, 'failed');
  return jobId;
}
const end = (jobId: string, status: string) =>
  sql`update sync_jobs set status = ${status}, ended_at = now() where id = ${jobId}`.execute(bed.db);
const owner = () => {
  const { organizationId, id: connectionId } = shop.connection;
  return { organizationId, connectionId, entity: 'customers' };
};
const items = async () => (await shop.failedItems()).map(({ status, payload }) => [status, payload]);
const retry = async () => {
  const by = { organizationId: shop.connection.organizationId, actor: 'test' };
  await retryItems(shop.ctx, by, { filter: { kind: 'entity_run' } }, 10);
  await recoverItems(shop.ctx, recoveryTurn(shop));
};
const live = () =>
  bed.db
    .selectFrom('sync_jobs')
    .selectAll()
    .where('connection_id', '=', shop.connection.id)
    .where('status', 'in', ['queued', 'running'])
    .execute();
/** Runs the first entity of the job that is live to its end, and ends the job. */
async function succeed(jobId?: string): Promise<void> {
  isWell = true;
  const id = jobId ?? String((await live())[0]?.id);
  await runEntity(shop.ctx, shop.turn(id));
  await end(id, 'succeeded');
  await settleEndedRetries(bed.db);
}

it('the failed run of a selection is an item of its own, which says what it was about', async () => {
  await fail(await selectionJob(shop, june));
  await fail(await selectionJob(shop, july));
  const again = await fail(await selectionJob(shop, june));
  await fail(await shop.job());
  expect(await shop.failedItems()).toMatchObject([
    { kind: 'entity_run', payload: { selection: june }, attempts: 2, sync_job_id: again },
    { kind: 'entity_run', payload: { selection: july }, attempts: 1 },
    { kind: 'entity_run', payload: null, vendor_id: null },
  ]);
});

it('the newest job is taken up again, as it was', async () => {
  const jobId = await fail(await selectionJob(shop, june));
  await retry();
  expect(await live()).toMatchObject([{ id: jobId, mode: 'backfill', selection: june }]);
  await succeed();
  expect(await items()).toMatchObject([['resolved', { selection: june }]]);
});

it.each(['there is a newer job', 'its job was cleared away'])('there is a new sync of the same: %s', async (why) => {
  const jobId = await fail(await selectionJob(shop, june));
  if (why === 'there is a newer job') await end(await shop.job(), 'succeeded');
  else await sql`delete from sync_jobs where id = ${jobId}`.execute(bed.db);
  await retry();
  const [started] = await live();
  expect(started).toMatchObject({ trigger: 'recovery', sync_type: 'customers', mode: 'backfill', selection: june });
  expect(started?.id).not.toBe(jobId);
  await succeed();
  expect(await items()).toMatchObject([['resolved', { selection: june }]]);
});

it('a selection that came through settles no other failure of its entity', async () => {
  await fail(await shop.job());
  await fail(await selectionJob(shop, july));
  await succeed(await selectionJob(shop, june));
  expect((await items()).map(([status]) => status)).toEqual(['dead', 'dead']);
});

it('nor does a sync of what changed settle that of a selection; a full one, which has read everything, does', async () => {
  await fail(await selectionJob(shop, june));
  const jobId = await shop.job('incremental');
  await succeed(jobId);
  expect((await items()).map(([status]) => status)).toEqual(['dead']);
  await succeed(await shop.job('full'));
  expect((await items()).map(([status]) => status)).toEqual(['resolved']);
});

it('a whole job of a selection that was given up is tried again over the same entities', async () => {
  const jobId = await selectionJob(shop, june, ['orders']);
  await sql`update sync_progress set status = 'failed' where sync_job_id = ${jobId}`.execute(bed.db);
  await end(jobId, 'failed');
  const letter = { kind: 'job', syncJobId: jobId, code: 'JOB_STALE', message: 'quiet' } as const;
  await expect(bury(shop.ctx, letterTurn(letter))).rejects.toThrow(/JOB_STALE/);
  await end(await shop.job(), 'succeeded');
  const by = { organizationId: shop.connection.organizationId, actor: 'test' };
  await retryItems(shop.ctx, by, { filter: { kind: 'job' } }, 10);
  await recoverItems(shop.ctx, recoveryTurn(shop, ''));
  const [started] = await live();
  expect(started).toMatchObject({ sync_type: 'orders', mode: 'backfill', selection: june });
  const runs = await bed.db
    .selectFrom('sync_progress')
    .select('entity')
    .where('sync_job_id', '=', String(started?.id))
    .orderBy('position')
    .execute();
  expect(runs.map(({ entity }) => entity)).toEqual(['customers', 'orders']);
});

it('a retry in Bull Board finds the item of the same selection', async () => {
  await fail(await selectionJob(shop, july));
  const jobId = await fail(await selectionJob(shop, june));
  const letter = { syncJobId: jobId, entity: 'customers', connector: 'shop', epoch: 1, code: 'X', message: '' };
  await bury(shop.ctx, letterTurn({ kind: 'entity_run', ...letter }, 1));
  expect(await items()).toMatchObject([
    ['dead', { selection: july }],
    ['pending', { selection: june }],
  ]);
});

it('a failed run whose letter was lost is found, although another failure of its entity is known', async () => {
  await fail(await shop.job());
  const jobId = await selectionJob(shop, june);
  await expect(runEntity(shop.ctx, shop.turn(jobId))).rejects.toThrow(SyncError);
  const unburied = async () => (await listUnburiedRuns(bed.db, 0, 100)).map((run) => run.syncJobId);
  expect(await unburied()).toContain(jobId);
  await buryRun(bed.db, { ...owner(), syncJobId: jobId }, 'entity_run', { code: 'INTERNAL', message: '' });
  expect(await unburied()).not.toContain(jobId);
});
