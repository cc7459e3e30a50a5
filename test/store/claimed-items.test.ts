import {
  claimDueItems,
  commitPages,
  endExpiredClaims,
  findRecoverable,
  listDuePlaces,
  listGivenUp,
  msUntilDue,
  releaseItems,
  setConnectionStatus,
  stopOrganization,
  takeOverItems,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail, itemOf, makeDue, placeOf, secondsUntilDue, take } from './recovery-scene.js';
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

const runOut = () =>
  sql`update sync_failed_items set claimed_until = now() - interval '1 second' where status = 'retrying'`.execute(
    bed.db,
  );

describe('a record that has just failed', () => {
  it('is due after about a minute, not all at the same moment', async () => {
    await scene.write('matters', [], { rejected: Array.from({ length: 9 }, (_, i) => rejected(`r${i}`)) });
    const items = await scene.failedItems('matters');
    const seconds = await Promise.all(items.map(({ id }) => secondsUntilDue(scene, id)));
    expect(Math.min(...seconds)).toBeGreaterThan(40);
    expect(Math.max(...seconds)).toBeLessThan(76);
    expect(new Set(seconds.map((each) => each.toFixed(3))).size).toBeGreaterThan(5);
    expect((await take(scene)).items).toEqual([]);
    const ms = await msUntilDue(bed.db, placeOf(scene));
    expect(ms).toBeCloseTo(Math.min(...seconds) * 1000, -3);
  });
});

