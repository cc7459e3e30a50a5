import { type ErrorCode, SyncError } from '@syncline/connector-kit';
import { findConnection, readFailedItemHistory, setConnectionStatus, stopOrganization } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failRecords, makeDue, namesIn, recoveryTurn } from '../../testing/failed-records.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { recoverItems } from './recover-items.js';

let bed: TestBed;
let shop: Shop;
let asked: string[];
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  asked = [];
});
afterEach(() => shop.close());

/** The vendor answers for one record as told, and notes what it was asked for. */
function vendorHas(answer: (id: string) => unknown): void {
  shop.ones.customers = async (id) => {
    asked.push(id);
    return { json: await answer(id), lossless: false, vendorTime: undefined };
  };
}
const fails =
  (code: ErrorCode, options = {}) =>
  () => {
    throw new SyncError(code, 'the reason', options);
  };
const recover = (over = {}) => recoverItems(shop.ctx, recoveryTurn(shop, 'customers', over));
const items = () => shop.failedItems();
const untouched = { status: 'pending', attempts: 1, claim: null, error_code: 'RECORD_INVALID' };
const ids = (count: number) => Array.from({ length: count }, (_, i) => `c${String(i).padStart(4, '0')}`);

describe('a failed record', () => {
  it('is fetched as it is now, written, and settled', async () => {
    await failRecords(shop, ['a', 'b']);
    vendorHas((id) => ({ id, name: `mended ${id}` }));
    expect(await recover()).toEqual({ kind: 'done' });
    expect(await namesIn(shop)).toEqual({ a: 'mended a', b: 'mended b' });
    expect(await items()).toMatchObject([
      { status: 'resolved', resolved_by: 'recovery' },
      { status: 'resolved', resolved_by: 'recovery' },
    ]);
    expect(asked.sort()).toEqual(['a', 'b']);
  });

  it('is left alone until it is due', async () => {
    await failRecords(shop, ['a'], { due: false });
    expect(await recover()).toEqual({ kind: 'done' });
    await sql`update sync_failed_items set next_attempt_at = now() + interval '5 seconds'`.execute(bed.db);
    const verdict = await recover();
    expect(verdict).toMatchObject({ kind: 'rest' });
    const { until } = verdict as { until: Date };
    expect(until.getTime() - Date.now()).toBeGreaterThan(3_000);
    expect(asked).toEqual([]);
  });

  it('is one of many: all are done in one turn, each once', async () => {
    await failRecords(shop, ids(65));
    vendorHas((id) => ({ id, name: 'mended' }));
    expect(await recover()).toEqual({ kind: 'done' });
    expect(Object.keys(await namesIn(shop))).toEqual(ids(65));
    expect(asked.sort()).toEqual(ids(65));
  });

  it('lets others have their turn after some, and has lost nothing', async () => {
    await failRecords(shop, ids(50));
    vendorHas((id) => ({ id, name: 'mended' }));
    expect(await recover({ othersWait: async () => true })).toEqual({ kind: 'yield' });
    const written = Object.keys(await namesIn(shop)).length;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(50);
    expect((await items()).filter((item) => item['status'] === 'pending')).toHaveLength(50 - written);
    await recover();
    expect(Object.keys(await namesIn(shop))).toEqual(ids(50));
    expect(asked.sort()).toEqual(ids(50));
  });

  it('does not replace what is newer, and is settled all the same', async () => {
    await failRecords(shop, ['a']);
    vendorHas((id) => ({ id, name: 'newer', changed: '2025-06-02T12:00:00Z' }));
    await recover();
    await failRecords(shop, ['a']);
    vendorHas((id) => ({ id, name: 'older', changed: '2025-06-02T11:00:00Z' }));
    await recover();
    expect(await namesIn(shop)).toEqual({ a: 'newer' });
    expect((await items()).map((item) => item['status'])).toEqual(['resolved', 'resolved']);
  });
});

describe('a record that cannot be fetched by itself', () => {
  it('is tried with the payload that was kept', async () => {
    await failRecords(shop, ['o'], { entity: 'orders', payload: { name: 'whole now' } });
    await recoverItems(shop.ctx, recoveryTurn(shop, 'orders'));
    expect(await namesIn(shop, 'orders')).toEqual({ o: 'whole now' });
  });

  it('is tried with an operator’s payload, which no answer of the vendor replaces', async () => {
    await failRecords(shop, ['a']);
    vendorHas((id) => ({ id, name: 'of the vendor' }));
    await sql`update sync_failed_items set payload = '{"id":"a","name":"of the operator"}', payload_edited_at = now()
      where connection_id = ${shop.connection.id}`.execute(bed.db);
    await recover();
    expect(await namesIn(shop)).toEqual({ a: 'of the operator' });
    expect(asked).toEqual([]);
  });

  it('does not become another record by that', async () => {
    await failRecords(shop, ['a']);
    await sql`update sync_failed_items set payload = '{"id":"b","name":"another"}', payload_edited_at = now()
      where connection_id = ${shop.connection.id}`.execute(bed.db);
    await recover();
    expect(await namesIn(shop)).toEqual({});
    expect(await shop.letters()).toHaveLength(1);
  });
});

