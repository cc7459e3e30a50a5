import { randomUUID } from 'node:crypto';
import { claimRun, endRun, readStates, restartAsFull } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginScan, claimNext, readWhole, scansOf, seenBy } from './scans.js';
import { createScene, record, rejected, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

const seenIds = async (scanId: string | null) => {
  const rows = await bed.db.selectFrom('sync_seen').selectAll().where('scan_id', '=', scanId).execute();
  return rows.flatMap((row) => row.vendor_ids).sort();
};

describe('a scan', () => {
  it('begins with the first claim of a full run, by the clock of Postgres, and stays when it is claimed again', async () => {
    const run = await beginScan(scene, 'tasks');
    const scan = await bed.db
      .selectFrom('sync_scans')
      .selectAll()
      .where('id', '=', run.scanId)
      .executeTakeFirstOrThrow();
    expect(scan).toMatchObject({ connection_id: scene.connection.id, entity: 'tasks', held_at: null });
    expect(Math.abs(scan.started_at.getTime() - run.startedAt.getTime())).toBeLessThan(1);
    const again = await claimRun(bed.db, run.syncJobId, 'tasks', randomUUID());
    expect(again).toMatchObject({ scanId: run.scanId });
    await readWhole(scene, { ...run, ...again, scanId: run.scanId }, { records: [record('a')] });
    expect(await claimRun(bed.db, run.syncJobId, 'tasks', randomUUID())).toMatchObject({ scanId: run.scanId });
    expect(await scansOf(scene)).toEqual([{ id: run.scanId, held: false, pages: 1 }]);
  });

  it('is nothing that an incremental run is part of', async () => {
    const run = await claimNext(scene, 'tasks', { mode: 'incremental', lowerBound: new Date(0) });
    expect(run.scanId).toBeNull();
    expect(await scansOf(scene)).toEqual([]);
  });

  it('goes on in the next job, where one was cut short', async () => {
    const first = await beginScan(scene, 'tasks');
    await scene.commit(first, [record('a')], { cursor: { skip: 1 }, seen: seenBy(first, [record('a')]) });
    await endRun(bed.db, first, { status: 'partial', complete: false });
    const states = await readStates(bed.db, scene.connection.organizationId, scene.connection.id);
    const { scanId = null, cursor } = states.get('tasks')?.continuation ?? {};
    expect(scanId).toBe(first.scanId);
    const second = await claimNext(scene, 'tasks', { cursor, scanId });
    expect(second.scanId).toBe(first.scanId);
    await readWhole(scene, second, { records: [record('b')] });
    expect(await seenIds(first.scanId)).toEqual(['a', 'b']);
  });

  it('is not made up for a run that goes on where nobody has noted what was seen before', async () => {
    expect(await claimNext(scene, 'tasks', { cursor: { skip: 1 } })).toMatchObject({ mode: 'full', scanId: null });
  });

  it('begins when a run starts over in full', async () => {
    const run = await claimNext(scene, 'tasks', { mode: 'incremental', lowerBound: new Date(0) });
    await scene.commit(run, [record('a')]);
    await restartAsFull(bed.db, run, 'refused');
    const again = await claimRun(bed.db, run.syncJobId, 'tasks', randomUUID());
    expect(again).toMatchObject({ mode: 'full', pages: 1, scanId: expect.any(String) });
    expect(await scansOf(scene)).toMatchObject([{ id: again?.scanId, pages: 0 }]);
  });

  it('takes the place of an older one of the same entity, and of no other', async () => {
    const [older, other] = [await beginScan(scene, 'tasks'), await beginScan(scene, 'matters')];
    const neighbour = await createScene(bed);
    await beginScan(neighbour, 'tasks');
    const newer = await beginScan(scene, 'tasks');
    const ids = (await scansOf(scene)).map(({ id }) => id);
    expect(ids).toEqual([other.scanId, newer.scanId]);
    expect(ids).not.toContain(older.scanId);
    expect(await scansOf(neighbour)).toHaveLength(1);
  });

  it('leaves one that waits for somebody in peace, as long as the item is open', async () => {
    const held = await beginScan(scene, 'tasks');
    await sql`update sync_scans set held_at = now() where id = ${held.scanId}`.execute(bed.db);
    await sql`insert into sync_failed_items (organization_id, connection_id, entity, kind, error_code, message)
      values (${scene.connection.organizationId}, ${scene.connection.id}, 'tasks', 'sweep', 'SWEEP_HELD', '')`.execute(
      bed.db,
    );
    const second = await beginScan(scene, 'tasks');
    expect((await scansOf(scene)).map(({ id }) => id)).toEqual([held.scanId, second.scanId]);
    await sql`update sync_failed_items set status = 'resolved' where connection_id = ${scene.connection.id}`.execute(
      bed.db,
    );
    const third = await beginScan(scene, 'tasks');
    expect((await scansOf(scene)).map(({ id }) => id)).toEqual([third.scanId]);
  });
});

describe('what a scan has seen', () => {
  it('is noted with the page, also of records that fail, that are unchanged, and of empty pages', async () => {
    const run = await beginScan(scene, 'matters');
    const unstorable = record('u', { exchange_value: 'not a number' });
    await readWhole(
      scene,
      run,
      { records: [record('a'), unstorable], rejected: [rejected('bad'), rejected(undefined)] },
      { records: [record('a')] },
      {},
    );
    expect(await seenIds(run.scanId)).toEqual(['a', 'a', 'bad', 'u']);
    const rows = await bed.db
      .selectFrom('sync_seen')
      .select(['pages_before', 'pages', 'unnamed'])
      .where('scan_id', '=', run.scanId)
      .orderBy('pages_before')
      .execute();
    expect(rows).toEqual([
      { pages_before: 0, pages: 1, unnamed: 1 },
      { pages_before: 1, pages: 1, unnamed: 0 },
      { pages_before: 2, pages: 1, unnamed: 0 },
    ]);
    expect(await scene.failedItems('matters')).toHaveLength(3);
  });

  it('is noted once, when a commit whose answer was lost is tried again', async () => {
    const run = await beginScan(scene, 'tasks');
    for (let time = 0; time < 2; time += 1) {
      await scene.commit(run, [record('a')], { seen: seenBy(run, [record('a')]) });
    }
    expect(await seenIds(run.scanId)).toEqual(['a']);
  });

  it('is not noted by a worker that was taken over', async () => {
    const run = await beginScan(scene, 'tasks');
    await claimRun(bed.db, run.syncJobId, 'tasks', randomUUID());
    const late = scene.commit(run, [record('a')], { seen: seenBy(run, [record('a')]) });
    await expect(late).rejects.toMatchObject({ code: 'FENCED_OUT' });
    expect(await seenIds(run.scanId)).toEqual([]);
  });

  it('is of no use once the scan is gone, and does not stop the page', async () => {
    const run = await beginScan(scene, 'tasks');
    await sql`delete from sync_scans where id = ${run.scanId}`.execute(bed.db);
    expect(await scene.commit(run, [record('a')], { seen: seenBy(run, [record('a')]) })).toMatchObject({ created: 1 });
    expect(await seenIds(run.scanId)).toEqual([]);
  });
});
