import { buryRun, readJob, retryFailedItems, setConnectionStatus } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDue, recoveryTurn } from '../../testing/failed-records.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { runEntity } from '../run/run-entity.js';
import { recoverItems } from './recover-items.js';
import { reviveItems } from './revive-items.js';

let bed: TestBed;
let shop: Shop;
let jobId: string;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
/** A job whose first entity failed; what depends on it was skipped. */
beforeEach(async () => {
  shop = await openShop(bed);
  jobId = await failedJob();
});
afterEach(() => shop.close());

const by = () => ({ organizationId: shop.connection.organizationId, actor: 'test' });
const end = (id: string, status: string) =>
  sql`update sync_jobs set status = ${status}, ended_at = now() where id = ${id}`.execute(bed.db);
const item = async () => (await shop.failedItems())[0] ?? {};

async function failedJob(): Promise<string> {
  const id = await shop.job();
  await shop.setRuns(id, 'failed', 'skipped', 'skipped');
  await end(id, 'failed');
  return id;
}

/** Buries the run, or the job, and has it tried again. */
async function retry(entity: 'customers' | '' = 'customers') {
  const owner = { ...by(), connectionId: shop.connection.id, syncJobId: jobId, entity };
  const kind = entity === '' ? 'job' : 'entity_run';
  await buryRun(bed.db, owner, kind, { code: 'UPSTREAM_TIMEOUT', message: 'slow' });
  await retryFailedItems(bed.db, by(), { filter: { kind } }, 10);
  return recover(entity);
}
const recover = (entity: 'customers' | '' = 'customers') => recoverItems(shop.ctx, recoveryTurn(shop, entity));
const jobs = () => bed.db.selectFrom('sync_jobs').selectAll().where('connection_id', '=', shop.connection.id).execute();

describe('the failed run of the newest job', () => {
  it('is taken up again, with those that were skipped for it', async () => {
    expect(await retry()).toEqual({ kind: 'done' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'running', flowRound: 1 });
    for (const entity of ['customers', 'orders', 'payments'] as const) {
      expect(await shop.run(jobId, entity)).toMatchObject({ status: 'pending', error_code: null });
    }
    expect(await item()).toMatchObject({ status: 'retrying', claim: null, sync_job_id: jobId });
    expect(await jobs()).toHaveLength(1);
  });

  it('settles its item when it comes through', async () => {
    await retry();
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await item()).toMatchObject({ status: 'resolved', resolved_by: 'sync' });
  });

  it('goes on where it stopped', async () => {
    await sql`update sync_progress set cursor = '{"page": 4}', pages = 4 where sync_job_id = ${jobId}`.execute(bed.db);
    await retry();
    const asked: unknown[] = [];
    shop.pages.customers = async ({ cursor }) => {
      asked.push(cursor);
      return { records: [], lossless: false, next: undefined, vendorTime: undefined };
    };
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(asked).toEqual([{ page: 4 }]);
  });

  it('waits while another job of the connection has its turn', async () => {
    await end(jobId, 'partial');
    const other = await shop.job();
    expect(await retry()).toMatchObject({ kind: 'rest' });
    expect(await item()).toMatchObject({ status: 'pending', attempts: 0 });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'partial' });
    await end(other, 'succeeded');
    await makeDue(shop);
    expect(await recover()).toEqual({ kind: 'done' });
    expect(await item()).toMatchObject({ status: 'retrying' });
  });

  it('waits while the connection cannot work', async () => {
    await setConnectionStatus(bed.db, shop.connection, 'needs_reauth', null);
    expect(await retry()).toEqual({ kind: 'done' });
    expect(await item()).toMatchObject({ status: 'pending', next_attempt_at: expect.any(Date) });
  });
});

describe('the failed run of an older job', () => {
  it.each(['a newer job', 'the job was cancelled'])('becomes a sync of that entity: %s', async (why) => {
    if (why === 'a newer job') {
      await sql`update sync_jobs set created_at = now() - interval '1 hour' where id = ${jobId}`.execute(bed.db);
      await end(await shop.job(), 'succeeded');
    } else {
      await end(jobId, 'cancelled');
    }
    await retry();
    const started = (await jobs()).find((job) => job.status === 'queued');
    expect(started).toMatchObject({ trigger: 'recovery', sync_type: 'customers', mode: 'incremental', flow_round: 1 });
    expect(await item()).toMatchObject({ status: 'retrying', sync_job_id: started?.id });
  });
});

describe('a job that was given up', () => {
  it('is taken up again with all that failed', async () => {
    await shop.setRuns(jobId, 'succeeded', 'failed', 'failed');
    expect(await retry('')).toEqual({ kind: 'done' });
    const statuses = await Promise.all((['customers', 'orders', 'payments'] as const).map((e) => shop.run(jobId, e)));
    expect(statuses.map((run) => run['status'])).toEqual(['succeeded', 'pending', 'pending']);
    expect(await item()).toMatchObject({ status: 'retrying', kind: 'job' });
  });
});

describe('a retry that ends without a word', () => {
  it.each([
    ['came through', 'customers', 'succeeded', 'resolved'],
    ['was cut short, but did not fail', 'customers', 'partial', 'resolved'],
    ['was cancelled', 'customers', 'cancelled', 'dead'],
    ['failed once more', 'customers', 'failed', 'dead'],
    ['came through, as a whole job', '', 'succeeded', 'resolved'],
    ['failed once more, as a whole job', '', 'failed', 'dead'],
  ] as const)('settles its item: it %s', async (_what, entity, status, becomes) => {
    await retry(entity);
    await reviveItems(shop.ctx);
    expect(await item()).toMatchObject({ status: 'retrying' });
    await shop.setRuns(jobId, status, status, status);
    await end(jobId, status);
    await reviveItems(shop.ctx);
    expect(await item()).toMatchObject({ status: becomes });
  });
});

describe('a run that cannot even be started', () => {
  it('is dead again, with the reason', async () => {
    await end(jobId, 'cancelled');
    await sql`update connections set settings = '{"pageSize": "many"}' where id = ${shop.connection.id}`.execute(
      bed.db,
    );
    await retry();
    expect(await item()).toMatchObject({ status: 'pending', next_attempt_at: null, claim: expect.any(String) });
    expect(await item()).toMatchObject({ error_code: 'CONNECTION_SETTINGS_INVALID' });
    expect(await shop.letters()).toMatchObject([{ data: { kind: 'item', itemId: (await item())['id'] } }]);
  });
});
