import { consumeDeadLetters, recoveryQueue } from '@syncline/queue';
import { buryRun, resolveFailedItem } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failRecords } from '../../testing/failed-records.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { lookAfter } from '../job/reconcile.js';
import { reviveItems } from './revive-items.js';

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
/** It looks after every organization there is: what the tests before have left is none of this one's business. */
beforeEach(async () => {
  await sql`delete from sync_failed_items`.execute(bed.db);
  await sql`delete from sync_jobs`.execute(bed.db);
  shop = await openShop(bed);
});
afterEach(() => shop.close());

const queue = (name: string) => shop.ctx.queues.all.find((candidate) => candidate.name === name);
const waiting = async () => (await queue(recoveryQueue)?.getJobs())?.map(({ data }) => data.entity).sort();
const set = (values: string) =>
  sql`update sync_failed_items set ${sql.raw(values)} where connection_id = ${shop.connection.id}`.execute(bed.db);

describe('what is due', () => {
  it('is queued once for each entity, however often and by however many it is found', async () => {
    await failRecords(shop, ['a', 'b']);
    await failRecords(shop, ['o'], { entity: 'orders' });
    await failRecords(shop, ['p'], { entity: 'payments', due: false });
    await Promise.all(Array.from({ length: 8 }, () => reviveItems(shop.ctx)));
    expect(await waiting()).toEqual(['customers', 'orders']);
  });

  it('is queued again after Redis was emptied', async () => {
    await failRecords(shop, ['a']);
    await reviveItems(shop.ctx);
    await shop.emptyRedis();
    expect(await waiting()).toEqual([]);
    await reviveItems(shop.ctx);
    expect(await waiting()).toEqual(['customers']);
  });

  it('is left to a release that knows it, if this one does not', async () => {
    await failRecords(shop, ['a']);
    await set(`entity = 'invoices'`);
    await reviveItems(shop.ctx);
    expect(await waiting()).toEqual([]);
  });

  it('is found by the reconciler', async () => {
    await failRecords(shop, ['a']);
    await lookAfter(shop.ctx, 15);
    expect(await waiting()).toEqual(['customers']);
  });
});

describe('what a dead worker had in hand', () => {
  it('is queued when its claim has run out', async () => {
    await failRecords(shop, ['a']);
    await set(`status = 'retrying', claim = gen_random_uuid(), claimed_until = now() + interval '1 minute'`);
    await reviveItems(shop.ctx);
    expect(await waiting()).toEqual([]);
    await set(`claimed_until = now() - interval '1 second'`);
    await reviveItems(shop.ctx);
    expect(await waiting()).toEqual(['customers']);
    expect(await shop.failedItems()).toMatchObject([{ status: 'pending', attempts: 2 }]);
  });
});

describe('a dead letter that was lost with Redis', () => {
  const givenUp = `next_attempt_at = null, claim = gen_random_uuid()`;

  it('is written again, once it has had its time', async () => {
    await failRecords(shop, ['a']);
    await set(givenUp);
    await reviveItems(shop.ctx);
    expect(await shop.letters()).toEqual([]);
    await set(`updated_at = now() - interval '31 seconds'`);
    await Promise.all(Array.from({ length: 4 }, () => reviveItems(shop.ctx)));
    const [item] = await shop.failedItems();
    expect(await shop.letters()).toMatchObject([
      { data: { kind: 'item', itemId: item?.['id'], claim: item?.['claim'] } },
    ]);
  });

  it('about an entity run is written again as well, unless there is a newer job', async () => {
    const jobId = await shop.job();
    await shop.claim(jobId);
    await sql`update sync_progress set status = 'failed', error_code = 'UPSTREAM_TIMEOUT', error_message = 'slow',
      ended_at = now() where sync_job_id = ${jobId} and entity = 'customers'`.execute(bed.db);
    await reviveItems(shop.ctx);
    expect(await shop.letters()).toEqual([]);
    await sql`update sync_progress set ended_at = now() - interval '1 minute' where status = 'failed'`.execute(bed.db);
    await sql`update sync_jobs set status = 'failed' where id = ${jobId}`.execute(bed.db);
    await reviveItems(shop.ctx);
    const about = { kind: 'entity_run', syncJobId: jobId, entity: 'customers', epoch: 1, code: 'UPSTREAM_TIMEOUT' };
    expect(await shop.letters()).toMatchObject([{ data: about }]);
    await shop.emptyRedis();
    await shop.job();
    await reviveItems(shop.ctx);
    expect(await shop.letters()).toEqual([]);
  });
});

describe('a letter that nobody needs any more', () => {
  it('is taken away; others stay', async () => {
    await failRecords(shop, ['a', 'b', 'c']);
    await set(`next_attempt_at = null, status = 'dead'`);
    const items = await shop.failedItems();
    for (const item of items) {
      await shop.ctx.deadLetters.add({ kind: 'item', itemId: String(item['id']), claim: shop.connection.id });
    }
    const [open, settled] = [await failedRun('customers'), await failedRun('orders')];
    await failAll(5);
    await sql`update sync_failed_items set status = 'resolved' where entity = 'orders'`.execute(bed.db);
    const by = { organizationId: shop.connection.organizationId, actor: 'test' };
    await resolveFailedItem(bed.db, by, String(items[0]?.['id']), 'not needed');
    await reviveItems(shop.ctx);
    const left = (await shop.letters()).map(({ data }) => String(data['itemId'] ?? data['entity']));
    expect(left.sort()).toEqual([items[1]?.['id'], items[2]?.['id'], open].map(String).sort());
    expect(left).not.toContain(settled);
  });

  async function failedRun(entity: 'customers' | 'orders'): Promise<string> {
    const { organizationId, id: connectionId } = shop.connection;
    const { id: syncJobId } = await bed.db.selectFrom('sync_jobs').select('id').executeTakeFirstOrThrow();
    const failure = { code: 'UPSTREAM_TIMEOUT', message: 'slow' };
    await buryRun(bed.db, { organizationId, connectionId, syncJobId, entity }, 'entity_run', failure);
    const run = { kind: 'entity_run', syncJobId, connector: 'shop', entity, epoch: 1 } as const;
    await shop.ctx.deadLetters.add({ ...run, ...failure });
    return entity;
  }

  /** As the consumer does with every letter. */
  async function failAll(letters: number): Promise<void> {
    const consumer = consumeDeadLetters({
      ...{ connection: shop.redis, prefix: shop.prefix, concurrency: 4, onError: () => undefined },
      isFinal: () => true,
      handle: async () => {
        throw new Error('on purpose');
      },
    });
    await eventually('the letters to have failed', async () => (await shop.ctx.deadLetters.countFailed()) === letters);
    await consumer.stop();
  }
});
