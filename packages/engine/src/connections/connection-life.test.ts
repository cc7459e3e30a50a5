import type { Page } from '@syncline/connector-kit';
import { findConnection, readJob, reportConnectionStatus } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
import { lookAfter } from '../job/reconcile.js';
import { runEntity } from '../run/run-entity.js';
import { deleteConnection } from './delete-connection.js';
import { pauseConnection, resumeConnection } from './pause-connection.js';

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

const by = { actor: 'Ann' };
const place = () => [shop.ctx, shop.connection.organizationId, shop.connection.id] as const;
const pageOf = (id: string, next?: Page['next']): Page => ({ ...emptyPage, records: [{ id }], next });
const rows = async () =>
  (await sql`select vendor_id from customers where connection_id = ${shop.connection.id}`.execute(bed.db)).rows.length;
const status = async () => {
  const { organizationId, id } = shop.connection;
  const found = await findConnection(bed.db, organizationId, id);
  return found && [found.status, found.statusReason];
};

describe('a connection that is paused', () => {
  it('has its running sync rest at the next page, and go on there when it is resumed', async () => {
    const jobId = await shop.job();
    shop.pages.customers = async ({ cursor }) => {
      if (cursor !== undefined) return pageOf('b');
      await pauseConnection(...place(), by);
      return pageOf('a', { page: 2 });
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', waiting_for: 'paused' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ standing: 'paused', flowRound: 0 });
    await lookAfter(shop.ctx, 0);
    expect(await readJob(bed.db, jobId)).toMatchObject({ flowRound: 0 });

    await resumeConnection(...place(), by);
    expect(await readJob(bed.db, jobId)).toMatchObject({ standing: 'live', flowRound: 1 });
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_read: 2 });
    expect(await rows()).toBe(2);
  });

  it('stays paused, whatever a sync that was under way finds out about it', async () => {
    await pauseConnection(...place(), by);
    for (const found of ['error', 'needs_reauth', 'active'] as const) {
      await reportConnectionStatus(bed.db, shop.connection, found, 'refused');
      expect(await status()).toEqual(['paused', 'by Ann']);
    }
    await resumeConnection(...place(), by);
    await reportConnectionStatus(bed.db, shop.connection, 'needs_reauth', 'refused');
    expect(await status()).toEqual(['needs_reauth', 'refused']);
    // Not a pause: nothing to end.
    await resumeConnection(...place(), by);
    expect(await status()).toEqual(['needs_reauth', 'refused']);
  });
});

describe('a connection that is deleted', () => {
  it('gets no row from a worker that was in the middle of a page, and is erased by the reconciler', async () => {
    const jobId = await shop.job();
    shop.pages.customers = async ({ cursor }) => {
      if (cursor === undefined) return pageOf('a', { page: 2 });
      await deleteConnection(...place(), true, by);
      return pageOf('b');
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await status()).toBeUndefined();
    expect(await rows()).toBeLessThan(2);
    await lookAfter(shop.ctx, 60);
    expect(await rows()).toBe(0);
    const { rows: left } = await sql`select id from connections where id = ${shop.connection.id}`.execute(bed.db);
    expect(left).toEqual([]);
    expect(await readJob(bed.db, jobId)).toBeUndefined();
  });
});
