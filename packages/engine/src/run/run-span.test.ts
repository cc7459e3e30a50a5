import { type Page, type PageRequest, SyncError } from '@syncline/connector-kit';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { knownStates, liveCustomers, selectionJob, storeCustomers } from '../../testing/selections.js';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
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

const span = { from: '2025-06-01T00:00:00.000Z', to: '2025-06-08T00:00:00.000Z' };
const asked: PageRequest[] = [];

/** A vendor of three pages, who notes what he is asked. */
function sellThreePages(before: (page: number) => Promise<void> = async () => undefined): void {
  asked.length = 0;
  shop.pages.customers = async (request): Promise<Page> => {
    asked.push(request);
    const page = Number(request.cursor?.['page'] ?? 0);
    await before(page);
    return {
      ...emptyPage,
      records: [{ id: `c${page}`, name: 'now' }],
      next: page < 2 ? { page: page + 1 } : undefined,
      vendorTime: new Date('2025-07-01T00:00:00Z'),
    };
  };
}

/** A promise that is kept when the test says so. */
function promise() {
  let keep: () => void = () => undefined;
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { kept, keep: () => keep() };
}

/** What an earlier sync has left behind: where it stands, and a place where one that was cut short goes on. */
async function knowSomething(): Promise<void> {
  await sql`insert into sync_state (connection_id, entity, organization_id, watermark, last_full_at, last_full_records, continuation)
    values (${shop.connection.id}, 'customers', ${shop.connection.organizationId}, '2025-05-01', '2025-05-01', 7,
      '{"cursor": {"page": 1}, "mode": "full", "lowerBound": null, "upperBound": null}')`.execute(bed.db);
}

describe('the run of a span', () => {
  it('asks for nothing but the span, with every page', async () => {
    sellThreePages();
    const jobId = await selectionJob(shop, span);
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    const [from, to] = [new Date(span.from), new Date(span.to)];
    expect(asked).toHaveLength(3);
    for (const request of asked) expect(request).toMatchObject({ since: from, span: { from, to } });
    expect(await liveCustomers(shop)).toEqual({ c0: 'now', c1: 'now', c2: 'now' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', mode: 'backfill', records_created: 3 });
  });

  it('without an end goes as far as there is anything', async () => {
    sellThreePages();
    const jobId = await selectionJob(shop, { ...span, to: null });
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(asked[2]?.span).toEqual({ from: new Date(span.from), to: undefined });
  });

  it('leaves what is known of the entity as it is: no watermark, and no place to go on from', async () => {
    await knowSomething();
    const before = await knownStates(shop);
    sellThreePages();
    await runEntity(shop.ctx, shop.turn(await selectionJob(shop, span)));
    expect(await knownStates(shop)).toEqual(before);
  });

  it('leaves nothing behind where nothing is known: the first sync is still to come', async () => {
    sellThreePages();
    await runEntity(shop.ctx, shop.turn(await selectionJob(shop, span)));
    expect(await knownStates(shop)).toEqual([]);
  });

  it('deletes nothing that it does not meet, and begins no scan', async () => {
    await storeCustomers(shop, 'old');
    sellThreePages();
    await runEntity(shop.ctx, shop.turn(await selectionJob(shop, span)));
    expect(await liveCustomers(shop)).toMatchObject({ old: 'before', c0: 'now' });
    const scans = bed.db.selectFrom('sync_scans').select('id').where('connection_id', '=', shop.connection.id);
    expect(await scans.execute()).toEqual([]);
  });

  it('goes on behind the last page, with the same span, when its worker is gone', async () => {
    const stuck = promise();
    const vendor = promise();
    const committed = promise();
    sellThreePages(async (page) => {
      if (page < 2) return;
      stuck.keep();
      await vendor.kept;
    });
    const jobId = await selectionJob(shop, span);
    const onBoundary = (boundary: string) => {
      if (boundary === 'committed') committed.keep();
    };
    const gone = runEntity({ ...shop.ctx, onBoundary }, shop.turn(jobId));
    await Promise.all([stuck.kept, committed.kept]);
    sellThreePages();
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(asked.length).toBeLessThan(3);
    expect(asked[0]).toMatchObject({ cursor: { page: 3 - asked.length }, span: { to: new Date(span.to) } });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages: 3, records_read: 3, epoch: 2 });
    vendor.keep();
    expect(await gone).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages: 3, records_read: 3 });
    expect(await knownStates(shop)).toEqual([]);
  });

  it('that meets the cap on pages is partial, and says that the rest was not read', async () => {
    await sql`update connections set settings = '{"maxPages": 2}' where id = ${shop.connection.id}`.execute(bed.db);
    sellThreePages();
    const jobId = await selectionJob(shop, span);
    await runEntity(shop.ctx, shop.turn(jobId));
    const { status, error_code, error_message } = await shop.run(jobId);
    expect([status, error_code]).toEqual(['partial', 'PAGE_CAP_REACHED']);
    expect(error_message).toContain('the rest of the selection was not read');
    expect(await knownStates(shop)).toEqual([]);
  });

  it('whose time the vendor refuses fails, instead of reading everything', async () => {
    shop.pages.customers = async () => {
      throw new SyncError('UPSTREAM_BAD_WATERMARK', 'The vendor answered 400: bad date');
    };
    const jobId = await selectionJob(shop, span);
    await expect(runEntity(shop.ctx, shop.turn(jobId))).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' });
    const { status, mode, error_message } = await shop.run(jobId);
    expect([status, mode]).toEqual(['failed', 'backfill']);
    expect(error_message).toContain('bad date');
  });
});

