import { SyncError, type VendorAnswer } from '@syncline/connector-kit';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDue, recoveryTurn } from '../../testing/failed-records.js';
import { knownStates, liveCustomers, selectionJob, storeCustomers } from '../../testing/selections.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { recoverItems } from '../recovery/recover-items.js';
import { runEntity } from './run-entity.js';

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  shop.pages.customers = async () => {
    throw new Error('nobody asks for the list');
  };
});
afterEach(() => shop.close());

const rejection = (status: number) =>
  new SyncError('UPSTREAM_REJECTED', `The vendor answered ${status}`, { details: { status } });
const answer = (json: unknown): VendorAnswer => ({ json, lossless: false, vendorTime: undefined });

/** A vendor who has these customers, and notes which he is asked for. */
function sell(...ids: readonly string[]): string[] {
  const asked: string[] = [];
  shop.ones.customers = async (id) => {
    asked.push(id);
    if (!ids.includes(id)) throw rejection(404);
    return answer({ id, name: 'now' });
  };
  return asked;
}
async function read(ids: readonly string[]) {
  const jobId = await selectionJob(shop, { ids });
  expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
  return shop.run(jobId);
}
const named = (count: number) => Array.from({ length: count }, (_, i) => `c${String(i).padStart(2, '0')}`);

describe('records by their ids', () => {
  it('are asked for one by one, and nothing else is', async () => {
    await storeCustomers(shop, 'a', 'b', 'c');
    const asked = sell('a', 'b', 'c', 'd');
    const run = await read(['b', 'd']);
    expect(asked).toEqual(['b', 'd']);
    expect(await liveCustomers(shop)).toEqual({ a: 'before', b: 'now', c: 'before', d: 'now' });
    expect(run).toMatchObject({ status: 'succeeded', mode: 'backfill', records_created: 1, records_updated: 1 });
  });

  it('say nothing about the entity', async () => {
    sell('a');
    await read(['a']);
    expect(await knownStates(shop)).toEqual([]);
  });

  it('are not written again if they are as they were', async () => {
    sell('a');
    await read(['a']);
    expect(await read(['a'])).toMatchObject({ records_read: 1, records_unchanged: 1 });
  });

  it('are not subject to the cap on pages, and go on where they were after a rest', async () => {
    await sql`update connections set settings = '{"maxPages": 1}' where id = ${shop.connection.id}`.execute(bed.db);
    const ids = named(25);
    const asked = sell(...ids);
    const vendor = shop.ones.customers;
    shop.ones.customers = async (id) => {
      if (asked.length === 13) throw new SyncError('BUDGET_WAIT', undefined, { resumeAt: new Date() });
      return vendor(id);
    };
    const jobId = await selectionJob(shop, { ids });
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toMatchObject({ kind: 'rest' });
    expect(Object.keys(await liveCustomers(shop))).toEqual(ids.slice(0, 13));
    shop.ones.customers = vendor;
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(asked).toEqual(ids);
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_read: 25, records_created: 25 });
  });

  it('let others go first between pages', async () => {
    const ids = named(25);
    sell(...ids);
    const jobId = await selectionJob(shop, { ids });
    expect(await runEntity(shop.ctx, shop.turn(jobId, { othersWait: async () => true }))).toEqual({ kind: 'yield' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', records_read: 10 });
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_read: 25 });
  });
});