describe('an item that is due', () => {
  it('is in the hands of one, whoever else asks at the same time', async () => {
    await fail(scene, 'matters', 'a', 'b', 'c', 'd', 'e', 'f');
    const hands = await Promise.all(Array.from({ length: 6 }, () => take(scene, 'matters', 2)));
    const taken = hands.flatMap(({ items }) => items.map(({ vendorId }) => vendorId));
    expect(taken.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect((await itemOf(scene, 'matters', 'a'))['status']).toBe('retrying');
  });

  it('that somebody is just about to take is passed over, and not waited for', async () => {
    await fail(scene, 'matters', 'a', 'b', 'c');
    await bed.db.transaction().execute(async (trx) => {
      const options = { claim: scene.jobId, seconds: 60, limit: 2, withPayload: false };
      const first = await claimDueItems(trx, placeOf(scene), options);
      const second = (await take(scene)).items;
      expect([first.length, second.length]).toEqual([2, 1]);
    });
  });

  it('is nothing to another entity, connection or organization', async () => {
    const other = await createScene(bed);
    await fail(scene, 'matters', 'a');
    expect((await take(scene, 'tasks')).items).toEqual([]);
    expect((await take(other)).items).toEqual([]);
    const foreign = { ...placeOf(scene), organizationId: other.connection.organizationId };
    const options = { claim: scene.jobId, seconds: 60, limit: 10, withPayload: false };
    expect(await claimDueItems(bed.db, foreign, options)).toEqual([]);
    expect((await take(scene)).items).toMatchObject([{ vendorId: 'a', kind: 'record', attempts: 1, edited: false }]);
  });

  it('brings its payload along, digit by digit, only where it is needed', async () => {
    await fail(scene, 'matters', 'a', undefined);
    await sql`update sync_failed_items set payload = '{"n": 12345678901234567890.123}'`.execute(bed.db);
    const options = { claim: scene.jobId, seconds: 60, limit: 10, withPayload: false };
    const items = await claimDueItems(bed.db, placeOf(scene), options);
    expect(Object.fromEntries(items.map(({ vendorId, payload }) => [vendorId, payload]))).toEqual({
      a: null,
      null: '{"n": 12345678901234567890.123}',
    });
  });

  it('goes back as it was when it is released', async () => {
    await fail(scene, 'matters', 'a');
    const { claim } = await take(scene);
    await releaseItems(bed.db, claim);
    expect((await take(scene)).items).toMatchObject([{ vendorId: 'a', attempts: 1 }]);
  });
});

describe('where something is due', () => {
  const places = async () =>
    (await listDuePlaces(bed.db, 1000)).filter(({ connectionId }) => connectionId === scene.connection.id);

  it('is told once for each entity, while its connection can work', async () => {
    await fail(scene, 'matters', 'a', 'b');
    await scene.write('tasks', [], { rejected: [rejected('not yet')] });
    expect(await places()).toEqual([{ ...placeOf(scene), connector: 'practicepanther' }]);
    for (const status of ['paused', 'needs_reauth'] as const) {
      await setConnectionStatus(bed.db, scene.connection, status, null);
      expect([await places(), await findRecoverable(bed.db, placeOf(scene))], status).toEqual([[], undefined]);
    }
    await setConnectionStatus(bed.db, scene.connection, 'error', null);
    expect([(await places()).length, (await findRecoverable(bed.db, placeOf(scene)))?.id]).toEqual([
      1,
      scene.connection.id,
    ]);
    await stopOrganization(bed.db, scene.connection.organizationId, { actor: 'test' });
    expect([await places(), await findRecoverable(bed.db, placeOf(scene))]).toEqual([[], undefined]);
  });
});

describe('an item whose worker has died', () => {
  it('is due again when its claim has run out, and has lost an attempt', async () => {
    await fail(scene, 'matters', 'a');
    await take(scene);
    expect(await endExpiredClaims(bed.db, 5)).toEqual([]);
    expect((await itemOf(scene, 'matters', 'a'))['status']).toBe('retrying');
    await runOut();
    expect(await endExpiredClaims(bed.db, 5)).toEqual([]);
    expect((await take(scene)).items).toMatchObject([{ vendorId: 'a', attempts: 2 }]);
  });

  it('is taken over by the next turn, without waiting for that', async () => {
    await fail(scene, 'matters', 'a');
    await fail(scene, 'tasks', 'b');
    await Promise.all([take(scene), take(scene, 'tasks')]);
    expect(await takeOverItems(bed.db, placeOf(scene), 5)).toEqual([]);
    expect((await take(scene)).items).toMatchObject([{ vendorId: 'a', attempts: 2 }]);
    expect((await itemOf(scene, 'tasks', 'b'))['status']).toBe('retrying');
  });

  it('is given up when that has happened too often: it may be what kills them', async () => {
    await fail(scene, 'matters', 'a');
    for (let crashes = 1; crashes < 4; crashes += 1) {
      await take(scene);
      expect(await takeOverItems(bed.db, placeOf(scene), 5)).toEqual([]);
    }
    await take(scene);
    const [givenUp, ...rest] = await takeOverItems(bed.db, placeOf(scene), 5);
    const item = await itemOf(scene, 'matters', 'a');
    expect(rest).toEqual([]);
    expect(givenUp).toEqual({ itemId: item['id'], claim: item['claim'] });
    expect(item).toMatchObject({ status: 'pending', attempts: 5, next_attempt_at: null });
    expect((await take(scene)).items).toEqual([]);
  });
});

describe('an item that was given up', () => {
  it('is found again if its letter got lost, but not before that had its time', async () => {
    await fail(scene, 'matters', 'a');
    await take(scene);
    const [givenUp] = await takeOverItems(bed.db, placeOf(scene), 1);
    const mine = async () => (await listGivenUp(bed.db, 30, 1000)).filter(({ itemId }) => itemId === givenUp?.itemId);
    expect(await mine()).toEqual([]);
    await sql`update sync_failed_items set updated_at = now() - interval '31 seconds'`.execute(bed.db);
    expect(await mine()).toEqual([givenUp]);
  });
});

describe('a page that brings a failed record again', () => {
  const again = (over = {}) =>
    scene.write('matters', [], { rejected: [{ ...rejected('a', 'newer reason'), raw: { id: 'a', v: 2 }, ...over }] });

  it('leaves its next attempt where it was', async () => {
    await fail(scene, 'matters', 'a');
    const before = await itemOf(scene, 'matters', 'a');
    await again();
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({
      attempts: 2,
      payload: { id: 'a', v: 2 },
      next_attempt_at: before['next_attempt_at'],
    });
  });

  it('takes it out of the hands of whoever retries an older version', async () => {
    await fail(scene, 'matters', 'a');
    await take(scene);
    await again();
    const item = await itemOf(scene, 'matters', 'a');
    expect(item).toMatchObject({ status: 'pending', claim: null, claimed_until: null, attempts: 2 });
    expect(await secondsUntilDue(scene, item['id'])).toBeGreaterThan(40);
  });

  it('leaves a dead one dead, with what is newest', async () => {
    await fail(scene, 'matters', 'a');
    await sql`update sync_failed_items set status = 'dead', next_attempt_at = null`.execute(bed.db);
    await again();
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({
      ...{ status: 'dead', next_attempt_at: null, message: 'newer reason', payload: { id: 'a', v: 2 } },
    });
  });

  it('leaves an operator his payload, which was not tried yet', async () => {
    await fail(scene, 'matters', 'a');
    await sql`update sync_failed_items set payload = '{"id":"a","name":"mine"}', payload_edited_at = now()`.execute(
      bed.db,
    );
    await again();
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({
      payload: { id: 'a', name: 'mine' },
      message: 'newer reason',
    });
  });

  it('settles it when it comes whole, also one that is being retried or dead, and says who did', async () => {
    await fail(scene, 'matters', 'a', 'b', 'c');
    await take(scene, 'matters', 1);
    await sql`update sync_failed_items set status = 'dead' where vendor_id = 'c'`.execute(bed.db);
    await scene.write('matters', [record('a'), record('b'), record('c')]);
    for (const id of ['a', 'b', 'c']) {
      expect(await itemOf(scene, 'matters', id)).toMatchObject({
        ...{ status: 'resolved', resolved_by: 'sync', claim: null, next_attempt_at: null },
      });
    }
  });

  it('settles one that comes twice, once broken and once whole', async () => {
    await scene.write('matters', [record('a')], { rejected: [rejected('a')], mayResolve: false });
    expect(await itemOf(scene, 'matters', 'a')).toMatchObject({ status: 'resolved' });
  });
});

describe('the cap on open failed items', () => {
  const capped = async (maxOpenItems: number, ...ids: string[]) => {
    const run = await scene.claim('matters');
    const batch = {
      ...{
        pages: 1,
        pagesBefore: run.pages,
        lossless: false,
        upperBound: undefined,
        mayResolve: true,
        asOf: new Date(),
      },
      ...{
        records: [record(`good ${ids}`)],
        rejected: ids.map((id) => rejected(id)),
        cursor: { after: run.pages + 1 },
      },
    };
    return commitPages(bed.db, { ...scene.target('matters'), maxOpenItems }, run, batch);
  };

  it('stops in front of the page that would go beyond it; nothing is dropped, and nothing of it is there', async () => {
    await capped(3, 'a', 'b');
    await expect(capped(3, 'c', 'd')).rejects.toMatchObject({ code: 'FAILED_ITEMS_FULL' });
    expect((await scene.failedItems('matters')).map((item) => item['vendor_id'])).toEqual(['a', 'b']);
    expect(Object.keys(await scene.rows('matters'))).toEqual(['good a,b']);
    expect(await scene.progress('matters')).toMatchObject({ pages: 1, cursor: { after: 1 } });
  });

  it('is not reached by those that are open already, nor by what is resolved', async () => {
    await capped(3, 'a', 'b', 'c');
    await capped(3, 'b', 'c');
    await scene.write('matters', [record('a')]);
    await capped(3, 'd');
    await expect(capped(3, 'e')).rejects.toMatchObject({ code: 'FAILED_ITEMS_FULL' });
    await capped(0, 'e');
  });

  it('is each entity’s own', async () => {
    await fail(scene, 'tasks', 'a', 'b', 'c');
    await capped(1, 'a');
  });
});

describe('resolved items', () => {
  it('do not hinder the next failure of their record', async () => {
    await fail(scene, 'matters', 'a');
    await scene.write('matters', [record('a')]);
    await fail(scene, 'matters', 'a');
    await makeDue(scene);
    expect((await take(scene)).items).toMatchObject([{ vendorId: 'a', attempts: 1 }]);
  });
});
