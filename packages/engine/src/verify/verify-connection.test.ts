import { type Page, type PageRequest, SyncError } from '@syncline/connector-kit';
import type { Turn, WakeUpPayload } from '@syncline/queue';
import {
  claimVerification,
  comparePages,
  insertHistory,
  listDueVerifications,
  listFindings,
  listVerifications,
  type VerificationView,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPage, entities, openShop, type Shop, type ShopEntity } from '../../testing/shop.js';
import { finishJob } from '../job/finish-job.js';
import { runEntity } from '../run/run-entity.js';
import { startRepair, startVerification } from './start-verification.js';
import { verifyConnection } from './verify-connection.js';

interface Item {
  readonly id: string;
  readonly name?: unknown;
  readonly changed?: string;
}

let bed: TestBed;
let shop: Shop;
let stock: Record<ShopEntity, Item[]>;
/** Called before a page is given out. */
let onPage: (entity: ShopEntity, page: number) => void | Promise<void>;
/** What the list leaves out. */
let hidden: ReadonlySet<string>;

beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

const day = '2026-03-01T00:00:00Z';
const some = (prefix: string, count: number): Item[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${prefix}${i + 10}`, name: `${prefix} ${i}`, changed: day }));

beforeEach(async () => {
  shop = await openShop(bed);
  stock = { customers: some('c', 25), orders: some('o', 12), payments: some('p', 3) };
  onPage = () => undefined;
  hidden = new Set();
  for (const name of entities) {
    shop.pages[name] = async ({ cursor, pageSize }: PageRequest): Promise<Page> => {
      const at = Number(cursor?.['at'] ?? 0);
      await onPage(name, at / pageSize);
      const listed = stock[name].filter(({ id }) => !hidden.has(id));
      const next = at + pageSize < listed.length ? { at: at + pageSize } : undefined;
      return { records: listed.slice(at, at + pageSize), lossless: false, next, vendorTime: new Date(day) };
    };
    shop.ones[name] = async (id) => {
      const json = stock[name].find((item) => item.id === id);
      if (json === undefined) throw new SyncError('UPSTREAM_REJECTED', 'none', { details: { status: 404 } });
      return { json, lossless: false, vendorTime: undefined };
    };
  }
  const jobId = await shop.job();
  for (const entity of entities) await runEntity(shop.ctx, shop.turn(jobId, { entity }));
  await sql`update sync_jobs set status = 'succeeded' where id = ${jobId}`.execute(bed.db);
});
afterEach(() => shop.close());

const order = { entities: [], trigger: 'manual', triggeredBy: 'somebody' } as const;

function turn(over: Partial<Turn<WakeUpPayload>> = {}): Turn<WakeUpPayload> {
  const { organizationId, id: connectionId } = shop.connection;
  return {
    payload: { v: 1, organizationId, connectionId, connector: 'shop', entity: '' },
    signal: new AbortController().signal,
    failures: 0,
    othersWait: async () => false,
    ...over,
  };
}

async function view(id: string): Promise<VerificationView> {
  const [one] = await listVerifications(bed.db, shop.connection.organizationId, { id });
  return one as VerificationView;
}

async function findings(id: string) {
  const all = await listFindings(bed.db, shop.connection.organizationId, id, {}, 1_000);
  return all.map(({ vendorId, kind, fields, reason }) =>
    [vendorId, kind, ...fields, ...(reason ? [reason] : [])].join(' '),
  );
}

async function verify(entities: readonly string[] = []): Promise<string> {
  const id = await startVerification(shop.ctx, shop.connection, { ...order, entities });
  expect(await verifyConnection(shop.ctx, turn())).toEqual({ kind: 'done' });
  return id;
}

const ours = () => sql`connection_id = ${shop.connection.id}`;
const plant = (table: string, set: string, id: string) =>
  sql`update ${sql.table(table)} set ${sql.raw(set)} where ${ours()} and vendor_id = ${id}`.execute(bed.db);

describe('a verification', () => {
  it('says that a clean set is clean, with the same sums on both sides, and writes nothing', async () => {
    const rows = () => sql`select *, xmin, ctid from customers where ${ours()} order by vendor_id`.execute(bed.db);
    const before = await rows();
    const id = await verify();
    const { status, entities: seen } = await view(id);
    expect(status).toBe('done');
    expect(await findings(id)).toEqual([]);
    expect(seen.map(({ entity, records, rows: stored, sampled }) => [entity, records, stored, sampled])).toEqual([
      ['customers', 25, 25, 20],
      ['orders', 12, 12, null],
      ['payments', 3, 3, 3],
    ]);
    const { buckets } = seen[0] as VerificationView['entities'][number];
    expect(buckets?.reduce((sum, { vendor }) => sum + vendor.records, 0)).toBe(25);
    for (const { vendor, stored } of buckets ?? []) expect(vendor).toEqual(stored);
    expect(buckets?.every(({ vendor }) => /^[0-9a-f]{16}$/.test(vendor.checksum))).toBe(true);
    expect((await rows()).rows).toEqual(before.rows);
    expect(await bed.db.selectFrom('verification_pages').selectAll().execute()).toEqual([]);
  });

  it('finds what was planted: rows removed, changed, left behind, ahead of their time, and too many', async () => {
    for (const [table, prefix] of [
      ['customers', 'c'],
      ['orders', 'o'],
    ] as const) {
      await sql`delete from ${sql.table(table)} where ${ours()} and vendor_id = ${`${prefix}10`}`.execute(bed.db);
      await plant(table, 'deleted_at = now()', `${prefix}11`);
      await plant(table, `name = 'somebody else'`, `${prefix}12`);
      await plant(table, `name = 'older', source_updated_at = '2025-01-01'`, `${prefix}13`);
      await plant(table, `name = 'newer', source_updated_at = '2027-01-01'`, `${prefix}14`);
      await sql`insert into ${sql.table(table)} (organization_id, connection_id, vendor_id, raw)
        values (${shop.connection.organizationId}, ${shop.connection.id}, ${`${prefix}99`}, '{}')`.execute(bed.db);
      // A last_sync_at of now would be a sync's that has just come.
      await plant(table, `last_sync_at = now() - interval '1 hour'`, `${prefix}99`);
    }
    const id = await verify();
    const expected = (prefix: string) => [
      `${prefix}10 missing`,
      `${prefix}11 missing`,
      `${prefix}12 different name`,
      `${prefix}13 stale name source_updated_at`,
      `${prefix}14 different source_updated_at`,
      `${prefix}99 extra`,
    ];
    expect(await findings(id)).toEqual([...expected('c'), ...expected('o')]);
    const all = await listFindings(bed.db, shop.connection.organizationId, id, {}, 100);
    expect(all.filter(({ confirmed }) => confirmed).map(({ vendorId }) => vendorId)).toEqual(
      expected('c').map((line) => line.split(' ')[0]),
    );
    const [customers] = (await view(id)).entities;
    expect(customers).toMatchObject({ missing: 2, different: 2, stale: 1, extra: 1, rows: 24, records: 25 });
    const unequal = customers?.buckets?.filter(({ vendor, stored }) => vendor.checksum !== stored.checksum) ?? [];
    expect(unequal.length).toBeGreaterThan(0);
  });

  it('leaves out what a sync has written meanwhile, and what is younger than the watermark', async () => {
    stock.orders.push({ id: 'o90', name: 'new', changed: '2026-03-02T00:00:00Z' });
    stock.orders[3] = { id: 'o13', name: 'changed', changed: '2026-03-02T00:00:00Z' };
    stock.orders[4] = { id: 'o14', name: 'changed', changed: day };
    onPage = async (entity, page) => {
      if (entity !== 'orders' || page === 0) return;
      await eventuallyFound('o14');
      await plant('orders', `name = 'changed', last_sync_at = now()`, 'o14');
      await plant('orders', `name = 'later', last_sync_at = now()`, 'o15');
      await plant('orders', 'deleted_at = now(), last_sync_at = now()', 'o16');
    };
    const id = await verify(['orders']);
    expect(await findings(id)).toEqual([]);
    const [orders] = (await view(id)).entities;
    expect(orders?.notDue).toBe(2);
    expect(orders?.moved).toBe(3);
    for (const { vendor, stored } of orders?.buckets ?? []) expect(vendor).toEqual(stored);
  });

  /** The page before is compared while the next one is fetched. */
  async function eventuallyFound(vendorId: string): Promise<void> {
    await expect
      .poll(() =>
        bed.db
          .selectFrom('verification_findings')
          .select('vendor_id')
          .where('vendor_id', '=', vendorId)
          .where('organization_id', '=', shop.connection.organizationId)
          .execute(),
      )
      .toHaveLength(1);
  }

  it('asks again for what a list says: a record that it only leaves out is not too many', async () => {
    hidden = new Set(['c12', 'o12']);
    shop.ones.customers = async (id) => {
      const json = stock.customers.find((item) => item.id === id);
      // The list was behind, and the record itself is not.
      return {
        json: id === 'c30' ? { ...json, name: 'says something else' } : json,
        lossless: false,
        vendorTime: undefined,
      };
    };
    const id = await verify();
    const found = await findings(id);
    expect(found).toContain('o12 extra');
    expect(found.filter((line) => line.startsWith('c')).every((line) => line === 'c30 different name raw')).toBe(true);
    expect((await view(id)).entities[0]).toMatchObject({ entity: 'customers', dismissed: 1, extra: 0 });
  });

  it('says of a record that nobody can store what is the matter, and does not count it as gone', async () => {
    stock.orders[0] = { id: 'o10', name: 5, changed: day };
    stock.orders.push({ id: 'o81', name: ['x'], changed: day });
    const id = await verify(['orders']);
    expect(await findings(id)).toEqual(['o10 stale RECORD_INVALID', 'o81 missing RECORD_INVALID']);
    expect((await view(id)).entities[0]).toMatchObject({ unreadable: 2 });
  });

  it('does not take rows for too many that belong to a part of the list which the vendor did not give', async () => {
    Object.assign(shop.entity('orders'), { sweeps: false });
    stock.orders.splice(2, 1);
    stock.orders[0] = { id: 'o10', name: 5, changed: day };
    expect(await findings(await verify(['orders']))).toEqual(['o10 stale RECORD_INVALID']);
    // Nor those of what comes along with it.
    Object.assign(shop.entity('orders'), { brings: ['payments'] });
    Object.assign(shop.entity('payments'), { sweeps: false, fetchOne: undefined });
    const orders = shop.pages.orders;
    shop.pages.orders = async (request) => ({ ...(await orders(request)), along: { payments: [] } });
    shop.pages.payments = async () => emptyPage;
    expect(await findings(await verify(['orders']))).toEqual(['o10 stale RECORD_INVALID']);
    Object.assign(shop.entity('orders'), { brings: undefined });
    stock.orders[0] = { id: 'o10', name: 'o 0', changed: day };
    expect(await findings(await verify(['orders']))).toEqual(['o12 extra']);
  });

  it('does not miss what a history has still to read, and counts it apart', async () => {
    Object.assign(shop.entity('orders'), { history: true });
    const { organizationId, id: connectionId } = shop.connection;
    const months = { firstMonth: '2026-01', lastMonth: '2026-03' };
    await insertHistory(bed.db, { organizationId, connectionId }, months);
    await sql`delete from orders where ${ours()} and vendor_id in ('o12', 'o14')`.execute(bed.db);
    await plant('orders', 'deleted_at = now()', 'o13');
    const early = await verify(['orders']);
    expect(await findings(early)).toEqual(['o13 missing']);
    expect((await view(early)).entities[0]).toMatchObject({ notDue: 2, missing: 1, extra: 0 });
    await sql`update history_backfills set state = 'done' where ${ours()}`.execute(bed.db);
    expect(await findings(await verify(['orders']))).toEqual(['o12 missing', 'o13 missing', 'o14 missing']);
  });

  it('goes on where it was, turn by turn; whoever had it before writes no more', async () => {
    const id = await startVerification(shop.ctx, shop.connection, order);
    let asked = 0;
    onPage = () => {
      asked += 1;
    };
    const othersWait = async () => true;
    const { organizationId, id: connectionId } = shop.connection;
    const late = await claimVerification(bed.db, { organizationId, connectionId });
    const verdicts: string[] = [];
    for (let i = 0; i < 30 && verdicts.at(-1) !== 'done'; i += 1) {
      verdicts.push((await verifyConnection(shop.ctx, turn({ othersWait }))).kind);
    }
    expect(verdicts.filter((kind) => kind === 'yield').length).toBeGreaterThan(5);
    expect(await view(id)).toMatchObject({ status: 'done' });
    expect(await findings(id)).toEqual([]);
    // Not a page was read twice.
    expect(asked).toBe(3 + 2 + 1);
    const batch = { entity: 'orders', pages: 1, pagesBefore: 2, cursor: undefined, evidence: [] };
    await expect(comparePages(bed.db, late as { id: string; epoch: number }, batch)).rejects.toMatchObject({
      code: 'FENCED_OUT',
    });
  });

  it('rests at its next page while the organization is stopped, and goes on there', async () => {
    const { organizationId, id: connectionId } = shop.connection;
    const stop = (at: string) => sql`update organizations set stopped_at = ${sql.raw(at)} where id = ${organizationId}`;
    let asked = 0;
    onPage = async (_, page) => {
      asked += 1;
      if (asked === 2 && page === 1) await stop('now()').execute(bed.db);
    };
    const id = await startVerification(shop.ctx, shop.connection, order);
    expect(await verifyConnection(shop.ctx, turn())).toEqual({ kind: 'done' });
    expect(asked).toBeLessThan(5);
    expect(await view(id)).toMatchObject({ status: 'running' });
    const places = async () => (await listDueVerifications(bed.db, 100)).map((place) => place.connectionId);
    expect(await places()).not.toContain(connectionId);
    await stop('null').execute(bed.db);
    expect(await places()).toContain(connectionId);
    expect(await verifyConnection(shop.ctx, turn())).toEqual({ kind: 'done' });
    expect(await view(id)).toMatchObject({ status: 'done' });
    expect(await findings(id)).toEqual([]);
  });

  it('rests for a budget, tries again what may pass, and fails with its reason for what does not', async () => {
    const resumeAt = new Date(Date.now() + 3_600_000);
    const failing = (error: SyncError) => {
      onPage = () => {
        throw error;
      };
    };
    failing(new SyncError('BUDGET_WAIT', undefined, { resumeAt }));
    const id = await startVerification(shop.ctx, shop.connection, order);
    expect(await verifyConnection(shop.ctx, turn())).toEqual({ kind: 'rest', until: resumeAt });
    expect(await view(id)).toMatchObject({ status: 'running', waitingFor: 'BUDGET_WAIT', dueAt: resumeAt });
    const due = () => sql`update verifications set due_at = now() where id = ${id}`.execute(bed.db);
    failing(new SyncError('UPSTREAM_UNAVAILABLE'));
    for (let i = 0; i < 4; i += 1) {
      await due();
      expect(await verifyConnection(shop.ctx, turn())).toMatchObject({ kind: 'rest' });
    }
    await due();
    expect(await verifyConnection(shop.ctx, turn())).toEqual({ kind: 'done' });
    expect(await view(id)).toMatchObject({ status: 'failed', errorCode: 'UPSTREAM_UNAVAILABLE' });
    // So does what takes longer than a statement may, each time.
    onPage = async () => {
      await sql`do $$ begin raise 'too slow' using errcode = '57014'; end $$`.execute(bed.db);
    };
    const slow = await startVerification(shop.ctx, shop.connection, order);
    for (let i = 0; i < 5; i += 1) {
      await sql`update verifications set due_at = now() where id = ${slow}`.execute(bed.db);
      await verifyConnection(shop.ctx, turn());
    }
    expect(await view(slow)).toMatchObject({ status: 'failed', errorCode: 'DATABASE_UNAVAILABLE' });
    // The next one may be ordered then, but not two at once.
    await startVerification(shop.ctx, shop.connection, order);
    await expect(startVerification(shop.ctx, shop.connection, order)).rejects.toMatchObject({
      code: 'VERIFICATION_RUNNING',
    });
    await expect(startVerification(shop.ctx, { ...shop.connection, status: 'paused' }, order)).rejects.toMatchObject({
      code: 'CONNECTION_NOT_READY',
    });
    await expect(startVerification(shop.ctx, shop.connection, { ...order, entities: ['bills'] })).rejects.toThrow(
      RangeError,
    );
  });
});

describe('a repair', () => {
  const due = () => sql`update verifications set due_at = now() where ${ours()}`.execute(bed.db);
  const repair = async (id: string) => {
    await startRepair(shop.ctx, shop.connection, id, { actor: 'operator' });
    for (let turns = 0; turns < 20; turns += 1) {
      await due();
      if ((await verifyConnection(shop.ctx, turn())).kind === 'done') return;
      const { rows } = await sql<{ id: string; entity: string }>`select j.id, p.entity from sync_jobs j
        join sync_progress p on p.sync_job_id = j.id where j.${ours()} and j.status in ('queued', 'running')`.execute(
        bed.db,
      );
      for (const job of rows) await runEntity(shop.ctx, shop.turn(job.id, { entity: job.entity as ShopEntity }));
      for (const job of rows) await finishJob(shop.ctx, shop.turn(job.id));
    }
    throw new Error('the repair does not end');
  };
  const repairOf = async (id: string) => {
    const { repair: state, repairError } = await view(id);
    return [state, repairError];
  };
  const tooMany = (table: ShopEntity, prefix: string, count: number) =>
    sql`insert into ${sql.table(table)} (organization_id, connection_id, vendor_id, raw, last_sync_at)
      select ${shop.connection.organizationId}, ${shop.connection.id}, ${prefix} || i, '{}', now() - interval '1 hour'
      from generate_series(1000, ${999 + count}) i`.execute(bed.db);
  const live = async (table: ShopEntity) =>
    (await sql`select 1 from ${sql.table(table)} where ${ours()} and deleted_at is null`.execute(bed.db)).rows.length;

  it('locks and writes nothing while another sync is in its way', { timeout: 30_000 }, async () => {
    await tooMany('orders', 'o', 1);
    await plant('orders', `name = 'somebody else'`, 'o12');
    const id = await verify(['orders']);
    const other = await shop.job();
    await startRepair(shop.ctx, shop.connection, id, { actor: 'operator' });
    await bed.db.transaction().execute(async (trx) => {
      await sql`select 1 from orders where ${ours()} and vendor_id = 'o1000' for update`.execute(trx);
      expect(await verifyConnection(shop.ctx, turn())).toMatchObject({ kind: 'rest' });
    });
    expect(await view(id)).toMatchObject({ repair: 'asked', waitingFor: 'SYNC_ALREADY_RUNNING' });
    await sql`update sync_jobs set status = 'succeeded' where id = ${other}`.execute(bed.db);
  });

  it('asks the vendor before it marks rows of which he can be asked, however many they are', async () => {
    // The list leaves them out, and the vendor has them.
    stock.payments = some('p', 1_100);
    const jobId = await shop.job();
    for (const entity of entities) await runEntity(shop.ctx, shop.turn(jobId, { entity }));
    await sql`update sync_jobs set status = 'succeeded' where id = ${jobId}`.execute(bed.db);
    expect(await live('payments')).toBe(1_100);
    hidden = new Set(stock.payments.slice(0, 1_090).map(({ id }) => id));
    const id = await verify(['payments']);
    // As if the first fifty were confirmed: the others are not asked for.
    await sql`insert into verification_findings (verification_id, entity, vendor_id, organization_id, kind)
      select ${id}, 'payments', vendor_id, organization_id, 'extra' from payments where ${ours()}
        and vendor_id = any(${[...hidden]})`.execute(bed.db);
    await repair(id);
    expect(await live('payments')).toBe(1_100);
  });

  it('leaves rows alone where a full sync does not read all, and they are more than a sweep would mark', async () => {
    Object.assign(shop.entity('orders'), { sweeps: false });
    await tooMany('orders', 'o', 11);
    const id = await verify(['orders']);
    await repair(id);
    expect(await live('orders')).toBe(23);
    expect(await repairOf(id)).toEqual(['failed', expect.stringContaining('orders: 11 rows are too many')]);
    await sql`delete from orders where ${ours()} and vendor_id = 'o1000'`.execute(bed.db);
    const less = await verify(['orders']);
    await repair(less);
    expect([await live('orders'), await repairOf(less)]).toEqual([12, ['done', null]]);
  });

  it('marks what is too many where nothing can be asked for, without a sync; not what was written since', async () => {
    await tooMany('orders', 'o', 2);
    const id = await verify(['orders']);
    expect(await findings(id)).toEqual(['o1000 extra', 'o1001 extra']);
    await plant('orders', 'last_sync_at = now()', 'o1000');
    await repair(id);
    const { rows } = await sql`select vendor_id as id from orders where ${ours()} and deleted_at is not null`.execute(
      bed.db,
    );
    expect(rows).toEqual([{ id: 'o1001' }]);
    const jobs = await sql`select id from sync_jobs where ${ours()} and sync_type = 'repair'`.execute(bed.db);
    expect([jobs.rows, await repairOf(id)]).toEqual([[], ['done', null]]);
  });

  it('that has failed can be ordered again', async () => {
    await plant('orders', `name = 'somebody else'`, 'o12');
    const id = await verify(['orders']);
    await startRepair(shop.ctx, shop.connection, id, { actor: 'operator' });
    expect(await verifyConnection(shop.ctx, turn())).toMatchObject({ kind: 'rest' });
    await sql`update sync_jobs set status = 'cancelled' where ${ours()} and status in ('queued', 'running')`.execute(
      bed.db,
    );
    await due();
    expect(await verifyConnection(shop.ctx, turn())).toEqual({ kind: 'done' });
    expect(await repairOf(id)).toEqual(['failed', 'orders: the sync that repairs it ended as cancelled']);
    await repair(id);
    expect(await repairOf(id)).toEqual(['done', null]);
    expect(await findings(await verify(['orders']))).toEqual([]);
  });
});
