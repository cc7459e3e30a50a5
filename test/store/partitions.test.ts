import type { Partition } from '@syncline/connector-kit';
import { commitPages } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
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

const yesterday = new Date(Date.now() - 86_400_000);
const before = { asOf: yesterday };
const june = { status: 'June' };

/** Matters of the two parts that tests speak of, as they were yesterday. */
async function publish(): Promise<void> {
  const records = ['j1', 'j2', 'j3'].map((id) => record(id, { status: 'June', name: id }));
  await scene.write('matters', [...records, record('m1', { status: 'May', name: 'm1' })], before);
}

function whole(ids: readonly string[], partition: Partition = june, asOf = new Date()) {
  return { whole: [{ partitions: [partition], vendorIds: ids, asOf }] };
}

async function deleted(): Promise<string[]> {
  const rows = await scene.rows('matters');
  return Object.keys(rows)
    .filter((id) => rows[id]?.['deleted_at'] !== null)
    .sort();
}

describe('a partition that is published again', () => {
  it('replaces itself: rows changed, added and vanished, in one commit, and nothing of another', async () => {
    await publish();
    const records = [record('j1', { status: 'June', name: 'new' }), record('j4', { status: 'June', name: 'j4' })];
    const outcome = await scene.write('matters', records, whole(['j1', 'j4']));
    expect(outcome).toMatchObject({ created: 1, updated: 1, unchanged: 0, deleted: 2 });
    expect(await deleted()).toEqual(['j2', 'j3']);
    expect((await scene.rows('matters'))['j1']?.['name']).toBe('new');
    expect(await scene.progress('matters')).toMatchObject({ records_deleted: 2 });
  });

  it('brings rows back to life that are in it again, even unchanged', async () => {
    await publish();
    await scene.write('matters', [record('j1', { status: 'June', name: 'j1' })], { ...before, ...whole(['j1']) });
    expect(await deleted()).toEqual(['j2', 'j3']);
    const again = ['j1', 'j2'].map((id) => record(id, { status: 'June', name: id }));
    await scene.write('matters', again, whole(['j1', 'j2']));
    expect(await deleted()).toEqual(['j3']);
  });

  it('may be empty by now', async () => {
    await publish();
    expect(await scene.write('matters', [], whole([]))).toMatchObject({ deleted: 3 });
    expect(await deleted()).toEqual(['j1', 'j2', 'j3']);
  });

  it('keeps what is broken, what was asked for since, and what another connection has', async () => {
    await publish();
    const other = await createScene(bed);
    await other.write('matters', [record('j1', { status: 'June' })], before);
    const asked = new Date(Date.now() - 60_000);
    await scene.write('matters', [record('j3', { status: 'June', name: 'changed since' })]);
    const outcome = await scene.write('matters', [], { rejected: [rejected('j2')], ...whole(['j2'], june, asked) });
    expect(outcome).toMatchObject({ failed: 1, deleted: 1 });
    expect(await deleted()).toEqual(['j1']);
    expect((await other.rows('matters'))['j1']?.['deleted_at']).toBeNull();
  });

  it('is as it was before when its commit fails, or when another worker has the run', async () => {
    await publish();
    const run = await scene.claim('matters');
    const batch = { ...page([record('j1', { status: 'June', name: 'new' })], run.pages), ...whole(['j1']) };
    const broken = commitPages(bed.db, scene.target('matters'), run, batch, () => {
      throw new Error('the worker is gone');
    });
    await expect(broken).rejects.toThrow('the worker is gone');
    await scene.claim('matters');
    await expect(commitPages(bed.db, scene.target('matters'), run, batch)).rejects.toMatchObject({
      code: 'FENCED_OUT',
    });
    expect(await deleted()).toEqual([]);
    expect((await scene.rows('matters'))['j1']?.['name']).toBe('j1');
  });

  it('is told by columns of any type, but only by declared ones', async () => {
    const start = '2025-06-02T10:00:00.000Z';
    await scene.write('matters', [record('a', { start_date: start }), record('b', { start_date: start })], before);
    await scene.write('matters', [record('a', { start_date: start })], whole(['a'], { start_date: start }));
    expect(await deleted()).toEqual(['b']);
    const odd = scene.write('matters', [], whole([], { 'status" is null or "status': 'x' }));
    await expect(odd).rejects.toThrow('has no column');
  });
});
