import { readJob } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
import { deleteConnection } from '../connections/delete-connection.js';
import type { EngineContext } from '../context.js';
import { finishJob } from '../job/finish-job.js';
import { lookAfter } from '../job/reconcile.js';
import { runEntity } from '../run/run-entity.js';

let bed: TestBed;
let shop: Shop;
let ctx: EngineContext;
beforeAll(async () => {
  bed = await createTestBed();
  // How many customers a shop has: a part of them a time, and as slow, or as broken, as the test says.
  await sql
    .raw(`
    create table customer_notes (organization_id uuid, connection_id uuid);
    create table customer_counts (organization_id uuid, connection_id uuid primary key, customers int);
    create table customer_faults (connection_id uuid, code text);
    create function count_customers(organization uuid, connection uuid) returns boolean language plpgsql as $$
    begin
      if exists (select from customer_faults f where f.connection_id = connection and f.code is not null) then
        raise 'too slow' using errcode = (select code from customer_faults f where f.connection_id = connection);
      end if;
      if exists (select from customer_faults f where f.connection_id = connection) then raise 'out of order'; end if;
      delete from customer_notes where ctid in (select ctid from customer_notes n where n.connection_id = connection limit 1);
      insert into customer_counts select organization, connection, count(*) from customers c where c.connection_id = connection
        on conflict (connection_id) do update set customers = excluded.customers;
      return exists (select from customer_notes n where n.connection_id = connection);
    end $$`)
    .execute(bed.db);
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  await sql`create or replace function note_customer() returns trigger language plpgsql as $$
    begin insert into customer_notes values (new.organization_id, new.connection_id); return null; end $$`.execute(
    bed.db,
  );
  await sql`create or replace trigger note_customer after insert on customers for each row
    execute function note_customer()`.execute(bed.db);
  const refreshes = [{ run: 'count_customers', changes: 'customer_notes', tables: ['customer_counts'] }];
  ctx = { ...shop.ctx, connectors: [{ ...shop.connector, refreshes }] };
  shop.pages.customers = async () => ({ ...emptyPage, records: [{ id: 'a' }, { id: 'b' }] });
});
afterEach(() => shop.close());

/** A whole job, as the queues would have it done. */
async function sync(): Promise<string> {
  const jobId = await shop.job();
  for (const entity of ['customers', 'orders', 'payments'] as const) await runEntity(ctx, shop.turn(jobId, { entity }));
  await finishJob(ctx, shop.turn(jobId));
  return (await readJob(bed.db, jobId))?.status ?? '';
}
const ours = async (table: string) => {
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}
    where connection_id = ${shop.connection.id}`.execute(bed.db);
  return rows;
};
const counted = async () => (await ours('customer_counts')).map(({ customers }) => customers);
const state = async () => (await ours('sync_refreshes'))[0];
const addByHand = (id: string) =>
  sql`insert into customers (organization_id, connection_id, vendor_id, raw)
    values (${shop.connection.organizationId}, ${shop.connection.id}, ${id}, '{}')`.execute(bed.db);

describe('what is computed from rows', () => {
  it('is up to date when a job ends, and soon after rows changed without one', async () => {
    expect(await sync()).toBe('succeeded');
    expect(await counted()).toEqual([2]);
    expect(await state()).toMatchObject({ name: 'count_customers', failures: 0, refreshed_at: expect.any(Date) });
    await addByHand('c');
    await lookAfter(ctx, 60);
    expect(await counted()).toEqual([3]);
  });

  it('is left to the end of the job while one is under way', async () => {
    await addByHand('c');
    await shop.job();
    await lookAfter(ctx, 60);
    expect(await counted()).toEqual([]);
  });

  it('fails no job: the failure is noted, and it is tried again after a while, or with the next job', async () => {
    await sql`insert into customer_faults values (${shop.connection.id})`.execute(bed.db);
    expect(await sync()).toBe('succeeded');
    expect(await counted()).toEqual([]);
    const rests = expect.any(Date);
    expect(await state()).toMatchObject({ failures: 1, error_message: 'out of order', rests_until: rests });
    await lookAfter(ctx, 60);
    expect(await state()).toMatchObject({ failures: 1 });
    await sql`update sync_refreshes set rests_until = now()`.execute(bed.db);
    await lookAfter(ctx, 60);
    expect(await state()).toMatchObject({ failures: 2 });
    await sql`delete from customer_faults`.execute(bed.db);
    await sync();
    expect(await counted()).toEqual([2]);
    expect(await state()).toMatchObject({ failures: 0, error_message: null, rests_until: null });
  });

  it('rests also where it takes longer than a statement may, which the next try would as well', async () => {
    await sql`insert into customer_faults values (${shop.connection.id}, '57014')`.execute(bed.db);
    expect(await sync()).toBe('succeeded');
    expect(await state()).toMatchObject({ failures: 1, error_message: 'too slow', rests_until: expect.any(Date) });
    await sql`update customer_faults set code = '57P01'`.execute(bed.db);
    await sql`delete from sync_refreshes`.execute(bed.db);
    await lookAfter(ctx, 60);
    // Postgres was shut down: that says nothing about what is computed.
    expect(await state()).toBeUndefined();
    await sql`delete from customer_faults`.execute(bed.db);
  });

  it('goes with a connection whose rows are deleted, and with it whatever was noted', async () => {
    await sync();
    await addByHand('c');
    await deleteConnection(ctx, shop.connection.organizationId, shop.connection.id, true, { actor: 'Ann' });
    await lookAfter(ctx, 60);
    expect([await counted(), await ours('customer_notes'), await ours('customers')]).toEqual([[], [], []]);
  });
});