describe('the run of a selection whose place cannot be read any more', () => {
  it('starts over as itself: it moves no watermark, and sweeps nothing by a part of the list', async () => {
    await storeCustomers(shop, 'old', 'older');
    await knowSomething();
    const before = await knownStates(shop);
    sellThreePages();
    const sell = shop.pages.customers;
    shop.pages.customers = async (request) => {
      if (request.cursor?.['of'] !== undefined) throw new SyncError('CURSOR_UNREADABLE');
      return sell(request);
    };
    const jobId = await selectionJob(shop, span);
    await sql`update sync_progress set cursor = '{"of": "another release"}' where sync_job_id = ${jobId}`.execute(
      bed.db,
    );
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toMatchObject({ kind: 'rest' });
    const over = { status: 'running', mode: 'backfill', cursor: null, lower_bound: new Date(span.from) };
    expect(await shop.run(jobId)).toMatchObject(over);
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', mode: 'backfill', records_deleted: 0 });
    expect(Object.keys(await liveCustomers(shop))).toEqual(['c0', 'c1', 'c2', 'old', 'older']);
    expect(await knownStates(shop)).toEqual(before);
  });
});

describe('the run of a scope', () => {
  it('asks for the days around the moment when its job was made, with every page, and for nothing since a time', async () => {
    sellThreePages();
    Object.assign(shop.entity('customers'), { scopes: ['near'] });
    const jobId = await selectionJob(shop, { scope: 'near', days: 2 });
    const { lower_bound: from, upper_bound: to } = await shop.run(jobId);
    await runEntity(shop.ctx, shop.turn(jobId));
    expect((to as Date).getTime() - (from as Date).getTime()).toBe(4 * 86_400_000);
    expect(asked).toHaveLength(3);
    for (const request of asked) {
      expect(request).toMatchObject({ scope: { name: 'near', from, to }, since: undefined, span: undefined });
    }
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', mode: 'backfill', upper_bound: to });
    expect(await knownStates(shop)).toEqual([]);
  });
});

it('Postgres takes no backfill that does not say of what, and no selection for anything else', async () => {
  const owner = { organization_id: shop.connection.organizationId, connection_id: shop.connection.id };
  const job = { ...owner, sync_type: 'full', trigger: 'manual' } as const;
  await expect(
    bed.db
      .insertInto('sync_jobs')
      .values({ ...job, mode: 'backfill' })
      .execute(),
  ).rejects.toThrow(/selection/);
  const full = { ...job, mode: 'full', selection: '{"ids": ["a"]}' } as const;
  await expect(bed.db.insertInto('sync_jobs').values(full).execute()).rejects.toThrow(/selection/);
});
