import { type Cursor, entityOf, type Page, SyncError, type VendorAnswer } from '@syncline/connector-kit';
import { closeSweep, concludeJob, readStates } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPage, openShop, type Shop, type ShopEntity } from '../../testing/shop.js';
import { targetSql } from '../table-families.js';
import { runEntity } from './run-entity.js';
import { confirmSweep } from './sweep.js';

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

const some = (count: number, prefix = 'c') => Array.from({ length: count }, (_, i) => `${prefix}${100 + i}`);
const pageOf = (ids: readonly string[], next?: Cursor): Page => ({
  ...emptyPage,
  records: ids.map((id) => ({ id, name: id })),
  next,
});
const answerOf = (id: string, over: object = {}): VendorAnswer => ({
  json: { id, name: `${id} by id`, ...over },
  lossless: false,
  vendorTime: undefined,
});
const refusal = (status: number) => new SyncError('UPSTREAM_REJECTED', `answered ${status}`, { details: { status } });
const setSettings = (settings: Record<string, unknown>) =>
  bed.db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', shop.connection.id)
    .execute();

/** The vendor lists these, one page after the other. */
function lists(entity: ShopEntity, ...pages: readonly (readonly string[])[]): void {
  shop.pages[entity] = async ({ cursor }) => {
    const page = Number(cursor?.['page'] ?? 0);
    return pageOf(pages[page] ?? [], page + 1 < pages.length ? { page: page + 1 } : undefined);
  };
}

/** The vendor knows these, asked by id, and no others. Returns whom it was asked for. */
function knows(entity: ShopEntity, ids: readonly string[]): string[] {
  const asked: string[] = [];
  shop.ones[entity] = async (id) => {
    asked.push(id);
    if (!ids.includes(id)) throw refusal(404);
    return answerOf(id);
  };
  return asked;
}

async function newJob(entity: ShopEntity, mode: 'full' | 'incremental' = 'full'): Promise<string> {
  const jobId = await shop.job(mode);
  await sql`update sync_progress set status = 'succeeded'
    where sync_job_id = ${jobId} and entity <> ${entity}`.execute(bed.db);
  return jobId;
}

/** One turn of the entity's run, in a job of its own that is over then unless the run rests. */
async function sync(entity: ShopEntity = 'customers', mode?: 'full' | 'incremental') {
  const jobId = await newJob(entity, mode);
  const verdict = await runEntity(shop.ctx, shop.turn(jobId, { entity })).catch((error: unknown) => error);
  await concludeJob(bed.db, jobId);
  return { jobId, verdict, run: await shop.run(jobId, entity) };
}

async function rowsOf(entity: ShopEntity = 'customers') {
  const { rows } = await sql<{ vendor_id: string; deleted_at: Date | null; name: string }>`
    select vendor_id, deleted_at, name from ${sql.table(entity)}
    where connection_id = ${shop.connection.id} order by 1`.execute(bed.db);
  const ids = (dead: boolean) => rows.filter((row) => (row.deleted_at !== null) === dead).map((row) => row.vendor_id);
  return { live: ids(false), deleted: ids(true), names: new Map(rows.map((row) => [row.vendor_id, row.name])) };
}

const items = () =>
  bed.db.selectFrom('sync_failed_items').selectAll().where('connection_id', '=', shop.connection.id).execute();
const owner = (entity: ShopEntity = 'customers') => ({
  organizationId: shop.connection.organizationId,
  connectionId: shop.connection.id,
  entity,
});

