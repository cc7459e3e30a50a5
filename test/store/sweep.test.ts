import { randomUUID } from 'node:crypto';
import { claimRun, closeSweep, countLive, holdSweep, lookForMissing, markGone, restartAsFull } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  beginScan,
  claimNext,
  endLiveJob,
  fullSync,
  livesAndDeaths,
  readWhole,
  type ScanRun,
  type SweptEntity,
  scansOf,
  seenBy,
} from './scans.js';
import { createScene, marks, type Row, record, rejected, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const monday = '2025-06-02T10:00:00.000Z';
const sunday = '2025-06-01T10:00:00.000Z';
const named = (...ids: string[]) => ids.map((id) => record(id, { name: id }, monday));
const target = (entity: SweptEntity) => scene.target(entity).sql;
const look = (run: ScanRun, limit = 10) => lookForMissing(bed.db, target('matters'), run, limit);
const close = (run: ScanRun, missing = true, returned = false) =>
  closeSweep(bed.db, target('matters'), run, { missing, returned });
const progress = (run: ScanRun) =>
  bed.db.selectFrom('sync_progress').selectAll().where('sync_job_id', '=', run.syncJobId).executeTakeFirstOrThrow();
const writtenSince = (...ids: string[]) =>
  sql`update exchanges set last_sync_at = now() where connection_id = ${scene.connection.id}
    and pp_matter_id = any(${ids})`.execute(bed.db);

describe('rows that are missing', () => {
  it('are those that the list did not have: not what is unchanged, broken or refused', async () => {
    await scene.write('matters', named('same', 'broken', 'refused', 'lost', 'gone'));
    const run = await beginScan(scene, 'matters');
    const refused = record('refused', { exchange_value: 'not a number' }, monday);
    await readWhole(scene, run, { records: named('same') }, { records: [refused], rejected: [rejected('broken')] });
    expect(await look(run)).toEqual({
      count: 2,
      ids: ['gone', 'lost'],
      returned: false,
      unnamed: 0,
      listed: ['refused', 'same'],
      pages: 2,
    });
    expect(await look(run, 1)).toMatchObject({ count: 2, ids: ['gone'] });
    expect(await countLive(bed.db, target('matters'), scene.connection.id)).toBe(5);
  });

  it('are not those that somebody has written since the scan began', async () => {
    await scene.write('matters', named('old', 'written'));
    const run = await beginScan(scene, 'matters');
    await writtenSince('written');
    await readWhole(scene, run, {});
    expect(await look(run)).toMatchObject({ count: 1, ids: ['old'] });
    expect(await close(run)).toEqual({ deleted: 1 });
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['written'], deleted: ['old'] });
  });

  it('are of the connection and of the entity', async () => {
    const other = await createScene(bed);
    await other.write('matters', named('theirs'));
    await scene.write('tasks', [record('task')]);
    await scene.write('matters', named('ours'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, {});
    expect(await look(run)).toMatchObject({ count: 1, ids: ['ours'], listed: [] });
    await close(run);
    expect(await livesAndDeaths(other, 'matters')).toEqual({ live: ['theirs'], deleted: [] });
    expect(await livesAndDeaths(scene, 'tasks')).toEqual({ live: ['task'], deleted: [] });
  });

  it('are counted beside records that have no name', async () => {
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { rejected: [rejected(undefined)] }, { rejected: [rejected(undefined)] });
    expect(await look(run)).toMatchObject({ count: 0, unnamed: 2 });
  });

  it('are looked for over all the jobs that the scan took', async () => {
    await scene.write('matters', named('a', 'b', 'c'));
    const first = await beginScan(scene, 'matters');
    await scene.commit(first, named('a'), { cursor: { skip: 1 }, seen: seenBy(first, named('a')) });
    const { scanId } = first;
    const second = { ...(await claimNext(scene, 'matters', { cursor: { skip: 1 }, scanId })), scanId };
    await readWhole(scene, second, { records: named('b') });
    expect(await look(second)).toMatchObject({ count: 1, ids: ['c'], pages: 1 });
  });

  it('are looked for in a run that started over in full, pages and all', async () => {
    await scene.write('matters', named('a', 'b'));
    const begun = await claimNext(scene, 'matters', { mode: 'incremental', lowerBound: new Date(0) });
    await scene.commit(begun, named('b'));
    await restartAsFull(bed.db, begun, 'refused');
    const again = await claimRun(bed.db, begun.syncJobId, 'matters', randomUUID());
    if (again === undefined || again.scanId === null) throw new Error('no scan');
    const run = { ...again, scanId: again.scanId };
    await readWhole(scene, run, { records: named('a') });
    expect(await look(run)).toMatchObject({ count: 1, ids: ['b'], pages: 2 });
  });

  it('cannot be told when pages were committed by somebody who noted nothing', async () => {
    await scene.write('matters', named('a', 'b'));
    const run = await beginScan(scene, 'matters');
    await scene.commit(run, named('a'));
    await readWhole(scene, { ...run, pages: 1 }, {});
    expect(await look(run)).toBeUndefined();
    expect(await close(run)).toBe('not-whole');
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a', 'b'], deleted: [] });
  });

  it('cannot be told when another scan has begun: a run that is retried after it deletes nothing', async () => {
    await scene.write('matters', named('a', 'b', 'c'));
    const late = await beginScan(scene, 'matters');
    await scene.commit(late, named('a'), { seen: seenBy(late, named('a')) });
    await fullSync(scene, 'matters', named('a', 'b', 'c'));
    await endLiveJob(scene);
    await sql`update sync_jobs set status = 'running' where id = ${late.syncJobId}`.execute(bed.db);
    await sql`update sync_progress set status = 'failed' where sync_job_id = ${late.syncJobId}`.execute(bed.db);
    const retried = await claimRun(bed.db, late.syncJobId, 'matters', randomUUID());
    if (retried === undefined) throw new Error('not claimed');
    const run = { ...retried, scanId: late.scanId };
    await readWhole(scene, run, { records: named('c') });
    expect(await look(run)).toBeUndefined();
    expect(await close(run)).toBe('not-whole');
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a', 'b', 'c'], deleted: [] });
  });
});

