import { parseJson, stringifyJson } from '@syncline/connector-kit';
import { buryRun, resolveFailedRun } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

describe('a record that fails', () => {
  it('again counts its attempts up, and keeps the newest payload and reason', async () => {
    await scene.write('matters', [], { rejected: [rejected('a', 'first reason')] });
    const [first] = await scene.failedItems('matters');
    await scene.write('matters', [], { rejected: [{ ...rejected('a', 'second reason'), raw: { id: 'a', v: 2 } }] });
    expect(await scene.failedItems('matters')).toEqual([
      expect.objectContaining({
        id: first?.['id'],
        attempts: 2,
        message: 'second reason',
        payload: { id: 'a', v: 2 },
        status: 'pending',
        created_at: first?.['created_at'],
      }),
    ]);
  });

  it('twice in a page is one item', async () => {
    const outcome = await scene.write('matters', [], { rejected: [rejected('a', 'one'), rejected('a', 'two')] });
    expect(outcome).toMatchObject({ failed: 2 });
    expect(await scene.failedItems('matters')).toMatchObject([{ attempts: 1, message: 'two' }]);
  });

  it('without an id is an item of its own each time', async () => {
    await scene.write('matters', [], { rejected: [rejected(undefined), rejected(undefined)] });
    expect(await scene.failedItems('matters')).toMatchObject([{ vendor_id: null }, { vendor_id: null }]);
  });

  it('has its reason cut to a length that can be shown, between characters', async () => {
    await scene.write('matters', [], { rejected: [rejected('a', `x${'😀'.repeat(2000)}`)] });
    const message = String((await scene.failedItems('matters'))[0]?.['message']);
    expect(message.length).toBe(2000);
    expect(message.slice(0, -1)).toBe(`x${'😀'.repeat(999)}`);
  });

  it.each([
    ['numbers beyond doubles', '{"id":"a","n":9007199254740993}'],
    ['quotes and backslashes', '{"id":"a","t":"\\\\\\"{}"}'],
  ])('keeps its payload whole: %s', async (_what, text) => {
    const { value, lossless } = parseJson(text);
    await scene.write('matters', [], { rejected: [{ ...rejected('a'), raw: value }], lossless });
    const kept = await sql<{ same: boolean }>`
      select payload = ${stringifyJson(value, lossless)}::jsonb as same from sync_failed_items
      where connection_id = ${scene.connection.id}`.execute(bed.db);
    expect(kept.rows).toEqual([{ same: true }]);
  });
});

describe('a success', () => {
  it('resolves the item of its record, and of no other', async () => {
    const other = await createScene(bed);
    for (const each of [scene, other]) await each.write('matters', [], { rejected: [rejected('a'), rejected('b')] });
    await scene.write('tasks', [], { rejected: [rejected('a')] });
    await scene.write('matters', [record('a')]);
    const pending = { status: 'pending', resolved_at: null };
    expect(await scene.failedItems('matters')).toMatchObject([
      { vendor_id: 'a', status: 'resolved', resolved_at: expect.any(Date) },
      { vendor_id: 'b', ...pending },
    ]);
    expect(await scene.failedItems('tasks')).toMatchObject([pending]);
    expect(await other.failedItems('matters')).toMatchObject([pending, pending]);
  });

  it('resolves also when the row is as it was', async () => {
    await scene.write('matters', [record('a')]);
    await scene.write('matters', [], { rejected: [rejected('a')] });
    expect(await scene.write('matters', [record('a')])).toMatchObject({ unchanged: 1 });
    expect(await scene.failedItems('matters')).toMatchObject([{ status: 'resolved' }]);
  });

  it('does not hide the next failure, which opens an item anew', async () => {
    await scene.write('matters', [], { rejected: [rejected('a')] });
    await scene.write('matters', [record('a')]);
    await scene.write('matters', [], { rejected: [rejected('a')] });
    const items = await scene.failedItems('matters');
    expect(items.map((item) => [item['status'], item['attempts']]).sort()).toEqual([
      ['pending', 1],
      ['resolved', 1],
    ]);
  });

  it('is only looked for where there are open items', async () => {
    expect(await scene.claim('matters')).toMatchObject({ hasOpenItems: false });
    await scene.write('matters', [], { rejected: [rejected('a')] });
    expect(await scene.claim('matters')).toMatchObject({ hasOpenItems: true });
    expect(await scene.claim('tasks')).toMatchObject({ hasOpenItems: false });
    await scene.write('matters', [record('a')]);
    expect(await scene.claim('matters')).toMatchObject({ hasOpenItems: false });
  });
});

describe('an entity run that fails', () => {
  it('has one open item, whose attempts count up, until it goes through', async () => {
    const { id: connectionId, organizationId } = scene.connection;
    const owner = { organizationId, connectionId, syncJobId: scene.jobId, entity: 'matters' };
    await buryRun(bed.db, owner, 'entity_run', { code: 'UPSTREAM_TIMEOUT', message: 'slow' });
    await buryRun(bed.db, owner, 'entity_run', { code: 'UPSTREAM_UNAVAILABLE', message: 'x'.repeat(3000) });
    await buryRun(bed.db, { ...owner, entity: 'tasks' }, 'entity_run', { code: 'UPSTREAM_TIMEOUT', message: 'slow' });
    expect(await scene.failedItems('matters')).toMatchObject([
      {
        kind: 'entity_run',
        vendor_id: null,
        attempts: 2,
        error_code: 'UPSTREAM_UNAVAILABLE',
        message: 'x'.repeat(2000),
      },
    ]);
    await scene.write('matters', [], { rejected: [rejected('a')] });
    await resolveFailedRun(bed.db, owner, 'incremental');
    const items = await scene.failedItems('matters');
    expect(items.map((item) => [item['kind'], item['status']]).sort()).toEqual([
      ['entity_run', 'resolved'],
      ['record', 'pending'],
    ]);
    expect(await scene.failedItems('tasks')).toMatchObject([{ status: 'dead' }]);
  });
});