describe('after a full reading', () => {
  it('a record that the list left out and the vendor has survives and is written; one that is gone is marked', async () => {
    lists('customers', ['a', 'b'], ['doomed', 'survivor', 'z']);
    await sync();
    lists('customers', ['a', 'b'], ['z']);
    const asked = knows('customers', ['a', 'b', 'survivor', 'z']);
    const { verdict, run } = await sync();
    expect(verdict).toEqual({ kind: 'done' });
    expect(await rowsOf()).toMatchObject({ live: ['a', 'b', 'survivor', 'z'], deleted: ['doomed'] });
    expect((await rowsOf()).names.get('survivor')).toBe('survivor by id');
    expect(run).toMatchObject({
      status: 'succeeded',
      records_deleted: 1,
      records_read: 4,
      records_updated: 1,
      pages: 3,
    });
    expect(asked.slice(-2)).toEqual(['doomed', 'survivor']);
    expect(await items()).toEqual([]);
  });

  it('nothing is asked for where nothing is missing', async () => {
    lists('customers', ['a']);
    await sync();
    const asked = knows('customers', []);
    expect((await sync()).run).toMatchObject({ status: 'succeeded', records_deleted: 0 });
    expect(asked).toEqual([]);
  });

  it('a list is believed where records cannot be asked for', async () => {
    lists('orders', some(20, 'o'));
    await sync('orders');
    lists('orders', some(15, 'o'));
    expect((await sync('orders')).run).toMatchObject({ status: 'succeeded', records_deleted: 5 });
    expect((await rowsOf('orders')).deleted).toEqual(some(20, 'o').slice(15));
  });

  it('a list is believed where more are missing than are asked for, within the brake', async () => {
    await setSettings({ pageSize: 1000, sweepMaxShare: 0.5 });
    lists('customers', some(400));
    await sync();
    lists('customers', some(299));
    const asked = knows('customers', []);
    expect((await sync()).run).toMatchObject({ status: 'succeeded', records_deleted: 101 });
    expect(asked).toEqual([]);
  });

  it('a record that is there but broken is not missing', async () => {
    lists('customers', ['a', 'b']);
    await sync();
    shop.pages.customers = async () => ({ ...emptyPage, records: [{ id: 'a' }, { id: 'b', name: 7 }] });
    await sync();
    expect((await rowsOf()).deleted).toEqual([]);
  });

  it('an answer under another id keeps the row that was asked for', async () => {
    lists('customers', ['a', 'merged']);
    await sync();
    lists('customers', ['a']);
    shop.ones.customers = async (id) => answerOf(id === 'merged' ? 'a' : id);
    expect((await sync()).run).toMatchObject({ status: 'succeeded', records_deleted: 0 });
    expect((await rowsOf()).live).toEqual(['a', 'merged']);
  });

  it('an answer that is broken is a failed item, and its row stays', async () => {
    lists('customers', ['a', 'broken']);
    await sync();
    lists('customers', ['a']);
    shop.ones.customers = async (id) => answerOf(id, { name: 7 });
    expect((await sync()).run).toMatchObject({ status: 'partial', records_failed: 1, records_deleted: 0 });
    expect(await items()).toMatchObject([{ kind: 'record', vendor_id: 'broken' }]);
    expect((await rowsOf()).live).toEqual(['a', 'broken']);
  });

  it('records without a readable id leave no row to be believed gone', async () => {
    lists('orders', some(20, 'o'));
    await sync('orders');
    shop.pages.orders = async () => ({
      ...pageOf(some(19, 'o')),
      records: [...pageOf(some(19, 'o')).records, { name: 'x' }],
    });
    expect((await sync('orders')).run).toMatchObject({
      status: 'partial',
      error_code: 'SWEEP_HELD',
      records_deleted: 0,
    });
    expect((await rowsOf('orders')).deleted).toEqual([]);
    expect((await items()).find(({ kind }) => kind === 'sweep')?.payload).toMatchObject({
      reason: 'unnamed',
      sample: ['o119'],
    });
  });
});