describe('closing a sweep', () => {
  it('marks what is missing, counts it, and lets go of the scan; nothing else is written', async () => {
    await scene.write('matters', named('a', 'b', 'gone'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { records: named('a', 'b') });
    const before = await scene.rows('matters');
    const scans = await bed.db.selectFrom('sync_scans').select('started_at').where('id', '=', run.scanId).execute();
    expect(await close(run)).toEqual({ deleted: 1 });
    const { gone, ...others } = await scene.rows('matters');
    expect(gone).toMatchObject({ deleted_at: expect.any(Date), name: 'gone', source_updated_at: new Date(monday) });
    const [scan] = scans;
    expect(gone?.['last_sync_at']).toEqual(scan?.started_at);
    const { gone: _, ...othersBefore } = before;
    expect(marks(others)).toEqual(marks(othersBefore));
    expect(await progress(run)).toMatchObject({ records_deleted: 1, records_read: 2, status: 'running' });
    expect(await scansOf(scene)).toEqual([]);
  });

  it('twice has one effect', async () => {
    await scene.write('matters', named('a', 'gone'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { records: named('a') });
    expect(await close(run)).toEqual({ deleted: 1 });
    expect(await close(run)).toBe('not-whole');
    expect(await look(run)).toBeUndefined();
    expect(await progress(run)).toMatchObject({ records_deleted: 1 });
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a'], deleted: ['gone'] });
  });

  it('leaves alone what is missing, if it is told so', async () => {
    await scene.write('matters', named('a', 'kept'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { records: named('a') });
    expect(await close(run, false)).toEqual({ deleted: 0 });
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([]);
  });

  it('is refused to a worker that was taken over', async () => {
    await scene.write('matters', named('gone'));
    const late = await beginScan(scene, 'matters');
    await readWhole(scene, late, {});
    await claimRun(bed.db, late.syncJobId, 'matters', randomUUID());
    const steps = [
      () => close(late),
      () => markGone(bed.db, target('matters'), late, ['gone']),
      () => holdSweep(bed.db, late, held(late)),
    ];
    for (const step of steps) await expect(step()).rejects.toMatchObject({ code: 'FENCED_OUT' });
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['gone'], deleted: [] });
    expect(await scansOf(scene)).toMatchObject([{ held: false }]);
  });

  it.each([
    // Not for good: Postgres may have lost the page in a failover, and whoever claims the run next reads it again.
    ['a page is missing', sql`all_pages_read = false`, 'Another worker has taken'],
    ['it is incremental', sql`mode = 'incremental'`, 'only a run that has read the whole list may sweep'],
    ['it is of another scan', sql`scan_id = gen_random_uuid()`, 'only a run that has read the whole list may sweep'],
  ])('is refused to a run if %s', async (_what, change, why) => {
    await scene.write('matters', named('kept'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, {});
    await sql`update sync_progress set ${change} where sync_job_id = ${run.syncJobId}`.execute(bed.db);
    await expect(close(run)).rejects.toThrow(why);
    await expect(markGone(bed.db, target('matters'), run, ['kept'])).rejects.toThrow(why);
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([]);
  });

  it('does nothing in a job that was cancelled', async () => {
    await scene.write('matters', named('kept'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, {});
    await bed.db.updateTable('sync_jobs').set({ status: 'cancelled' }).where('id', '=', run.syncJobId).execute();
    expect(await close(run)).toBe('cancelled');
    expect(await holdSweep(bed.db, run, held(run))).toBe('cancelled');
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([]);
    expect(await scene.failedItems('matters')).toEqual([]);
  });
});

describe('rows that the vendor was asked about', () => {
  it('are marked by their ids, unless somebody has written them since', async () => {
    await scene.write('matters', named('a', 'b', 'c', 'd'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { records: named('a') });
    await writtenSince('c');
    expect(await markGone(bed.db, target('matters'), run, ['b', 'c', 'unknown'])).toEqual({ deleted: 1 });
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a', 'c', 'd'], deleted: ['b'] });
    expect(await progress(run)).toMatchObject({ records_deleted: 1 });
    expect(await look(run)).toMatchObject({ count: 1, ids: ['d'] });
  });
});

describe('a row that is seen again', () => {
  const deletedBefore = async (...ids: string[]) => {
    await scene.write('matters', named(...ids));
    await fullSync(scene, 'matters', []);
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([...ids].sort());
  };

  it('revives with its page, unchanged as it may be, and keeps its key', async () => {
    await deletedBefore('back');
    const { back: dead } = await scene.rows('matters');
    await fullSync(scene, 'matters', named('back'));
    const { back } = await scene.rows('matters');
    expect(back).toMatchObject({ id: dead?.['id'], deleted_at: null });
  });

  it('revives in an incremental run as well', async () => {
    await deletedBefore('back');
    const run = await claimNext(scene, 'matters', { mode: 'incremental', lowerBound: new Date(0) });
    expect(await scene.commit(run, named('back'))).toMatchObject({ updated: 1 });
    expect((await livesAndDeaths(scene, 'matters')).live).toEqual(['back']);
  });

  it('revives at the end of the scan, where its page could not write it: broken, or in an older version', async () => {
    await deletedBefore('broken', 'restored', 'gone');
    const run = await beginScan(scene, 'matters');
    const restored = record('restored', { name: 'as it was' }, sunday);
    await readWhole(scene, run, { records: [restored], rejected: [rejected('broken')] });
    expect(await look(run)).toMatchObject({ count: 0, returned: true });
    await close(run, false, true);
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['broken', 'restored'], deleted: ['gone'] });
    expect((await scene.rows('matters'))['restored']).toMatchObject({ name: 'restored' });
  });

  it('does not revive by a scan that saw it before it was deleted', async () => {
    await scene.write('matters', named('a'));
    const run = await beginScan(scene, 'matters');
    await readWhole(scene, run, { records: named('a') });
    await sql`update exchanges set deleted_at = now(), last_sync_at = now()
      where connection_id = ${scene.connection.id}`.execute(bed.db);
    expect(await look(run)).toMatchObject({ returned: false });
    await close(run, true, true);
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual(['a']);
  });
});

describe('the children of a parent that is deleted', () => {
  const contact = (id: string, primary: boolean) => record(id, { pp_account_id: 'acme', is_primary: primary });
  const one = async (entity: SweptEntity, id: string): Promise<Row> => (await scene.rows(entity))[id] ?? {};

  beforeEach(async () => {
    await scene.write('accounts', [record('acme', { company_name: 'Acme Ltd' })]);
    await scene.write('contacts', [contact('ann', true)]);
    await scene.write('matters', [record('lease', { pp_account_id: 'acme' })]);
  });

  it('are not touched, and keep their links', async () => {
    const children = async () => marks({ ...(await scene.rows('contacts')), ...(await scene.rows('matters')) });
    const before = await children();
    await fullSync(scene, 'accounts', []);
    expect(await livesAndDeaths(scene, 'accounts')).toEqual({ live: [], deleted: ['acme'] });
    expect(await children()).toEqual(before);
    expect(await one('contacts', 'ann')).toMatchObject({ account_id: expect.any(String), company: 'Acme Ltd' });
    await fullSync(scene, 'contacts', []);
    expect(await children()).toEqual({ ...before, ann: expect.any(String) });
    expect(await one('matters', 'lease')).toMatchObject({ client_id: (await one('contacts', 'ann'))['id'] });
  });

  it('go over to another one that may be chosen, and back when the first one is there again', async () => {
    const [ann, bob] = [contact('ann', true), contact('bob', true)];
    await fullSync(scene, 'contacts', [ann, bob]);
    const client = async () => (await one('matters', 'lease'))['client_id'];
    expect(await client()).toBe((await one('contacts', 'ann'))['id']);
    await fullSync(scene, 'contacts', [bob]);
    expect(await client()).toBe((await one('contacts', 'bob'))['id']);
    await scene.commit(await claimNext(scene, 'matters'), [record('new', { pp_account_id: 'acme' })]);
    expect((await one('matters', 'new'))['client_id']).toBe((await one('contacts', 'bob'))['id']);
    await fullSync(scene, 'contacts', [ann, bob]);
    expect(await client()).toBe((await one('contacts', 'ann'))['id']);
  });
});

function held({ scanId }: ScanRun) {
  const payload = { scanId, reason: 'brake', candidates: 1, live: 1, sample: ['gone'] } as const;
  return { message: '1 of 1 rows is missing', payload };
}
