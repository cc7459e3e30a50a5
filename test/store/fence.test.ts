import { isSyncError } from '@syncline/connector-kit';
import { beatRun, beginNewLife, concludeJob, endRun, readInstallation, readStates } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScene, marks, record, rejected, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const fencedOut = expect.objectContaining({ code: 'FENCED_OUT' });
const untouched = { pages: 0, records_read: 0, records_failed: 0, cursor: null };

describe('a worker that was taken over', () => {
  it('writes nothing: no row, no failed item, no checkpoint, no count', async () => {
    const late = await scene.claim('matters');
    const current = await scene.claim('matters');
    expect(current.epoch).toBe(late.epoch + 1);
    await expect(scene.commit(late, [record('a')], { rejected: [rejected('b')] })).rejects.toEqual(fencedOut);
    expect(await scene.rows('matters')).toEqual({});
    expect(await scene.failedItems('matters')).toEqual([]);
    expect(await scene.progress('matters')).toMatchObject({ ...untouched, epoch: current.epoch });
  });

  it('does not undo what its successor wrote', async () => {
    const late = await scene.claim('matters');
    const current = await scene.claim('matters');
    await scene.commit(current, [record('a', { name: 'current' })]);
    const before = marks(await scene.rows('matters'));
    await expect(scene.commit(late, [record('a', { name: 'late' })], { pagesBefore: 0 })).rejects.toEqual(fencedOut);
    expect(marks(await scene.rows('matters'))).toEqual(before);
    expect(await scene.progress('matters')).toMatchObject({ pages: 1, records_read: 1 });
  });

  it('cannot end the run', async () => {
    const late = await scene.claim('matters');
    const current = await scene.claim('matters');
    expect(await endRun(bed.db, late, { status: 'succeeded', complete: true })).toBe(false);
    expect(await scene.progress('matters')).toMatchObject({ status: 'running', ended_at: null });
    await scene.commit(current, [], { cursor: undefined });
    expect(await endRun(bed.db, current, { status: 'succeeded', complete: true })).toBe(true);
  });

  it('loses every race: of two that commit at once one wins, and its page is whole', async () => {
    for (let round = 0; round < 5; round += 1) {
      const fresh = await createScene(bed);
      const late = await fresh.claim('matters');
      const [outcome, current] = await Promise.allSettled([
        fresh.commit(late, [record('a', { name: 'late' }), record('b', { name: 'late' })]),
        fresh.claim('matters'),
      ]);
      if (current.status === 'rejected') throw current.reason;
      const names = Object.values(await fresh.rows('matters')).map((row) => row['name']);
      if (outcome.status === 'fulfilled') {
        // It was in time: then its successor knows of the page.
        expect({ names, pages: current.value.pages }).toEqual({ names: ['late', 'late'], pages: 1 });
      } else {
        expect(isSyncError(outcome.reason, 'FENCED_OUT')).toBe(true);
        expect({ names, pages: current.value.pages }).toEqual({ names: [], pages: 0 });
      }
    }
  });
});

describe('a worker that comes from a time that Postgres has lost', () => {
  it('is refused although its successor has the same epoch and as many pages', async () => {
    // The backup was made before anybody had the run: after the restore the epoch is counted up from there once more.
    const { db } = bed;
    const before = await db.selectFrom('sync_progress').selectAll().where('sync_job_id', '=', scene.jobId).execute();
    const lost = await scene.claim('matters');
    const { epoch = 0, status = 'pending' } = before.find(({ entity }) => entity === 'matters') ?? {};
    await db
      .updateTable('sync_progress')
      .set({ epoch, status, claim: null, worker: null })
      .where('sync_job_id', '=', scene.jobId)
      .where('entity', '=', 'matters')
      .execute();
    const current = await scene.claim('matters');
    expect(current.epoch).toBe(lost.epoch);

    await expect(scene.commit(lost, [record('a')])).rejects.toEqual(fencedOut);
    expect(await beatRun(db, lost)).toBe('fenced');
    expect(await endRun(db, lost, { status: 'succeeded', complete: true })).toBe(false);
    expect(await scene.rows('matters')).toEqual({});
    await scene.commit(current, [record('a')], { cursor: undefined });
    expect(await endRun(db, current, { status: 'succeeded', complete: true })).toBe(true);
  });

  it('does not end a run whose last page Postgres has lost, and the watermark stays', async () => {
    // A replica that took over had all but the last commit: the fence is the same, and nothing says that time went back.
    const { db } = bed;
    const run = await scene.claim('matters');
    await scene.commit(run, [record('a')], { cursor: { after: 1 } });
    const behind = await scene.progress('matters');
    await scene.commit(run, [record('b')], { pagesBefore: 1, cursor: undefined });
    const { pages, cursor, all_pages_read } = behind as { pages: number; cursor: unknown; all_pages_read: boolean };
    await db
      .updateTable('sync_progress')
      .set({ pages, cursor: JSON.stringify(cursor), all_pages_read })
      .where('sync_job_id', '=', scene.jobId)
      .where('entity', '=', 'matters')
      .execute();
    expect(await endRun(db, run, { status: 'succeeded', complete: true })).toBe(false);
    expect(await scene.claim('matters'), 'the next one reads it').toMatchObject({ pages: 1, allPagesRead: false });
    expect(await readStates(db, scene.connection.organizationId, scene.connection.id)).toEqual(new Map());
  });

  it('is refused although the backup was made while it had the run, once the restore was noticed', async () => {
    const { db } = bed;
    const lost = await scene.claim('matters');
    const found = await readInstallation(db);
    if (found === undefined) throw new Error('no installation');
    expect(await beginNewLife(db, found, { lostForSeconds: 60, recorded: true })).toBe(true);
    expect(await beginNewLife(db, found, { lostForSeconds: 60, recorded: true }), 'once').toBe(false);
    await expect(scene.commit(lost, [record('a')])).rejects.toEqual(fencedOut);
    expect(await beatRun(db, lost)).toBe('fenced');
  });
});