describe('nothing is deleted', () => {
  const doomed = async () => (await rowsOf()).deleted;
  beforeEach(async () => {
    lists('customers', ['a', 'b'], ['c', 'd'], ['e', 'f']);
    await sync();
    knows('customers', []);
  });

  it('by a run that fails on a page, until a retry has read the rest', async () => {
    let broken = true;
    shop.pages.customers = async ({ cursor }) => {
      if (cursor === undefined) return pageOf(['a'], { page: 1 });
      if (broken) throw refusal(400);
      return pageOf(['c']);
    };
    const { jobId, run } = await sync();
    expect(run).toMatchObject({ status: 'failed', pages: 1 });
    expect(await doomed()).toEqual([]);
    broken = false;
    shop.ones.customers = async (id) => (id === 'a' || id === 'c' ? answerOf(id) : Promise.reject(refusal(404)));
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_deleted: 4 });
    expect(await doomed()).toEqual(['b', 'd', 'e', 'f']);
  });

  it('by an incremental run', async () => {
    lists('customers', ['a']);
    expect((await sync('customers', 'incremental')).run).toMatchObject({ status: 'succeeded', records_deleted: 0 });
    expect(await doomed()).toEqual([]);
  });

  it('by a run whose pages lead in a circle', async () => {
    shop.pages.customers = async () => pageOf(['a'], { page: 1 });
    expect((await sync()).run).toMatchObject({ status: 'partial', error_code: 'CURSOR_CYCLE' });
    expect(await doomed()).toEqual([]);
  });

  it('by a run that is cancelled, were it while the vendor is asked', async () => {
    lists('customers', ['a']);
    const jobId = await newJob('customers');
    shop.ones.customers = async (id) => {
      await bed.db.updateTable('sync_jobs').set({ status: 'cancelled' }).where('id', '=', jobId).execute();
      if (id !== 'a') throw refusal(404);
      return answerOf(id);
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'cancelled', records_deleted: 0 });
    expect(await doomed()).toEqual([]);
  });

  it('while a stop is pressed; afterwards it is', async () => {
    lists('customers', ['a']);
    const jobId = await newJob('customers');
    const stop = (at: Date | null) =>
      bed.db
        .updateTable('organizations')
        .set({ stopped_at: at })
        .where('id', '=', shop.connection.organizationId)
        .execute();
    shop.ones.customers = async (id) => {
      await stop(new Date());
      if (id !== 'a') throw refusal(404);
      return answerOf(id);
    };
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', waiting_for: 'paused', records_deleted: 0 });
    expect(await doomed()).toEqual([]);
    await stop(null);
    knows('customers', ['a']);
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_deleted: 5 });
  });

  it('by a worker that was taken over while the vendor was asked', async () => {
    lists('customers', ['a']);
    const jobId = await newJob('customers');
    shop.ones.customers = async (id) => {
      await shop.claim(jobId);
      if (id !== 'a') throw refusal(404);
      return answerOf(id);
    };
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', records_deleted: 0 });
    expect(await doomed()).toEqual([]);
  });

  it('that was written while the list was read', async () => {
    shop.pages.customers = async () => {
      await sql`update customers set last_sync_at = now()
        where connection_id = ${shop.connection.id} and vendor_id = 'f'`.execute(bed.db);
      return pageOf(['a']);
    };
    knows('customers', ['a']);
    await sync();
    expect(await rowsOf()).toMatchObject({ live: ['a', 'f'], deleted: ['b', 'c', 'd', 'e'] });
  });
});

describe('a worker that dies', () => {
  /** As if it had been killed there: nothing after it happens, and the next claim takes over. */
  const killedAfterReading = async (jobId: string) => {
    const onBoundary = async (boundary: string) => {
      if (boundary === 'all-pages-read') throw new SyncError('FENCED_OUT', 'killed');
    };
    await runEntity({ ...shop.ctx, onBoundary }, shop.turn(jobId));
    const { scanId, ...run } = await shop.claim(jobId);
    expect(run.allPagesRead).toBe(true);
    return { ...run, scanId: scanId ?? '' };
  };
  beforeEach(async () => {
    lists('customers', some(20));
    await sync();
    lists('customers', some(15));
    knows('customers', some(15));
  });

  it('before its sweep has it done by the next one', async () => {
    const jobId = await newJob('customers');
    await killedAfterReading(jobId);
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_deleted: 5, epoch: 3 });
  });

  it('after its sweep leaves nothing to sweep by: the run ends, and nothing more is deleted', async () => {
    const jobId = await newJob('customers');
    const run = await killedAfterReading(jobId);
    const target = await targetSql(bed.db, shop.connector, entityOf(shop.connector, 'customers'));
    expect(await closeSweep(bed.db, target, run, { missing: true, returned: false })).toEqual({ deleted: 5 });
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_deleted: 5 });
    expect((await rowsOf()).live).toEqual(some(15));
  });
});

