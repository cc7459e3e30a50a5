import { eventually } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFirm, type Firm } from '../e2e/firm.js';
import { expectTruth } from '../e2e/truth.js';
import { countWrites, logWrites } from '../e2e/write-log.js';

// Hazard D11: a worker dies in the middle of replaying a thousand records.

const many = 1_000;
/** Records that one process has in hand at once, and so may ask for a second time after a death. */
const inHand = 20;

let firm: Firm;
beforeAll(async () => {
  // Nothing is tried again by itself: the operator says when.
  firm = await createFirm(
    { contacts: 1_700 },
    { SYNCLINE_RECOVERY_BASE_SECONDS: '86400', SYNCLINE_LOCK_SECONDS: '1', SYNCLINE_RECONCILE_SECONDS: '1' },
  );
});
afterAll(() => firm.close());

const countItems = async () => {
  const { rows } = await sql<{ status: string; items: number; most: number }>`
    select status, count(*) as items, max(attempts) as most from sync_failed_items group by 1`.execute(firm.bed.db);
  return Object.fromEntries(rows.map(({ status, items }) => [status, items]));
};
const asked = (): number =>
  firm.simulator.requests.entries.filter(({ path }) => /^\/api\/v2\/tasks\/[0-9a-f-]{36}$/.test(path)).length;

it('twice: each record is written once, and none is lost', async () => {
  const { store, holds } = firm.simulator;
  const broken = store
    .ids('tasks')
    .filter((_, i) => i % 2 === 1)
    .slice(0, many);
  for (const id of broken) store.set('tasks', id, { fields: { subject: 7 }, touch: false });
  let worker = await firm.startWorker();
  await firm.sync('full');
  expect(await countItems()).toEqual({ pending: many });
  for (const id of broken) store.set('tasks', id, { fields: { subject: 'mended' }, touch: false });
  await logWrites(firm.bed);

  const dieAfter = async (requests: number, begin: () => Promise<unknown>) => {
    const hold = holds.add({ match: { path: '/tasks/', after: requests } });
    await begin();
    await holds.untilHeld(hold, 1, AbortSignal.timeout(50_000));
    await worker.kill('SIGKILL');
    holds.release({ id: hold });
    const { resolved = 0, retrying = 0 } = await countItems();
    expect(retrying, 'it died with records in hand').toBeGreaterThan(0);
    expect(resolved).toBeGreaterThan(0);
    expect(resolved).toBeLessThan(many);
  };
  await dieAfter(300, async () => {
    const { body } = await firm.request('POST', '/api/v1/failed-items/retry', { filter: { entity: 'tasks' } });
    expect(body).toMatchObject({ retried: many, more: false, enqueued: true });
  });
  await dieAfter(250, async () => {
    worker = await firm.startWorker();
  });
  await firm.startWorker();

  await eventually('all to be resolved', async () => (await countItems())['resolved'] === many, 60_000);
  expect(await countItems()).toEqual({ resolved: many });
  expect(await countWrites(firm.bed)).toEqual({ rows: many, repeated: 0 });
  expect(asked()).toBeGreaterThan(many);
  expect(asked()).toBeLessThanOrEqual(many + 2 * inHand);
  await expectTruth(firm.bed, firm.simulator);
});
