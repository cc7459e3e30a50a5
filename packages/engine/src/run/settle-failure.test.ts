import { type ErrorCode, SyncError } from '@syncline/connector-kit';
import { findConnection } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
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
async function settle(error: unknown, lastAttempt = false): Promise<unknown> {
  const run = await shop.claim(jobId);
  const turn = shop.turn(jobId, { lastAttempt });
  return settleFailure(shop.ctx, shop.connection, run, turn, error).catch((thrown: unknown) => thrown);
}
const items = () =>
  bed.db.selectFrom('sync_failed_items').selectAll().where('connection_id', '=', shop.connection.id).execute();
const connectionNow = () => findConnection(bed.db, shop.connection.organizationId, shop.connection.id);
const databaseAway = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

const stillRunning = { status: 'running', ended_at: null, error_code: null };

async function expectUntouched(): Promise<void> {
  expect(await shop.run(jobId)).toMatchObject(stillRunning);
  expect(await items()).toEqual([]);
  expect(await connectionNow()).toMatchObject({ status: 'active', statusReason: null });
}

describe('a failure that says nothing about the run', () => {
  it.each<[string, unknown]>([
    ['Postgres is away', databaseAway()],
    ['Redis is away', new SyncError('BUDGET_UNAVAILABLE')],
  ])('lets it rest, also at its last attempt: %s', async (_what, error) => {
    const before = Date.now();
    const verdict = await settle(error, true);
    expect(verdict).toMatchObject({ kind: 'rest', until: expect.any(Date) });
    expect((verdict as { until: Date }).until.getTime()).toBeGreaterThan(before);
    await expectUntouched();
  });
});

describe('a wait', () => {
  const resumeAt = new Date('2030-01-01T00:00:00Z');

  it.each<[ErrorCode, string]>([
    ['BUDGET_WAIT', 'budget'],
    ['UPSTREAM_RATE_LIMITED', 'vendor rate limit'],
  ])('is a rest until then, for whoever asks: %s', async (code, reason) => {
    expect(await settle(new SyncError(code, undefined, { resumeAt }), true)).toEqual({ kind: 'rest', until: resumeAt });
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
  const transient: [string, unknown, ErrorCode][] = [
    ['the vendor is slow', new SyncError('UPSTREAM_TIMEOUT', 'slow'), 'UPSTREAM_TIMEOUT'],
    ['the vendor is down', new SyncError('UPSTREAM_UNAVAILABLE', 'down'), 'UPSTREAM_UNAVAILABLE'],
    ['the answer is no JSON', new SyncError('UPSTREAM_BAD_BODY', 'HTML'), 'UPSTREAM_BAD_BODY'],
    ['a bug', new TypeError('x is undefined'), 'INTERNAL'],
    ['something thrown that is no error', 'text', 'INTERNAL'],
  ];

  it.each(transient)('is tried again: %s', async (_what, error, code) => {
    expect(await settle(error)).toMatchObject({ code });
    expect(await shop.run(jobId)).toMatchObject({ ...stillRunning, waiting_for: `another attempt after: ${code}` });
    await expectUntouched();
  });

  it.each(transient)(
    'ends the run with a failed item when the attempts are used up: %s',
    async (_what, error, code) => {
      expect(await settle(error, true)).toMatchObject({ code });
      expect(await shop.run(jobId)).toMatchObject({ status: 'failed', error_code: code, ended_at: expect.any(Date) });
      expect(await items()).toMatchObject([
        { kind: 'entity_run', entity: 'customers', error_code: code, status: 'pending', sync_job_id: jobId },
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
    expect(await items()).toMatchObject([{ kind: 'entity_run', error_code: code, message: 'the reason' }]);
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

describe('a vendor that leads in circles', () => {
  it('ends the run as partial: what was read stays, and the watermark too', async () => {
    expect(await settle(new SyncError('CURSOR_CYCLE', 'round and round'))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'partial', error_code: 'CURSOR_CYCLE' });
    expect(await items()).toEqual([]);
  });
});

describe('a worker that was taken over', () => {
  it('cannot end the run, nor leave a failed item', async () => {
    const late = await shop.claim(jobId);
    await shop.claim(jobId);
    const error = new SyncError('UPSTREAM_REJECTED');
    const settled = settleFailure(shop.ctx, shop.connection, late, shop.turn(jobId), error);
    await expect(settled).rejects.toBe(error);
    await expectUntouched();
  });
});