describe('a run that is not running', () => {
  it('takes no page any more', async () => {
    const run = await scene.claim('matters');
    await endRun(bed.db, run, { status: 'failed', complete: false });
    await expect(scene.commit(run, [record('a')])).rejects.toEqual(fencedOut);
    expect(await scene.rows('matters')).toEqual({});
  });

  it('takes none either when there is no such run', async () => {
    const run = await scene.claim('matters');
    await expect(scene.commit({ ...run, syncJobId: scene.connection.id }, [record('a')])).rejects.toEqual(fencedOut);
  });
});

describe('a batch whose answer was lost', () => {
  it('has no second effect when it is tried again', async () => {
    const run = await scene.claim('matters');
    const batch = { pages: 3, rejected: [rejected('bad')], cursor: { after: 3 } };
    const first = await scene.commit(run, [record('a'), record('b')], batch);
    expect(first).toMatchObject({ created: 2, failed: 1 });
    const before = { progress: await scene.progress('matters'), items: await scene.failedItems('matters') };
    const again = await scene.commit(run, [record('a'), record('b')], batch);
    const nothing = { created: 0, updated: 0, unchanged: 0, failed: 0, deleted: 0, along: [], alongFailed: 0 };
    expect(again).toEqual({ ...nothing, standing: 'live' });
    expect(await scene.progress('matters')).toEqual(before.progress);
    expect(await scene.failedItems('matters')).toEqual(before.items);
    expect(before.progress).toMatchObject({ pages: 3, records_read: 3, cursor: { after: 3 } });
  });

  it.each([
    ['behind', 1],
    ['ahead', 3],
  ])('is refused when it starts %s', async (_what, pagesBefore) => {
    const run = await scene.claim('matters');
    await scene.commit(run, [record('a')], { pages: 2 });
    const wrong = scene.commit(run, [record('b')], { pagesBefore, pages: 2 });
    await expect(wrong).rejects.toEqual(fencedOut);
    expect(Object.keys(await scene.rows('matters'))).toEqual(['a']);
    expect(await scene.progress('matters')).toMatchObject({ pages: 2, records_read: 1 });
  });
});

describe('a checkpoint', () => {
  it('is where the next claim goes on', async () => {
    await scene.write('matters', [record('a')], { pages: 2, cursor: { since: 'x', tail: ['1'] } });
    expect(await scene.claim('matters')).toMatchObject({
      cursor: { since: 'x', tail: ['1'] },
      pages: 2,
      allPagesRead: false,
    });
  });

  it('says so when there are no more pages', async () => {
    await scene.write('matters', [record('a')], { cursor: undefined });
    expect(await scene.claim('matters')).toMatchObject({ cursor: undefined, pages: 1, allPagesRead: true });
  });

  it('freezes the upper bound with the first page that has one', async () => {
    const [first, second] = [new Date('2025-06-02T10:00:00Z'), new Date('2025-06-02T11:00:00Z')];
    await scene.write('matters', []);
    expect((await scene.claim('matters')).upperBound).toBeNull();
    await scene.write('matters', [], { upperBound: first });
    await scene.write('matters', [], { upperBound: second });
    expect((await scene.claim('matters')).upperBound).toEqual(first);
  });
});

describe('a job that was cancelled meanwhile', () => {
  it('has its page written, and tells its worker to stop', async () => {
    const run = await scene.claim('matters');
    await bed.db.updateTable('sync_jobs').set({ status: 'cancelled' }).where('id', '=', scene.jobId).execute();
    expect(await scene.commit(run, [record('a')])).toMatchObject({ created: 1, standing: 'cancelled' });
    expect(await concludeJob(bed.db, scene.jobId)).toBe('cancelled');
  });
});
