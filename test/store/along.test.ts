import { cancelJob, commitPages, failJob, type RecordBatch } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, page, record, rejected, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const contacts = (over: Partial<RecordBatch> = {}): RecordBatch => ({
  ...{ entity: 'contacts', target: scene.target('contacts'), rejected: [] },
  records: [record('c1', { pp_account_id: 'a' }), record('c2', { pp_account_id: 'a' })],
  ...over,
});

describe('records that come along with a page', () => {
  it('are written with it, linked to it, and counted in the run of their own entity', async () => {
    const outcome = await scene.write('accounts', [record('a')], { along: [contacts()] });
    expect(outcome).toMatchObject({ created: 1, unchanged: 0, alongFailed: 0 });
    const [account, { c1, c2 }] = [(await scene.rows('accounts'))['a'], await scene.rows('contacts')];
    expect([c1?.['account_id'], c2?.['account_id']]).toEqual([account?.['id'], account?.['id']]);
    expect(await scene.progress('accounts')).toMatchObject({ records_read: 1, records_created: 1 });
    expect(await scene.progress('contacts')).toMatchObject({ records_read: 2, records_created: 2, status: 'pending' });
    await scene.write('accounts', [record('a')], { along: [contacts()] });
    expect(await scene.progress('contacts')).toMatchObject({
      records_read: 4,
      records_created: 2,
      records_unchanged: 2,
    });
  });

  it('fail by themselves: broken or refused, they are failed items of their own entity, and mended there', async () => {
    const refused = record('c2', { pp_account_id: 'a', is_primary: 'perhaps' });
    const along = [contacts({ records: [record('c1'), refused], rejected: [rejected('c3')] })];
    expect(await scene.write('accounts', [record('a')], { along })).toMatchObject({ failed: 0, alongFailed: 2 });
    expect((await scene.failedItems('contacts')).map((item) => item['vendor_id'])).toEqual(['c2', 'c3']);
    expect(await scene.progress('contacts')).toMatchObject({ records_read: 3, records_created: 1, records_failed: 2 });
    expect(await scene.failedItems('accounts')).toEqual([]);
    await scene.write('accounts', [record('a')], { along: [contacts({ records: [record('c3')] })] });
    const items = await scene.failedItems('contacts');
    expect(items.map((item) => item['status'])).toEqual(['pending', 'resolved']);
  });

  it('are not there when the page is not', async () => {
    const run = await scene.claim('accounts');
    const batch = { ...page([record('a')], run.pages), along: [contacts()] };
    const broken = commitPages(bed.db, scene.target('accounts'), run, batch, () => {
      throw new Error('the worker is gone');
    });
    await expect(broken).rejects.toThrow('the worker is gone');
    expect(await scene.rows('contacts')).toEqual({});
    expect(await scene.progress('contacts')).toMatchObject({ records_read: 0 });
  });

  // A page holds its own run first, and then those of what came along: a deadlock would be the caller's 503.
  it.each([
    ['cancels', () => cancelJob(bed.db, scene.connection.organizationId, scene.jobId, { actor: 'me' })],
    ['gives up', () => failJob(bed.db, scene.jobId, 'JOB_STALE', 'stale')],
  ])('who %s the job meanwhile waits for the page, and holds nothing that it needs', async (_, end) => {
    const run = (entity: string) => sql`sync_job_id = ${scene.jobId} and entity = ${entity}`;
    await scene.write('accounts', [record('a')], { along: [contacts()] });
    const waiting = async () => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(bed.db);
      return rows[0]?.count;
    };
    let ended: Promise<boolean> | undefined;
    await bed.db.transaction().execute(async (page) => {
      await sql`select from sync_progress where ${run('accounts')} for update`.execute(page);
      ended = end();
      await expect.poll(waiting).toBe(1);
      await sql`select from sync_progress where ${run('contacts')} for update nowait`.execute(page);
    });
    expect(await ended).toBe(true);
  });
});
