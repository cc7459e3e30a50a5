import { eventually } from '@syncline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';
import { countWrites, logWrites } from './write-log.js';

let firm: Firm;
afterEach(() => firm.close());

/** The sync has committed pages of contacts, and its next request is in the vendor's hands. */
async function inTheMiddleOf(jobId: string): Promise<number> {
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', method: 'GET', after: 4 } });
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2);
  return hold;
}

describe('steering a sync from another process', () => {
  beforeEach(async () => {
    firm = await createFirm({ contacts: 240, pageSize: 20 });
    await logWrites(firm.bed);
  });

  it('a stop pauses it at its next page, holds over restarts, and when lifted it goes on where it was', async () => {
    const first = await firm.startWorker();
    const jobId = await firm.trigger('full');
    const hold = await inTheMiddleOf(jobId);
    expect(await firm.request('POST', '/api/sync/stop')).toMatchObject({
      status: 200,
      body: { stopped: true, jobs: 1 },
    });
    firm.simulator.holds.release({ id: hold });
    await eventually(
      'the run to pause',
      async () => entityOf(await firm.job(jobId), 'contacts').waitingFor === 'paused',
    );
    const asked = firm.simulator.requests.count;
    const before = entityOf(await firm.job(jobId), 'contacts').pages;
    expect(await firm.job(jobId)).toMatchObject({
      status: 'running',
      holdup: { reason: 'stopped', entity: 'contacts' },
    });
    expect(await firm.request('POST', '/api/sync/trigger', { syncType: 'full' })).toMatchObject({
      status: 409,
      body: { code: 'SYNC_STOPPED' },
    });

    await first.kill('SIGTERM');
    const second = await firm.startWorker({ SYNCLINE_RECONCILE_SECONDS: '1' });
    // Its reconciler has looked around by the time its lease is renewed.
    await eventually('the new worker to reconcile', async () => {
      const leases = await firm.bed.db.selectFrom('leases').select('holder').where('name', '=', 'reconciler').execute();
      return leases.length === 1;
    });
    expect(firm.simulator.requests.count).toBe(asked);
    expect(entityOf(await firm.job(jobId), 'contacts').pages).toBe(before);

    expect(await firm.request('POST', '/api/sync/restart')).toMatchObject({
      status: 200,
      body: { stopped: false, jobs: 1 },
    });
    const job = await firm.ended(jobId);
    expect(job.status).toBe('succeeded');
    await expectTruth(firm.bed, firm.simulator);
    const total = job.entities.reduce((sum, run) => sum + run.recordsRead, 0);
    expect(await countWrites(firm.bed)).toEqual({ rows: total, repeated: 0 });
    expect(await second.kill('SIGTERM')).toBe(0);
  });

  it('a cancel ends it at once, keeps what was written, and the next sync makes it whole', async () => {
    await firm.startWorker();
    const jobId = await firm.trigger('full');
    const hold = await inTheMiddleOf(jobId);
    expect(await firm.request('POST', `/api/v1/sync/jobs/${jobId}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    const cancelled = await firm.job(jobId);
    expect(cancelled).toMatchObject({ status: 'cancelled', holdup: null });
    firm.simulator.holds.release({ id: hold });
    const next = await firm.sync('full');
    expect(next.status).toBe('succeeded');
    await expectTruth(firm.bed, firm.simulator);
    expect(await firm.job(jobId)).toEqual(cancelled);
    expect(await firm.request('POST', `/api/v1/sync/jobs/${jobId}/cancel`)).toMatchObject({ status: 409 });
  });
});

describe('a sync that does not move', () => {
  it('says why: no worker, then the budget and until when', async () => {
    firm = await createFirm({ contacts: 300 }, { PP_RATE_LIMIT_REQUESTS: '4', PP_RATE_LIMIT_WINDOW_SECONDS: '600' });
    const jobId = await firm.trigger('full');
    expect(await firm.job(jobId)).toMatchObject({ status: 'queued', holdup: { reason: 'no_worker', until: null } });
    await firm.startWorker();
    const job = await eventually('the budget to be used up', async () => {
      const current = await firm.job(jobId);
      return current.holdup?.reason === 'budget' && current;
    });
    const until = new Date(job.holdup?.until ?? 0).getTime();
    expect(until).toBeGreaterThan(Date.now() + 300_000);
    expect(until).toBeLessThan(Date.now() + 660_000);
    expect(firm.simulator.requests.count).toBeLessThanOrEqual(4);
  });
});
