import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFirm, type Firm } from './firm.js';
import { expectTruth } from './truth.js';

let firm: Firm;
beforeAll(async () => {
  firm = await createFirm({ contacts: 300 }, { PP_CIRCUIT_RESET_SECONDS: '600', PP_BACKOFF_BASE_MS: '10' });
});
afterAll(() => firm.close());

const circuit = async (action = '') => {
  const { id } = await firm.bed.db.selectFrom('connections').select('id').executeTakeFirstOrThrow();
  const method = action === '' ? 'GET' : 'POST';
  return (await firm.request(method, `/api/v1/connections/${id}/circuit${action}`)).body;
};
const holdup = async (jobId: string) => (await firm.job(jobId)).holdup?.reason;

it('a vendor that fails is left alone; an operator who knows better closes the circuit, and the sync goes on', async () => {
  await firm.startWorker();
  const fault = firm.simulator.faults.add({ match: { path: '/contacts' }, action: { status: 503 } });
  const jobId = await firm.trigger('full');
  await eventually('the circuit to open', async () => (await circuit())['state'] === 'open');
  // At first it may rest for a few seconds only: until its worker has found that no other one gets through.
  await eventually('the sync to rest until the circuit is tried', async () => {
    const { holdup: why } = await firm.job(jobId);
    return why?.reason === 'circuit' && new Date(why.until ?? 0).getTime() > Date.now() + 300_000;
  });
  // Five failures in a row, each of them a request.
  expect(firm.simulator.state().faultsHit).toBe(5);

  firm.simulator.faults.clear(fault);
  const asked = firm.simulator.requests.count;
  expect(await circuit()).toMatchObject({ openedBy: 'failures', votes: [{}] });
  expect(firm.simulator.requests.count).toBe(asked);
  expect(await circuit('/close')).toMatchObject({ state: 'closed', by: 'admin key' });
  expect((await firm.ended(jobId)).status).toBe('succeeded');
  await expectTruth(firm.bed, firm.simulator);
});

it('one that is opened by hand lets no request out, until it is closed by hand', async () => {
  expect(await circuit('/open')).toMatchObject({ state: 'open', openedBy: 'operator', until: null });
  const asked = firm.simulator.requests.count;
  const jobId = await firm.trigger('incremental');
  await eventually('the sync to rest', async () => (await holdup(jobId)) === 'circuit');
  expect(firm.simulator.requests.count).toBe(asked);
  await circuit('/close');
  expect((await firm.ended(jobId)).status).toBe('succeeded');
  const deeds = firm.bed.db.selectFrom('audit_log').select('action').where('action', 'like', 'circuit.%').orderBy('id');
  const actions = (await deeds.execute()).map(({ action }) => action);
  expect(actions).toEqual(['circuit.close', 'circuit.open', 'circuit.close']);
});
