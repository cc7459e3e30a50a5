import { eventually, type ServiceProcess } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';
import { countWrites, logWrites } from './write-log.js';

let firm: Firm;

beforeAll(async () => {
  firm = await createFirm({ contacts: 375, pageSize: 15 });
  await logWrites(firm.bed);
});
afterAll(() => firm.close());

/** What is promised to whoever waits: by the numbers it is some eleven seconds. */
const takeoverMs = 15_000;

/**
 * Kills the worker in the middle of an entity run (pages are committed, and its next request is in the vendor's hands)
 * while another one stands by, which has to go on in time. Returns the other one.
 */
async function killDuring(jobId: string, entity: string, worker: ServiceProcess): Promise<ServiceProcess> {
  const progress = async () => entityOf(await firm.job(jobId), entity);
  const hold = firm.simulator.holds.add({ match: { path: `/${entity}`, method: 'GET', after: 6 } });
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually(`${entity} to have committed pages`, async () => (await progress()).pages >= 3);
  const other = await firm.startWorker();
  const killedAt = performance.now();
  await worker.kill('SIGKILL');
  firm.simulator.holds.release({ id: hold });
  const stopped = await progress();
  expect(stopped.status, 'the kill hit a run that was under way').toBe('running');
  expect(stopped.recordsRead).toBeLessThan(firm.simulator.store.counts()[entity as 'contacts' | 'tasks']);
  await eventually('the other worker to go on', async () => (await progress()).pages > stopped.pages);
  expect(performance.now() - killedAt).toBeLessThan(takeoverMs);
  return other;
}

it('a worker killed twice in mid run costs nothing: the tables equal the truth and no row was written twice', async () => {
  const first = await firm.startWorker();
  const jobId = await firm.trigger('full');
  const second = await killDuring(jobId, 'contacts', first);
  await killDuring(jobId, 'tasks', second);

  const job = await firm.ended(jobId);
  expect(job.status).toBe('succeeded');
  await expectTruth(firm.bed, firm.simulator);
  const total = job.entities.reduce((sum, run) => sum + run.recordsRead, 0);
  expect(await countWrites(firm.bed)).toEqual({ rows: total, repeated: 0 });
  for (const run of job.entities) expect(run.recordsCreated).toBe(run.recordsRead);
});
