import { readStates } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { namesIn } from '../../testing/failed-records.js';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
import { startSync } from '../job/start-sync.js';
import { runEntity } from './run-entity.js';

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

it('an entity with as many open failed items as it may have pauses in front of more, and goes on when there is room', async () => {
  await sql`update connections set settings = '{"maxOpenFailedItems": 2}'
    where id = ${shop.connection.id}`.execute(bed.db);
  const jobId = await shop.job();
  // The second page comes when the first is committed, so that they do not share a transaction.
  shop.pages.customers = async ({ cursor }) => {
    if (cursor?.['page'] === undefined) {
      return { ...emptyPage, records: [{ id: 'a' }, { id: 'b', name: 7 }, { id: 'c', name: 7 }], next: { page: 1 } };
    }
    await eventually('the first page', async () => Number((await shop.run(jobId))['pages']) > 0);
    return { ...emptyPage, records: [{ id: 'd' }, { id: 'e', name: 7 }] };
  };
  expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
  expect(await shop.run(jobId)).toMatchObject({
    ...{ status: 'partial', error_code: 'FAILED_ITEMS_FULL', pages: 1, records_failed: 2 },
    error_message: 'customers: the next page would leave more than 2 open failed items (maxOpenFailedItems)',
  });
  expect((await shop.failedItems()).map((item) => item['vendor_id'])).toEqual(['b', 'c']);
  expect(await namesIn(shop)).toEqual({ a: null });
  const state = (await readStates(bed.db, shop.connection.organizationId, shop.connection.id)).get('customers');
  expect(state).toMatchObject({ watermark: null, continuation: { cursor: { page: 1 } } });
  expect(await shop.letters()).toEqual([]);

  await shop.setRuns(jobId, 'partial', 'succeeded', 'succeeded');
  await sql`update sync_jobs set status = 'partial' where id = ${jobId}`.execute(bed.db);
  await sql`update sync_failed_items set status = 'resolved' where vendor_id = 'b'`.execute(bed.db);
  const request = {
    syncType: 'full',
    mode: 'full',
    entities: ['customers'],
    trigger: 'manual',
    triggeredBy: null,
  } as const;
  const started = await startSync(shop.ctx, shop.connection, request);
  expect(await runEntity(shop.ctx, shop.turn(started.jobId))).toEqual({ kind: 'done' });
  expect(await shop.run(started.jobId)).toMatchObject({ status: 'partial', error_code: null, records_failed: 1 });
  expect(await namesIn(shop)).toEqual({ a: null, d: null });
});
