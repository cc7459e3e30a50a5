import { concludeJob, listAudit, noteMember } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { lookAfter } from '../job/reconcile.js';
import { clearByHand, keepRetention } from './clear-old-rows.js';

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await sql`truncate leases, sync_jobs cascade`.execute(bed.db);
  shop = await openShop(bed);
});
afterEach(() => shop.close());

/** A sync of the shop that ended so many days ago. */
async function oldJob(days: number, of: Shop = shop): Promise<void> {
  const id = await of.job();
  await of.setRuns(id, 'succeeded', 'succeeded', 'succeeded');
  await concludeJob(bed.db, id);
  await sql`update sync_jobs set created_at = now() - make_interval(days => ${days}),
    ended_at = now() - make_interval(days => ${days}) where id = ${id}`.execute(bed.db);
}
const jobs = async () => (await bed.db.selectFrom('sync_jobs').select('id').execute()).length;
const keep = () => keepRetention(shop.ctx, 90);

describe('by itself', () => {
  it('clears away, a batch at a time, until nothing is left; then not before tomorrow', async () => {
    const { organizationId, id } = shop.connection;
    await sql`insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, ended_at)
      select ${organizationId}, ${id}, 'full', 'full', 'manual', 'succeeded', now() - interval '91 days', now() - interval '91 days'
      from generate_series(1, 1001)`.execute(bed.db);
    await keep();
    expect(await jobs()).toBe(1);
    await keep();
    expect(await jobs()).toBe(0);
    await keep();
    await oldJob(100);
    await keep();
    expect(await jobs()).toBe(1);
    const lease = await bed.db.selectFrom('leases').select('held_until').executeTakeFirstOrThrow();
    const hours = (lease.held_until.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24.1);
    await sql`update leases set held_until = now() - interval '1 second'`.execute(bed.db);
    await keep();
    expect(await jobs()).toBe(0);
  });

  it('forgets people who have not come for so long, and nobody who is shut out', async () => {
    const { organizationId } = shop.connection;
    for (const subject of ['gone', 'here', 'shut out']) {
      const person = { issuer: 'https://id.example.com', subject, name: null, email: null, role: 'viewer' } as const;
      await noteMember(bed.db, [organizationId], person);
    }
    await sql`update members set last_seen_at = now() - interval '91 days' where subject <> 'here'`.execute(bed.db);
    await sql`update members set blocked_at = now(), blocked_by = 'test', blocked_reason = 'left'
      where subject = 'shut out'`.execute(bed.db);
    await keep();
    const left = await bed.db.selectFrom('members').select('subject').orderBy('subject').execute();
    expect(left.map(({ subject }) => subject)).toEqual(['here', 'shut out']);
  });

  it('is one process’ duty at a time', async () => {
    await oldJob(100);
    await sql`insert into leases values ('retention', gen_random_uuid(), now() + interval '1 minute')`.execute(bed.db);
    await keep();
    expect(await jobs()).toBe(1);
  });

  it('is part of looking after things, where it is switched on', async () => {
    await oldJob(100);
    await lookAfter(shop.ctx, 15);
    expect(await jobs()).toBe(1);
    await lookAfter({ ...shop.ctx, retentionDays: 101 }, 15);
    expect(await jobs()).toBe(1);
    await sql`truncate leases`.execute(bed.db);
    await lookAfter({ ...shop.ctx, retentionDays: 99 }, 15);
    expect(await jobs()).toBe(0);
  });
});

describe('by hand', () => {
  const by = { actor: 'Ann', address: '192.0.2.7' };

  it('clears one organization, also when the day’s work is done, and is noted with what went', async () => {
    const other = await openShop(bed);
    await oldJob(50);
    await oldJob(50, other);
    await keep();
    const { organizationId } = shop.connection;
    const cleared = await clearByHand(shop.ctx, organizationId, 30, by, 10);
    expect(cleared).toEqual({
      deleted: { sync_jobs: 1, sync_progress: 3, sync_failed_items: 0, sync_schedule_runs: 0, audit_log: 0 },
      complete: true,
    });
    expect(await jobs()).toBe(1);
    expect(await listAudit(bed.db, organizationId, {}, { limit: 9, offset: 0 })).toMatchObject([
      { ...by, action: 'maintenance.cleanup', details: { daysToKeep: 30, deleted: cleared.deleted } },
    ]);
    await other.close();
  });

  it('says so when the time was not enough, and is noted all the same', async () => {
    await oldJob(50);
    const { organizationId } = shop.connection;
    expect(await clearByHand(shop.ctx, organizationId, 30, by, 0)).toMatchObject({ complete: false });
    expect(await listAudit(bed.db, organizationId, {}, { limit: 9, offset: 0 })).toHaveLength(1);
  });
});