describe('a record that is still broken', () => {
  it('is given up, with what is wrong with it now, and a dead letter that tells nothing of it', async () => {
    await failRecords(shop, ['a']);
    vendorHas((id) => ({ id, name: ['S3CRET'] }));
    expect(await recover()).toEqual({ kind: 'done' });
    const [item] = await items();
    expect(item).toMatchObject({
      ...{ status: 'pending', next_attempt_at: null, attempts: 2, error_code: 'RECORD_INVALID', field: 'name' },
      payload: { id: 'a', name: ['S3CRET'] },
    });
    const [letter, ...others] = await shop.letters();
    expect(letter?.data).toEqual({ v: 1, kind: 'item', itemId: item?.['id'], claim: item?.['claim'] });
    expect(others).toEqual([]);
  });

  it.each([404, 410])('is given up as gone when the vendor says %i', async (status) => {
    await failRecords(shop, ['a']);
    vendorHas(fails('UPSTREAM_REJECTED', { details: { status } }));
    await recover();
    expect(await items()).toMatchObject([{ error_code: 'UPSTREAM_GONE', next_attempt_at: null, attempts: 2 }]);
    expect(await shop.letters()).toHaveLength(1);
  });

  it('is given up when the vendor refuses to show it, and does not hold up the others', async () => {
    await failRecords(shop, ['a', 'b', 'c']);
    vendorHas((id) => (id === 'b' ? fails('UPSTREAM_REJECTED', { details: { status: 403 } })() : { id, name: 'x' }));
    await recover();
    expect(await namesIn(shop)).toEqual({ a: 'x', c: 'x' });
    expect((await items()).map((item) => item['error_code'])).toContain('UPSTREAM_REJECTED');
    expect(await shop.letters()).toHaveLength(1);
  });

  it('is not settled by the answer for another one', async () => {
    await failRecords(shop, ['a']);
    vendorHas(() => ({ id: 'z', name: 'another' }));
    await recover();
    expect(await namesIn(shop)).toEqual({});
    expect(await items()).toMatchObject([{ status: 'pending', error_code: 'UPSTREAM_BAD_BODY', attempts: 2 }]);
    expect(await shop.letters()).toEqual([]);
  });
});

describe('a failure that may pass', () => {
  it.each<[string, () => unknown]>([
    ['the vendor is slow', fails('UPSTREAM_TIMEOUT')],
    ['the vendor is down', fails('UPSTREAM_UNAVAILABLE')],
    ['a bug', () => JSON.parse('<html>')],
  ])('costs one attempt, and the next one is later: %s', async (_what, broken) => {
    await failRecords(shop, ['a']);
    vendorHas(broken);
    await recover();
    const [item] = await items();
    expect(item).toMatchObject({ status: 'pending', attempts: 2, claim: null, next_attempt_at: expect.any(Date) });
    expect(await shop.letters()).toEqual([]);
  });

  it('is the end of it when the attempts are used up', async () => {
    await failRecords(shop, ['a']);
    vendorHas(fails('UPSTREAM_TIMEOUT'));
    for (let failures = 2; failures <= 5; failures += 1) {
      await makeDue(shop);
      await recover();
      expect(await items()).toMatchObject([{ attempts: failures }]);
      expect(await shop.letters()).toHaveLength(failures === 5 ? 1 : 0);
    }
    expect(await items()).toMatchObject([{ next_attempt_at: null, error_code: 'UPSTREAM_TIMEOUT' }]);
    const [item] = await items();
    const history = await readFailedItemHistory(bed.db, shop.connection.organizationId, String(item?.['id']));
    expect(history?.events.map(({ kind, attempt, code, message }) => [kind, attempt, code, message])).toEqual([
      ['failed', 1, 'RECORD_INVALID', expect.any(String)],
      ['failed', 2, 'UPSTREAM_TIMEOUT', 'the reason'],
      ...[3, 4, 5].map((attempt) => ['failed', attempt, 'UPSTREAM_TIMEOUT', null]),
    ]);
  });

  it('of the vendor is not tried out on all the others', async () => {
    await failRecords(shop, ids(30));
    vendorHas(fails('UPSTREAM_UNREACHABLE'));
    expect(await recover()).toMatchObject({ kind: 'rest' });
    const attempts = (await items()).map((item) => item['attempts']);
    expect(attempts.filter((count) => count === 2)).toHaveLength(1);
    expect(asked.length).toBeLessThanOrEqual(4);
    expect((await items()).filter((item) => item['status'] !== 'pending')).toEqual([]);
  });
});