describe('a reading that takes several jobs', () => {
  it('deletes nothing before its last page, and then what none of its pages had', async () => {
    const all = some(30);
    lists('customers', all.slice(0, 10), all.slice(10, 20), all.slice(20));
    await sync();
    await setSettings({ maxPages: 2 });
    lists('customers', all.slice(1, 10), all.slice(11, 20), all.slice(20, 29));
    const asked = knows('customers', all.slice(1));
    const first = await sync();
    expect(first.run).toMatchObject({ status: 'partial', error_code: 'PAGE_CAP_REACHED', pages: 2 });
    expect((await rowsOf()).deleted).toEqual([]);
    const { continuation } =
      (await readStates(bed.db, owner().organizationId, owner().connectionId)).get('customers') ?? {};
    expect(continuation).toMatchObject({ cursor: { page: 2 }, scanId: first.run['scan_id'] });
    // What startSync makes of it.
    const jobId = await newJob('customers');
    await bed.db
      .updateTable('sync_progress')
      .set({ cursor: JSON.stringify(continuation?.cursor), scan_id: continuation?.scanId ?? null })
      .where('sync_job_id', '=', jobId)
      .where('entity', '=', 'customers')
      .execute();
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_deleted: 1, records_unchanged: 9 });
    expect(asked.slice(1).sort()).toEqual(['c100', 'c110', 'c129']);
    expect((await rowsOf()).deleted).toEqual(['c100']);
  });
});

