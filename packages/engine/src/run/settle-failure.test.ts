import { type ErrorCode, SyncError } from '@syncline/connector-kit';
import { findConnection, noteAttempt } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
import { runEntity } from './run-entity.js';
import { settleFailure } from './settle-failure.js';

let bed: TestBed;
let shop: Shop;
let jobId: string;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  jobId = await shop.job('incremental');
});
afterEach(() => shop.close());

/** Settles a failure of the customers' run and gives the verdict, or what was thrown. */
async function settle(error: unknown, failuresBefore = 0): Promise<unknown> {
  const run = await shop.claim(jobId);
  await bed.db
    .updateTable('sync_progress')
    .set({ attempts: failuresBefore })
    .where('sync_job_id', '=', jobId)
    .execute();
  return settleFailure(shop.ctx, shop.connection, run, error).catch((thrown: unknown) => thrown);
}
const items = () =>
  bed.db.selectFrom('sync_failed_items').selectAll().where('connection_id', '=', shop.connection.id).execute();
const connectionNow = () => findConnection(bed.db, shop.connection.organizationId, shop.connection.id);
const databaseAway = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

const stillRunning = { status: 'running', ended_at: null, error_code: null };

async function expectUntouched(): Promise<void> {
  expect(await shop.run(jobId)).toMatchObject(stillRunning);
  expect(await items()).toEqual([]);
  expect(await shop.letters()).toEqual([]);
  expect(await connectionNow()).toMatchObject({ status: 'active', statusReason: null });
}

describe('a failure that says nothing about the run', () => {
  it.each<[string, unknown]>([
    ['Postgres is away', databaseAway()],
    ['Redis is away', new SyncError('BUDGET_UNAVAILABLE')],
  ])('lets it rest, also at its last attempt: %s', async (_what, error) => {
    const before = Date.now();
    const verdict = await settle(error, 4);
    expect(verdict).toMatchObject({ kind: 'rest', until: expect.any(Date) });
    expect((verdict as { until: Date }).until.getTime()).toBeGreaterThan(before);
    await expectUntouched();
  });
});

describe('a wait', () => {
  const resumeAt = new Date('2030-01-01T00:00:00Z');

  it.each<[ErrorCode, string]>([
    ['BUDGET_WAIT', 'budget'],
    ['UPSTREAM_RATE_LIMITED', 'vendor_rate_limit'],
    ['CIRCUIT_OPEN', 'circuit'],
  ])('is a rest until then, for whoever asks: %s', async (code, reason) => {
    expect(await settle(new SyncError(code, undefined, { resumeAt }), 4)).toEqual({ kind: 'rest', until: resumeAt });
    expect(await shop.run(jobId)).toMatchObject({ ...stillRunning, waiting_for: reason, waiting_until: resumeAt });
    await expectUntouched();
  });

  it('that does not say how long is a short one', async () => {
    const before = Date.now();
    const verdict = (await settle(new SyncError('UPSTREAM_RATE_LIMITED'))) as { until: Date };
    expect(verdict.until.getTime()).toBeGreaterThan(before);
    expect(verdict.until.getTime()).toBeLessThan(before + 60_000);
  });
});

describe('a failure that may pass', () => {
  const transient: [string, unknown, ErrorCode, number][] = [
    ['the vendor is slow', new SyncError('UPSTREAM_TIMEOUT', 'slow'), 'UPSTREAM_TIMEOUT', 5],
    ['the vendor is down', new SyncError('UPSTREAM_UNAVAILABLE', 'down'), 'UPSTREAM_UNAVAILABLE', 5],
    ['the answer is no JSON', new SyncError('UPSTREAM_BAD_BODY', 'HTML'), 'UPSTREAM_BAD_BODY', 3],
    ['a bug', new TypeError('x is undefined'), 'INTERNAL', 3],
    ['something thrown that is no error', 'text', 'INTERNAL', 3],
  ];

  it.each(transient)('is tried again, and says why and when: %s', async (_what, error, code, most) => {
    const verdict = await settle(error, most - 2);
    expect(verdict).toMatchObject({ kind: 'rest', until: expect.any(Date) });
    const { until } = verdict as { until: Date };
    const waiting = { waiting_for: 'retry', waiting_until: until, attempts: most - 1, error_code: code };
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', ended_at: null, ...waiting });
    expect(await items()).toEqual([]);
  });

  it('rests longer and longer, up to a minute, and at random', async () => {
    const rests: number[][] = [];
    for (const failuresBefore of [0, 1, 2, 3]) {
      const some: number[] = [];
      for (let i = 0; i < 12; i += 1) {
        const run = await shop.claim(jobId);
        await bed.db.updateTable('sync_progress').set({ attempts: failuresBefore }).execute();
        const attempt = await noteAttempt(bed.db, run, { code: 'UPSTREAM_TIMEOUT', message: 'slow' });
        const { rows } = await sql<{ now: Date }>`select now() as now`.execute(bed.db);
        some.push((attempt?.until.getTime() ?? 0) - (rows[0]?.now.getTime() ?? 0));
      }
      expect(Math.max(...some)).toBeLessThanOrEqual(2_000 * 2 ** failuresBefore);
      expect(new Set(some).size).toBeGreaterThan(6);
      rests.push(some);
    }
    // Of twelve rests of up to 16 s one is longer than the longest of up to 2 s can be, but for one case in 10^10.
    expect(Math.max(...(rests[3] ?? []))).toBeGreaterThan(2_000);
  });

  it('is forgotten with the next page', async () => {
    await settle(new SyncError('UPSTREAM_TIMEOUT'), 3);
    shop.pages.customers = async () => ({ ...emptyPage, records: [{ id: 'a' }], next: undefined });
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', attempts: 0, error_code: null });
  });

  it.each(transient)(
    'ends the run with a dead letter when the attempts are used up: %s',
    async (_what, error, code, most) => {
      expect(await settle(error, most - 1)).toMatchObject({ code });
      expect(await shop.run(jobId)).toMatchObject({ status: 'failed', error_code: code, ended_at: expect.any(Date) });
      expect(await shop.letters()).toMatchObject([
        { data: { kind: 'entity_run', syncJobId: jobId, connector: 'shop', entity: 'customers', epoch: 1, code } },
      ]);
      expect(await connectionNow()).toMatchObject({ status: 'active' });
    },
  );
});

