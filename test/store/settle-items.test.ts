import { type MappedRecord, parseJson } from '@syncline/connector-kit';
import { editFailedItem, type FailedRetry, releaseItems, settleItems, takeOverItems } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail, itemOf, makeDue, placeOf, secondsUntilDue, take } from './recovery-scene.js';
import { createScene, marks, record, rejected, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
beforeAll(async () => {
  bed = await createTestBed();
  await sql`alter table exchanges add constraint no_ghosts check (name <> 'ghost')`.execute(bed.db);
});
afterAll(() => bed.close());
beforeEach(async () => {
  scene = await createScene(bed);
});

type Entity = 'accounts' | 'contacts' | 'matters' | 'tasks';
type Hand = Awaited<ReturnType<typeof take>>;

/** Settles items in hand: these records are whole now, and those have failed once more. */
function settle(hand: Hand, records: readonly MappedRecord[], failed: FailedRetry[] = [], entity: Entity = 'matters') {
  const mended = records.map((each) => ({ itemId: hand.of(each.key), record: each }));
  return settleItems(bed.db, scene.target(entity), hand.claim, { mended, failed, lossless: false, asOf: new Date() });
}

const failure = (itemId: string, over: Partial<FailedRetry> = {}): FailedRetry => ({
  ...{ itemId, code: 'UPSTREAM_TIMEOUT', field: undefined, message: 'slow', fresh: undefined, retrySeconds: 120 },
  ...over,
});
const names = async () =>
  Object.fromEntries(Object.entries(await scene.rows('matters')).map(([id, row]) => [id, row['name']]));

describe('a record that is whole now', () => {
  it('is written, and its item is resolved, in one go', async () => {
    await fail(scene, 'matters', 'a', 'b', 'c');
    const hand = await take(scene, 'matters', 2);
    const [first, second] = hand.items.map(({ vendorId }) => vendorId ?? '');
    const outcome = await settle(hand, [record(first ?? '', { name: 'x' }), record(second ?? '', { name: 'y' })]);
    expect(outcome).toEqual({ resolved: 2, givenUp: [], lost: 0 });
    expect(await names()).toEqual({ [first ?? '']: 'x', [second ?? '']: 'y' });
    expect(await itemOf(scene, 'matters', first ?? '')).toMatchObject({
      ...{ status: 'resolved', resolved_by: 'recovery', resolved_at: expect.any(Date), claim: null, attempts: 1 },
    });
    expect((await scene.failedItems('matters')).filter((item) => item['status'] === 'pending')).toHaveLength(1);
  });

  it('never replaces a newer version of itself, and is settled all the same', async () => {
    await fail(scene, 'matters', 'a', 'b');
    await sql`update sync_failed_items set next_attempt_at = now()`.execute(bed.db);
    const newer = '2025-06-02T12:00:00Z';
    await scene.write('matters', [record('a', { name: 'newer' }, newer), record('b', { name: 'same' }, newer)]);
    await fail(scene, 'matters', 'a', 'b');
    const before = marks(await scene.rows('matters'));
    const hand = await take(scene);
    const older = record('a', { name: 'older' }, '2025-06-02T11:59:59.999Z');
    expect(await settle(hand, [older, record('b', { name: 'same' }, newer)])).toMatchObject({ resolved: 2 });
    expect(marks(await scene.rows('matters'))).toEqual(before);
    expect((await scene.failedItems('matters')).map((item) => item['status'])).toEqual(Array(4).fill('resolved'));
  });

  it('has no second effect when it is settled again', async () => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    await settle(hand, [record('a', { name: 'once' })]);
    const before = { names: await names(), items: await scene.failedItems('matters') };
    expect(await settle(hand, [record('a', { name: 'twice' })])).toEqual({ resolved: 0, givenUp: [], lost: 1 });
    expect({ names: await names(), items: await scene.failedItems('matters') }).toEqual(before);
  });

  it('revives a row that was marked as deleted', async () => {
    await scene.write('matters', [record('a', { name: 'there' })]);
    await sql`update exchanges set deleted_at = now() where connection_id = ${scene.connection.id}`.execute(bed.db);
    await fail(scene, 'matters', 'a');
    await settle(await take(scene), [record('a', { name: 'there' })]);
    expect((await scene.rows('matters'))['a']).toMatchObject({ deleted_at: null });
  });
});

