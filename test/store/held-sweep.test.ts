import { closeSweep, confirmHeldSweep, holdSweep, markGone } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginScan, fullSync, livesAndDeaths, readWhole, type ScanRun, scansOf, seenBy } from './scans.js';
import { createScene, record, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
  await scene.write('matters', named('a', 'b', 'c'));
});

const named = (...ids: string[]) => ids.map((id) => record(id, { name: id }, '2025-06-02T10:00:00.000Z'));
const sqlOf = () => scene.target('matters').sql;
const owner = () => ({
  organizationId: scene.connection.organizationId,
  connectionId: scene.connection.id,
  entity: 'matters',
});
const confirm = () => confirmHeldSweep(bed.db, sqlOf(), owner());

/** A full reading that met these records, and whose sweep is held. */
async function holdAfter(...ids: string[]): Promise<ScanRun> {
  const run = await beginScan(scene, 'matters');
  await readWhole(scene, run, { records: named(...ids) });
  const payload = { scanId: run.scanId, reason: 'brake', candidates: 3, live: 3, sample: [] } as const;
  expect(await holdSweep(bed.db, run, { message: 'too many', payload })).toEqual({ deleted: 0 });
  return run;
}

describe('a sweep that is held', () => {
  it('deletes nothing, and is a failed item that nobody retries by himself', async () => {
    const run = await holdAfter();
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a', 'b', 'c'], deleted: [] });
    expect(await scene.failedItems('matters')).toMatchObject([
      {
        kind: 'sweep',
        status: 'pending',
        error_code: 'SWEEP_HELD',
        message: 'too many',
        sync_job_id: run.syncJobId,
        payload: { scanId: run.scanId, candidates: 3 },
        next_attempt_at: null,
      },
    ]);
    expect(await scansOf(scene)).toEqual([{ id: run.scanId, held: true, pages: 1 }]);
  });

  it('gives way to what a later scan holds', async () => {
    await holdAfter();
    const later = await holdAfter('a');
    expect(await scene.failedItems('matters')).toMatchObject([{ attempts: 2, payload: { scanId: later.scanId } }]);
    expect(await scansOf(scene)).toMatchObject([{ id: later.scanId }]);
    expect(await confirm()).toBe(2);
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a'], deleted: ['b', 'c'] });
  });

  it('is settled by a later scan that has decided', async () => {
    await holdAfter();
    await fullSync(scene, 'matters', named('a', 'b', 'c'));
    expect(await scene.failedItems('matters')).toMatchObject([
      { status: 'resolved', note: expect.stringContaining('later full sync'), resolved_at: expect.any(Date) },
    ]);
    expect(await scansOf(scene)).toEqual([]);
    await expect(confirm()).rejects.toMatchObject({ code: 'ITEM_RESOLVED' });
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([]);
  });

  it('outlives a later scan that did not get to its end', async () => {
    await holdAfter('a');
    const run = await beginScan(scene, 'matters');
    await scene.commit(run, named('b'), { seen: seenBy(run, named('b')) });
    expect(await scene.failedItems('matters')).toMatchObject([{ status: 'pending' }]);
    expect(await confirm()).toBe(1);
  });
});

describe('an operator who confirms', () => {
  it('has the rows marked that the scan did not meet, and the item resolved', async () => {
    await holdAfter('b');
    expect(await confirm()).toBe(2);
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['b'], deleted: ['a', 'c'] });
    expect(await scene.failedItems('matters')).toMatchObject([
      { status: 'resolved', note: 'Confirmed: 2 rows were marked as deleted.' },
    ]);
    expect(await scansOf(scene)).toEqual([]);
  });

  it('twice has it done once', async () => {
    await holdAfter();
    const both = await Promise.allSettled([confirm(), confirm()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(confirm()).rejects.toMatchObject({ code: 'ITEM_RESOLVED' });
  });

  it('does not reach rows that were written since', async () => {
    await holdAfter();
    await sql`update exchanges set last_sync_at = now()
      where connection_id = ${scene.connection.id} and pp_matter_id = 'b'`.execute(bed.db);
    expect(await confirm()).toBe(2);
    expect((await livesAndDeaths(scene, 'matters')).live).toEqual(['b']);
  });

  it('does not stand against a page of the next scan that was asked for before it, and is written after it', async () => {
    await holdAfter();
    const run = await beginScan(scene, 'matters');
    const asOf = new Date();
    await eventually('the clock to have gone on', () => Date.now() > asOf.getTime() + 2);
    expect(await confirm()).toBe(3);
    await scene.commit(run, named('a'), { asOf, seen: seenBy(run, named('a')) });
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a'], deleted: ['b', 'c'] });
  });

  it('does not reach rows of another organization', async () => {
    await holdAfter();
    const other = await createScene(bed);
    const theirs = { ...owner(), organizationId: other.connection.organizationId };
    await expect(confirmHeldSweep(bed.db, sqlOf(), theirs)).rejects.toMatchObject({ code: 'ITEM_RESOLVED' });
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([]);
  });

  it('finds nothing to do where somebody has resolved the item instead: the rows stay', async () => {
    await holdAfter();
    await sql`update sync_failed_items set status = 'resolved' where connection_id = ${scene.connection.id}`.execute(
      bed.db,
    );
    await expect(confirm()).rejects.toMatchObject({ code: 'ITEM_RESOLVED' });
    expect((await livesAndDeaths(scene, 'matters')).deleted).toEqual([]);
  });

  it('waits for a page that is being committed, and spares what it has met', async () => {
    await holdAfter();
    const run = await beginScan(scene, 'matters');
    // Holds the page up in the middle of its transaction, after its ids are noted and before its rows are written.
    await sql`create function wait_at_gate() returns trigger language plpgsql
      as $$ begin perform pg_advisory_xact_lock_shared(4711); return null; end $$`.execute(bed.db);
    await sql`create trigger gate before insert on exchanges execute function wait_at_gate()`.execute(bed.db);
    const { page, confirmed } = await bed.db.transaction().execute(async (gate) => {
      await sql`select pg_advisory_xact_lock(4711)`.execute(gate);
      const page = scene.commit(run, named('a'), { seen: seenBy(run, named('a')) });
      await eventually('the page to stand at the gate', () => waiting('advisory'));
      const confirmed = confirm();
      await eventually('the confirmation to wait for the page', () => waiting('tuple', 'transactionid'));
      return { page, confirmed };
    });
    expect(await page).toMatchObject({ unchanged: 1 });
    expect(await confirmed).toBe(2);
    expect(await livesAndDeaths(scene, 'matters')).toEqual({ live: ['a'], deleted: ['b', 'c'] });
  });
});

async function waiting(...events: string[]): Promise<boolean> {
  const { rows } = await sql<{ waiting: boolean }>`
    select count(*) > 0 as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and wait_event = any(${events})`.execute(bed.db);
  return rows[0]?.waiting ?? false;
}

it('a run that has closed its sweep has nothing to hold or to mark any more', async () => {
  const run = await holdAfter();
  await closeSweep(bed.db, sqlOf(), run, { missing: false, returned: false });
  expect(await markGone(bed.db, sqlOf(), run, ['a'])).toBe('not-whole');
  const payload = { scanId: run.scanId, reason: 'brake', candidates: 3, live: 3, sample: [] } as const;
  expect(await holdSweep(bed.db, run, { message: 'again', payload })).toBe('not-whole');
});