describe('what says nothing about the record', () => {
  const resumeAt = new Date('2030-01-01T00:00:00Z');

  it.each<ErrorCode>(['BUDGET_WAIT', 'CIRCUIT_OPEN', 'UPSTREAM_RATE_LIMITED'])(
    'lets everything rest until then, and costs nothing: %s',
    async (code) => {
      await failRecords(shop, ['a', 'b', 'c']);
      vendorHas((id) => (id === 'a' ? { id, name: 'in time' } : fails(code, { resumeAt })()));
      expect(await recover()).toEqual({ kind: 'rest', until: resumeAt });
      expect(await namesIn(shop)).toEqual({ a: 'in time' });
      expect((await items()).slice(1)).toMatchObject([untouched, untouched]);
    },
  );

  it('is a Redis that is away', async () => {
    await failRecords(shop, ['a']);
    vendorHas(fails('BUDGET_UNAVAILABLE'));
    expect(await recover()).toMatchObject({ kind: 'rest' });
    expect(await items()).toMatchObject([untouched]);
  });

  it('is a Postgres that is away', async () => {
    await failRecords(shop, ['a']);
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    vendorHas(() => {
      throw away;
    });
    expect(await recover()).toMatchObject({ kind: 'rest' });
    expect(await items()).toMatchObject([untouched]);
    const db = bed.db.withPlugin({
      transformQuery: () => {
        throw away;
      },
      transformResult: async ({ result }) => result,
    });
    expect(await recoverItems({ ...shop.ctx, db }, recoveryTurn(shop))).toMatchObject({ kind: 'rest' });
  });

  it('is a refused credential: the connection has to be authorised again, and the records wait for that', async () => {
    await failRecords(shop, ['a', 'b']);
    vendorHas(fails('UPSTREAM_AUTH'));
    expect(await recover()).toEqual({ kind: 'done' });
    const connection = await findConnection(bed.db, shop.connection.organizationId, shop.connection.id);
    expect(connection).toMatchObject({ status: 'needs_reauth', statusReason: 'the reason' });
    expect(await items()).toMatchObject([untouched, untouched]);
  });

  it('is an emergency stop, or a connection that is paused', async () => {
    await failRecords(shop, ['a']);
    vendorHas((id) => ({ id, name: 'x' }));
    await setConnectionStatus(bed.db, shop.connection, 'paused', null);
    expect(await recover()).toEqual({ kind: 'done' });
    await setConnectionStatus(bed.db, shop.connection, 'active', null);
    await stopOrganization(bed.db, shop.connection.organizationId, { actor: 'test' });
    expect(await recover()).toEqual({ kind: 'done' });
    expect(asked).toEqual([]);
    expect(await items()).toMatchObject([untouched]);
  });

  it('is a process that stops: it hands the turn back, with the records as they were', async () => {
    await failRecords(shop, ids(30));
    const stopping = new AbortController();
    vendorHas((id) => {
      if (asked.length < 6) return { id, name: 'before' };
      stopping.abort(new Error('stopping'));
      throw stopping.signal.reason;
    });
    expect(await recover({ signal: stopping.signal })).toEqual({ kind: 'hand-back' });
    const written = Object.keys(await namesIn(shop));
    const open = (await items()).filter((item) => item['status'] !== 'resolved');
    expect(written.length + open.length).toBe(30);
    expect(written.length).toBeGreaterThan(0);
    expect(open).toMatchObject(open.map(() => untouched));
  });
});

describe('a turn whose worker has died', () => {
  it('is gone on with by the next one, at once; what it had in hand has lost an attempt', async () => {
    await failRecords(shop, ids(30));
    vendorHas((id) => ({ id, name: 'x' }));
    // Its batch is in hand, and it never comes back.
    await sql`update sync_failed_items set status = 'retrying', claim = gen_random_uuid(),
      claimed_until = now() + interval '10 minutes' where vendor_id < 'c0020'
      and connection_id = ${shop.connection.id}`.execute(bed.db);
    expect(await recover()).toEqual({ kind: 'done' });
    expect(Object.keys(await namesIn(shop))).toEqual(ids(30));
    const attempts = (await items()).map((item) => item['attempts']);
    expect([attempts.filter((count) => count === 2).length, attempts.length]).toEqual([20, 30]);
    expect(asked).toHaveLength(30);
  });
});

describe('a table that takes nothing any more', () => {
  it('costs the records an attempt, but not their lives', async () => {
    await failRecords(shop, ['a']);
    vendorHas((id) => ({ id, name: 'x' }));
    await sql`alter table customers rename column name to title`.execute(bed.db);
    try {
      await recover();
      expect(await items()).toMatchObject([{ status: 'pending', attempts: 2, error_code: 'TARGET_SCHEMA' }]);
    } finally {
      await sql`alter table customers rename column title to name`.execute(bed.db);
    }
    await makeDue(shop);
    await recover();
    expect(await namesIn(shop)).toEqual({ a: 'x' });
  });
});