describe('a child that is recovered before its parent', () => {
  it('is written unlinked, and linked when the parent is recovered', async () => {
    await fail(scene, 'accounts', 'acme');
    await fail(scene, 'matters', 'm');
    await settle(await take(scene), [record('m', { pp_account_id: 'acme' })]);
    expect((await scene.rows('matters'))['m']).toMatchObject({ pp_account_id: 'acme', account_id: null });
    const hand = await take(scene, 'accounts');
    await settle(hand, [record('acme', { company_name: 'Acme' })], [], 'accounts');
    const acme = (await scene.rows('accounts'))['acme'];
    expect((await scene.rows('matters'))['m']).toMatchObject({ account_id: acme?.['id'] });
  });

  it('stays as it is when that never comes', async () => {
    await fail(scene, 'matters', 'm');
    expect(await settle(await take(scene), [record('m', { pp_account_id: 'nobody' })])).toMatchObject({ resolved: 1 });
    expect((await scene.rows('matters'))['m']).toMatchObject({ pp_account_id: 'nobody', account_id: null });
  });
});

describe('a record that fails again', () => {
  it('waits for its next attempt, with the newest reason and payload', async () => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    const again = failure(hand.of('a'), { field: 'name', fresh: { id: 'a', v: 2 } });
    expect(await settle(hand, [], [again])).toEqual({ resolved: 0, givenUp: [], lost: 0 });
    const item = await itemOf(scene, 'matters', 'a');
    expect(item).toMatchObject({
      ...{ status: 'pending', attempts: 2, error_code: 'UPSTREAM_TIMEOUT', field: 'name', message: 'slow' },
      ...{ payload: { id: 'a', v: 2 }, claim: null, claimed_until: null },
    });
    const seconds = await secondsUntilDue(scene, item['id']);
    expect(seconds).toBeGreaterThan(110);
    expect(seconds).toBeLessThanOrEqual(120);
  });

  it('keeps its payload when it could not even be fetched', async () => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    await settle(hand, [], [failure(hand.of('a'))]);
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({ payload: { id: 'a', name: 7 } });
  });

  it('for the last time is given up under the claim, for its dead letter', async () => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    const outcome = await settle(hand, [], [failure(hand.of('a'), { retrySeconds: undefined })]);
    expect(outcome.givenUp).toEqual([{ itemId: hand.of('a'), claim: hand.claim }]);
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({
      ...{ status: 'pending', next_attempt_at: null, claim: hand.claim, claimed_until: null, attempts: 2 },
    });
    expect((await take(scene)).items).toEqual([]);
  });

  it('because Postgres refuses it is given up, and the others are written', async () => {
    await fail(scene, 'matters', 'a', 'ghost', 'z');
    const hand = await take(scene);
    const records = [record('a', { name: 'fine' }), record('ghost', { name: 'ghost' }), record('z', { name: 'fine' })];
    expect(await settle(hand, records)).toEqual({
      ...{ resolved: 2, givenUp: [{ itemId: hand.of('ghost'), claim: hand.claim }], lost: 0 },
    });
    expect(await names()).toEqual({ a: 'fine', z: 'fine' });
    expect(await itemOf(scene, 'matters', 'ghost')).toMatchObject({
      ...{ error_code: 'RECORD_UNSTORABLE', field: 'no_ghosts', payload: { id: 'ghost', name: 'ghost' } },
    });
  });

  it('keeps as text what jsonb cannot hold', async () => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    const { value } = parseJson('{"id":"a","rate":1e200000}');
    const failed = [failure(hand.of('a'), { fresh: value })];
    const outcomes = { mended: [], failed, lossless: true, asOf: new Date() };
    await settleItems(bed.db, scene.target('matters'), hand.claim, outcomes);
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({ payload: '{"id":"a","rate":1e200000}', attempts: 2 });
  });

  it('with an operator’s payload keeps that until it has failed for good', async () => {
    await fail(scene, 'matters', 'a');
    const by = { organizationId: scene.connection.organizationId, actor: 'test' };
    await editFailedItem(bed.db, by, String((await itemOf(scene, 'matters', 'a'))['id']), '{"id":"a","mine":true}');
    for (const [retrySeconds, edited] of [
      [0, expect.any(Date)],
      [undefined, null],
    ] as const) {
      const hand = await take(scene);
      await settle(hand, [], [failure(hand.of('a'), { retrySeconds })]);
      expect(await itemOf(scene, 'matters', 'a')).toMatchObject({
        ...{ payload: { id: 'a', mine: true }, payload_edited_at: edited },
      });
      await makeDue(scene);
    }
  });
});

