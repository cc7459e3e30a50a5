import { eventually } from '@syncline/testing';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { entityOf, type Firm } from '../e2e/firm.js';
import { countWrites } from '../e2e/write-log.js';
import { expectBudgetKept, expectUnharmed } from './expect-unharmed.js';
import { createRoughFirm } from './rough-times.js';

// Hazards A1, A3 and A6: a refresh token is good for one use, whoever needs it, and whatever happens to him then.

const held = () => AbortSignal.timeout(30_000);

async function connectionOf(firm: Firm) {
  return firm.bed.db.selectFrom('connections').select(['status', 'status_reason as reason']).executeTakeFirstOrThrow();
}

/** Asks an API for the one request in which it goes to the vendor itself. */
async function testConnection(firm: Firm, url: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${firm.bed.adminKey}` };
  return (await fetch(`${url}/api/sync/test-connection`, { headers })).json();
}

it.concurrent('a token that dies under a worker and three APIs is renewed once', async ({ onTestFinished }) => {
  const firm = await createRoughFirm();
  onTestFinished(() => firm.close());
  const { holds } = firm.simulator;
  const page = holds.add({ match: { path: '/contacts', after: 2 } });
  const others = await Promise.all([firm.startApi(), firm.startApi(), firm.startWorker()]);
  const jobId = await firm.trigger('full');
  await holds.untilHeld(page, 1, held());
  const whoAmI = holds.add({ match: { path: '/users/me', times: 3 } });
  const urls = [firm.api.url, others[0].url, others[1].url];
  const tests = urls.map((url) => testConnection(firm, url));
  await holds.untilHeld(whoAmI, 3, held());

  // Four processes have a request with that token in the vendor's hands.
  firm.simulator.expireTokens();
  const { refreshes } = firm.simulator.state();
  holds.release();
  for (const answer of await Promise.all(tests)) expect(answer).toMatchObject({ success: true });
  await expectUnharmed(firm, await firm.ended(jobId));
  const refused = firm.simulator.requests.entries.filter(({ status }) => status === 400);
  expect(refused.length, 'requests that met the dead token').toBeGreaterThanOrEqual(4);
  expect(firm.simulator.state().refreshes).toBe(refreshes + 1);
});

it.concurrent('a worker killed between the new token and its storing leaves a connection that says what it needs', async ({
  onTestFinished,
}) => {
  const firm = await createRoughFirm();
  onTestFinished(() => firm.close());
  const grant = firm.simulator.holds.add({ match: { path: '/oauth/token' }, stage: 'answer' });
  const first = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(grant, 1, held());
  expect(firm.simulator.state().refreshes, 'the vendor has spent the refresh token').toBe(1);
  await first.kill('SIGKILL');
  firm.simulator.holds.release();

  // The dead worker's right to renew ends by itself after a minute and a half; that is not waited for here.
  await sql`update connections set token_lease_until = now()`.execute(firm.bed.db);
  await firm.startWorker();
  expect(await firm.ended(jobId)).toMatchObject({ status: 'failed', errorCode: 'UPSTREAM_AUTH' });
  expect(await connectionOf(firm)).toMatchObject({ status: 'needs_reauth', reason: expect.stringMatching(/\S/) });
  const refused = await firm.request('POST', '/api/sync/trigger', { syncType: 'full' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'CONNECTION_NOT_READY' } });
  expect(await countWrites(firm.bed)).toEqual({ rows: 0, repeated: 0 });
});

it.concurrent('access that is revoked in mid run ends the run, and keeps what was written', async ({
  onTestFinished,
}) => {
  const firm = await createRoughFirm();
  onTestFinished(() => firm.close());
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 3 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, held());
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2);
  firm.simulator.expireTokens({ revokeRefresh: true });
  firm.simulator.holds.release();

  const job = await firm.ended(jobId);
  expect(job).toMatchObject({ status: 'partial', errorCode: 'UPSTREAM_AUTH' });
  const statuses = job.entities.map(({ status }) => status);
  const at = job.entities.findIndex(({ entity }) => entity === 'contacts');
  expect(new Set(statuses.slice(0, at))).toEqual(new Set(['succeeded']));
  expect(statuses[at]).toBe('failed');
  expect(new Set(statuses.slice(at + 1))).toEqual(new Set(['skipped']));
  expect(await connectionOf(firm)).toMatchObject({ status: 'needs_reauth' });
  const written = job.entities.reduce((sum, run) => sum + run.recordsCreated, 0);
  expect(written).toBeGreaterThan(0);
  expect(await countWrites(firm.bed)).toEqual({ rows: written, repeated: 0 });
  expectBudgetKept(firm);
  expect(await worker.kill('SIGTERM')).toBe(0);
});