describe('a chosen record that the vendor does not have', () => {
  it('is marked as deleted if it is stored', async () => {
    await storeCustomers(shop, 'a', 'b');
    sell('b');
    expect(await read(['a'])).toMatchObject({ status: 'succeeded', records_read: 0, records_deleted: 1 });
    expect(Object.keys(await liveCustomers(shop))).toEqual(['b']);
    // Deleted already: nothing is left to say.
    expect(await read(['a'])).toMatchObject({ status: 'succeeded', records_read: 0, records_deleted: 0 });
  });

  it('and is not stored either, is a failed record that names it', async () => {
    sell('b');
    expect(await read(['nobody', 'b'])).toMatchObject({ status: 'partial', records_created: 1, records_failed: 1 });
    expect(await shop.failedItems()).toMatchObject([
      {
        ...{ kind: 'record', vendor_id: 'nobody', error_code: 'UPSTREAM_GONE', status: 'pending' },
        message: expect.stringContaining('no record with the id nobody'),
      },
    ]);
    await makeDue(shop);
    await recoverItems(shop.ctx, recoveryTurn(shop));
    expect(await shop.letters()).toMatchObject([{ data: { kind: 'item' } }]);
  });

  it('stays if the vendor denies others that are stored just as well', async () => {
    await storeCustomers(shop, 'a', 'b', 'c');
    const asked = sell();
    expect(await read(['a'])).toMatchObject({ status: 'partial', records_failed: 1, records_deleted: 0 });
    expect(asked.sort()).toEqual(['a', 'b', 'c']);
    expect(Object.keys(await liveCustomers(shop))).toEqual(['a', 'b', 'c']);
    expect((await shop.failedItems())[0]?.['message']).toMatch(/says of other records/);
  });

  it('needs no other one to be believed, if the vendor has handed out one of the chosen', async () => {
    await storeCustomers(shop, 'a', 'b', 'c');
    const asked = sell('b');
    await read(['b', 'a']);
    expect(asked).toEqual(['b', 'a']);
    expect(Object.keys(await liveCustomers(shop))).toEqual(['b', 'c']);
  });

  it('stays if somebody has written it since it was asked for', async () => {
    await storeCustomers(shop, 'a', 'b');
    sell('b');
    const vendor = shop.ones.customers;
    shop.ones.customers = async (id) => {
      if (id === 'a') await sql`update customers set last_sync_at = now() where vendor_id = 'a'`.execute(bed.db);
      return vendor(id);
    };
    expect(await read(['a'])).toMatchObject({ status: 'succeeded', records_deleted: 0 });
    expect(Object.keys(await liveCustomers(shop))).toEqual(['a', 'b']);
  });
});

describe('what is wrong with one of the chosen records', () => {
  it.each<[string, () => VendorAnswer, string]>([
    [
      'a refusal',
      () => {
        throw rejection(403);
      },
      'UPSTREAM_REJECTED',
    ],
    ['a record that does not fit', () => answer({ id: 'bad', name: 7 }), 'RECORD_INVALID'],
    ['another record than was asked for', () => answer({ id: 'other', name: 'now' }), 'UPSTREAM_BAD_BODY'],
  ])('is its own problem: %s', async (_what, bad, code) => {
    sell('a', 'c');
    const vendor = shop.ones.customers;
    shop.ones.customers = async (id) => (id === 'bad' ? bad() : vendor(id));
    expect(await read(['a', 'bad', 'c'])).toMatchObject({ status: 'partial', records_created: 2, records_failed: 1 });
    expect(await liveCustomers(shop)).toEqual({ a: 'now', c: 'now' });
    expect(await shop.failedItems()).toMatchObject([{ vendor_id: 'bad', error_code: code }]);
  });

  it('is not that its id is written in another case', async () => {
    shop.ones.customers = async () => answer({ id: 'ab-cd', name: 'now' });
    expect(await read(['AB-CD'])).toMatchObject({ status: 'succeeded', records_created: 1 });
    expect(await liveCustomers(shop)).toEqual({ 'ab-cd': 'now' });
  });

  it('is not that the vendor is away: the run is tried again', async () => {
    shop.ones.customers = async () => {
      throw new SyncError('UPSTREAM_UNAVAILABLE');
    };
    const jobId = await selectionJob(shop, { ids: ['a'] });
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toMatchObject({ kind: 'rest' });
    expect(await shop.failedItems()).toEqual([]);
  });
});