describe('a recovery that is too late', () => {
  const lost: [string, (hand: Hand) => Promise<unknown>][] = [
    ['its claim was taken over', () => takeOverItems(bed.db, placeOf(scene), 5)],
    ['the items were given back', (hand) => releaseItems(bed.db, hand.claim)],
    ['a page has brought a newer version', () => scene.write('matters', [record('a', { name: 'newer' })])],
    ['a page has brought a newer broken one', () => scene.write('matters', [], { rejected: [rejected('a')] })],
    [
      'an operator has edited the payload',
      (hand) =>
        editFailedItem(bed.db, { organizationId: scene.connection.organizationId, actor: 't' }, hand.of('a'), '{}'),
    ],
  ];

  it.each(lost)('writes nothing for an item that is in other hands: %s', async (_what, happens) => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    await happens(hand);
    const before = { names: await names(), items: await scene.failedItems('matters') };
    expect(await settle(hand, [record('a', { name: 'late' })])).toEqual({ resolved: 0, givenUp: [], lost: 1 });
    expect(await settle(hand, [], [failure(hand.of('a'))])).toEqual({ resolved: 0, givenUp: [], lost: 1 });
    expect({ names: await names(), items: await scene.failedItems('matters') }).toEqual(before);
  });

  it('writes the others', async () => {
    await fail(scene, 'matters', 'a', 'b', 'ghost');
    const hand = await take(scene);
    await scene.write('matters', [record('a', { name: 'newer' })]);
    const records = [record('a', { name: 'late' }), record('b', { name: 'fine' }), record('ghost', { name: 'ghost' })];
    expect(await settle(hand, records)).toMatchObject({
      resolved: 1,
      lost: 1,
      givenUp: [{ itemId: hand.of('ghost') }],
    });
    expect(await names()).toEqual({ a: 'newer', b: 'fine' });
  });
});

describe('a page and a retry of the same records', () => {
  it('at the same time never wait for each other for ever, and leave the newer version', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `r${i}`);
    for (let round = 0; round < 15; round += 1) {
      const fresh = await createScene(bed);
      scene = fresh;
      await fail(fresh, 'matters', ...ids.toReversed());
      const hand = await take(fresh);
      const whole = ids.filter((_, i) => i % 2 === 0);
      const broken = ids.filter((_, i) => i % 2 === 1);
      const [page, retry] = await Promise.all([
        fresh.write(
          'matters',
          whole.toReversed().map((id) => record(id, { name: 'page' }, '2025-06-02T12:00:00Z')),
          {
            rejected: broken.map((id) => rejected(id)),
          },
        ),
        settle(
          hand,
          ids.map((id) => record(id, { name: 'retry' }, '2025-06-02T11:00:00Z')),
        ),
      ]);
      expect(page.failed).toBe(broken.length);
      // Whoever was first: a whole record ends as the page has it, and its item is resolved.
      const rows = await names();
      for (const id of whole) expect(rows[id]).toBe('page');
      for (const id of whole) expect((await itemOf(fresh, 'matters', id))['status']).toBe('resolved');
      expect([0, ids.length]).toContain(retry.lost);
    }
  });
});

describe('a table that has changed', () => {
  it('is no fault of the records: nothing has happened to them', async () => {
    await fail(scene, 'matters', 'a');
    const hand = await take(scene);
    const target = scene.target('matters');
    const broken = { ...target, sql: { ...target.sql, upsert: target.sql.upsert.replaceAll('"notes"', '"remarks"') } };
    const outcomes = {
      mended: [{ itemId: hand.of('a'), record: record('a') }],
      failed: [],
      lossless: false,
      asOf: new Date(),
    };
    await expect(settleItems(bed.db, broken, hand.claim, outcomes)).rejects.toMatchObject({ code: 'TARGET_SCHEMA' });
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({ status: 'retrying', attempts: 1 });
  });
});