describe('a failure that cannot pass', () => {
  it.each<ErrorCode>(['UPSTREAM_REJECTED', 'UPSTREAM_TOO_LARGE'])('ends the run at once: %s', async (code) => {
    const error = new SyncError(code, 'the reason');
    expect(await settle(error)).toBe(error);
    expect(await shop.run(jobId)).toMatchObject({ status: 'failed', error_code: code, error_message: 'the reason' });
    expect(await shop.letters()).toMatchObject([{ data: { kind: 'entity_run', code, message: 'the reason' } }]);
    expect(await connectionNow()).toMatchObject({ status: 'active' });
  });

  it.each<[ErrorCode, string]>([
    ['UPSTREAM_AUTH', 'needs_reauth'],
    ['EGRESS_REFUSED', 'error'],
    ['CREDENTIALS_UNREADABLE', 'error'],
    ['CONNECTION_SETTINGS_INVALID', 'error'],
  ])('takes the connection down with it: %s', async (code, status) => {
    await settle(new SyncError(code, 'the reason'));
    expect(await shop.run(jobId)).toMatchObject({ status: 'failed', error_code: code });
    expect(await connectionNow()).toMatchObject({ status, statusReason: 'the reason' });
  });
});

describe('a watermark that the vendor refuses', () => {
  it('makes the run a full one, which goes on at once', async () => {
    const verdict = (await settle(new SyncError('UPSTREAM_BAD_WATERMARK'))) as { kind: string; until: Date };
    expect(verdict.kind).toBe('rest');
    expect(verdict.until.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await shop.run(jobId)).toMatchObject({ mode: 'full', mode_reason: expect.stringContaining('watermark') });
    await expectUntouched();
  });

  it('is a failure like others in a full run, which has none', async () => {
    await shop.setRuns(jobId, 'cancelled', 'cancelled', 'cancelled');
    await bed.db.updateTable('sync_jobs').set({ status: 'cancelled' }).where('id', '=', jobId).execute();
    jobId = await shop.job('full');
    expect(await settle(new SyncError('UPSTREAM_BAD_WATERMARK'))).toMatchObject({ code: 'UPSTREAM_BAD_WATERMARK' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'failed' });
  });
});

describe('a place to go on from that cannot be read', () => {
  const setCursor = () =>
    bed.db.updateTable('sync_progress').set({ cursor: '{"of":"another release"}' }).where('sync_job_id', '=', jobId);

  it.each(['incremental', 'full'] as const)('makes a run start over in full, and say so: %s', async (mode) => {
    await shop.setRuns(jobId, 'cancelled', 'cancelled', 'cancelled');
    await bed.db.updateTable('sync_jobs').set({ status: 'cancelled' }).where('id', '=', jobId).execute();
    jobId = await shop.job(mode);
    await setCursor().execute();
    expect(await settle(new SyncError('CURSOR_UNREADABLE'))).toMatchObject({ kind: 'rest' });
    const mode_reason = 'the place to go on from cannot be read';
    expect(await shop.run(jobId)).toMatchObject({ mode: 'full', mode_reason, cursor: null, lower_bound: null });
    await expectUntouched();
  });

  it('is a failure where there was none, so that nothing starts over without end', async () => {
    expect(await settle(new SyncError('CURSOR_UNREADABLE'))).toMatchObject({ code: 'CURSOR_UNREADABLE' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'failed' });
  });
});

describe('a list that cannot be read to its end now', () => {
  it.each<ErrorCode>(['CURSOR_CYCLE', 'FAILED_ITEMS_FULL'])(
    'ends the run as partial: what was read stays, and the watermark too: %s',
    async (code) => {
      expect(await settle(new SyncError(code, 'the reason'))).toEqual({ kind: 'done' });
      expect(await shop.run(jobId)).toMatchObject({ status: 'partial', error_code: code });
      expect(await shop.letters()).toEqual([]);
    },
  );
});

describe('a worker that was taken over', () => {
  it('cannot end the run, nor leave a failed item', async () => {
    const late = await shop.claim(jobId);
    await shop.claim(jobId);
    const error = new SyncError('UPSTREAM_REJECTED');
    const settled = settleFailure(shop.ctx, shop.connection, late, error);
    await expect(settled).rejects.toBe(error);
    await expectUntouched();
  });
});