describe('the brake', () => {
  it.each([
    ['10 of 100', 100, 90, 'succeeded'],
    ['11 of 100', 100, 89, 'partial'],
    ['15 of 300', 300, 285, 'succeeded'],
    ['16 of 300', 300, 284, 'partial'],
  ])('is at five percent and ten rows: %s', async (_what, before, after, status) => {
    await setSettings({ pageSize: 1000 });
    lists('orders', some(before, 'o'));
    await sync('orders');
    lists('orders', some(after, 'o'));
    const deleted = status === 'succeeded' ? before - after : 0;
    expect((await sync('orders')).run).toMatchObject({ status, records_deleted: deleted });
    expect((await rowsOf('orders')).deleted).toHaveLength(deleted);
  });

  it('is a setting of the connection', async () => {
    lists('orders', some(10, 'o'));
    await sync('orders');
    await setSettings({ sweepMaxRows: 2, sweepMaxShare: 0 });
    lists('orders', some(7, 'o'));
    expect((await sync('orders')).run).toMatchObject({ status: 'partial', error_code: 'SWEEP_HELD' });
    await setSettings({ sweepMaxRows: 3, sweepMaxShare: 0 });
    expect((await sync('orders')).run).toMatchObject({ status: 'succeeded', records_deleted: 3 });
  });

  it('holds an empty list with an item that says what it is about; the run is partial, its watermark moves', async () => {
    lists('customers', some(40));
    await sync();
    shop.pages.customers = async () => ({ ...emptyPage, vendorTime: new Date('2030-01-01T00:00:00Z') });
    const asked = knows('customers', some(40));
    const { run, jobId } = await sync();
    expect(run).toMatchObject({
      status: 'partial',
      error_code: 'SWEEP_HELD',
      all_pages_read: true,
      records_deleted: 0,
    });
    expect(run['error_message']).toMatch(/^40 of 40 rows are not in the vendor's list any more\. Nothing was deleted/);
    expect(await items()).toMatchObject([
      {
        ...{ kind: 'sweep', entity: 'customers', status: 'pending', error_code: 'SWEEP_HELD', sync_job_id: jobId },
        payload: { scanId: run['scan_id'], reason: 'brake', candidates: 40, live: 40, sample: some(20) },
      },
    ]);
    expect(asked).toEqual([]);
    expect((await rowsOf()).deleted).toEqual([]);
    const state = (await readStates(bed.db, owner().organizationId, owner().connectionId)).get('customers');
    expect(state).toMatchObject({ watermark: new Date('2030-01-01T00:00:00Z'), continuation: null });
  });

  it('is released by an operator: the rows are marked, the item is resolved, and a later sync revives', async () => {
    lists('customers', some(40));
    await sync();
    lists('customers', []);
    await sync();
    expect(await confirmSweep(shop.ctx, owner())).toBe(40);
    expect((await rowsOf()).deleted).toEqual(some(40));
    expect(await items()).toMatchObject([{ kind: 'sweep', status: 'resolved' }]);
    await expect(confirmSweep(shop.ctx, owner())).rejects.toMatchObject({ code: 'ITEM_RESOLVED' });
    lists('customers', some(40));
    expect((await sync()).run).toMatchObject({ status: 'succeeded', records_updated: 40 });
    expect((await rowsOf()).live).toEqual(some(40));
  });

  it('is not released for an item that has changed hands: a later reading has held other rows', async () => {
    lists('customers', some(40));
    await sync();
    lists('customers', some(20));
    await sync();
    const claim = '00000000-0000-4000-8000-000000000001';
    await sql`update sync_failed_items set claim = ${claim}, status = 'retrying'
      where connection_id = ${shop.connection.id}`.execute(bed.db);
    lists('customers', []);
    await sync();
    await expect(confirmSweep(shop.ctx, { ...owner(), claim })).rejects.toMatchObject({ code: 'ITEM_RESOLVED' });
    expect((await rowsOf()).deleted).toEqual([]);
    expect(await confirmSweep(shop.ctx, owner())).toBe(40);
  });

  it('knows no connection of another organization', async () => {
    const other = await openShop(bed);
    const theirs = { ...owner(), organizationId: other.connection.organizationId };
    await expect(confirmSweep(shop.ctx, theirs)).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
    await other.close();
  });
});

describe('a vendor that is asked for missing records', () => {
  beforeEach(async () => {
    lists('customers', ['a', 'b', 'c', 'd']);
    await sync();
    lists('customers', ['a']);
  });

  it.each([401, 403, 400])('and answers %s has the sweep held: what is not seen may only be hidden', async (status) => {
    shop.ones.customers = async (id) => {
      if (id === 'a') return answerOf(id);
      // Alive, but nothing that its row would show.
      if (id === 'b') return answerOf(id, { name: 7 });
      throw refusal(id === 'c' ? 404 : status);
    };
    expect((await sync()).run).toMatchObject({ status: 'partial', error_code: 'SWEEP_HELD', records_deleted: 0 });
    expect((await rowsOf()).deleted).toEqual([]);
    const item = (await items()).find(({ kind }) => kind === 'sweep');
    expect(item?.payload).toMatchObject({ reason: 'refused', candidates: 2, sample: ['c', 'd'] });
    expect(await confirmSweep(shop.ctx, owner())).toBe(2);
    expect(await rowsOf()).toMatchObject({ live: ['a', 'b'], deleted: ['c', 'd'] });
  });

  it('and does not accept the credentials has the sweep held as well', async () => {
    shop.ones.customers = async () => {
      throw new SyncError('UPSTREAM_AUTH');
    };
    expect((await sync()).run).toMatchObject({ status: 'partial', error_code: 'SWEEP_HELD' });
    expect((await rowsOf()).deleted).toEqual([]);
  });

  it('and knows none of those that it has just listed either is not believed', async () => {
    const asked = knows('customers', []);
    expect((await sync()).run).toMatchObject({ status: 'partial', error_code: 'SWEEP_HELD' });
    expect(asked).toEqual(['a']);
    expect((await rowsOf()).deleted).toEqual([]);
    expect(await items()).toMatchObject([{ payload: { reason: 'distrusted', candidates: 3 } }]);
  });

  it('and fails has the run tried again: what it has said already is kept, no page is read again', async () => {
    let broken = true;
    let listed = 0;
    const { customers: list } = shop.pages;
    shop.pages.customers = async (request) => {
      listed += 1;
      return list(request);
    };
    const asked: string[] = [];
    shop.ones.customers = async (id) => {
      asked.push(id);
      if (id === 'a' || id === 'c') return answerOf(id);
      if (id === 'd' && broken) throw new SyncError('UPSTREAM_UNAVAILABLE');
      throw refusal(404);
    };
    const { jobId, verdict, run } = await sync();
    expect(verdict).toMatchObject({ kind: 'rest' });
    expect(run).toMatchObject({ status: 'running', all_pages_read: true, records_deleted: 1, records_updated: 1 });
    expect(await rowsOf()).toMatchObject({ live: ['a', 'c', 'd'], deleted: ['b'] });
    broken = false;
    asked.length = 0;
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_deleted: 2 });
    expect(asked.at(-1)).toBe('d');
    expect(asked).not.toContain('b');
    expect(listed).toBe(1);
    expect(await rowsOf()).toMatchObject({ live: ['a', 'c'], deleted: ['b', 'd'] });
  });

  it.each([404, 410])('and answers %s says that they are gone', async (status) => {
    shop.ones.customers = async (id) => {
      if (id === 'a') return answerOf(id);
      throw refusal(status);
    };
    expect((await sync()).run).toMatchObject({ status: 'succeeded', records_deleted: 3 });
  });
});
