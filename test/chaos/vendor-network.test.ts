import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entityOf, type Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { startProxy, type TcpProxy } from './proxy.js';
import { createRoughFirm } from './rough-times.js';

// Hazard U5, below HTTP: the way to the vendor breaks in the middle of answers.

let firm: Firm;
let network: TcpProxy;
beforeAll(async () => {
  network = await startProxy('http://127.0.0.1:1/api/v2/');
  const environment = { PP_BASE_URL: network.url, SYNCLINE_EGRESS_ALLOW: new URL(network.url).host };
  firm = await createRoughFirm({ environment });
  network.aim(firm.simulator.url);
});
afterAll(async () => {
  await firm.close();
  await network.close();
});

it('answers that arrive by half, and connections that are reset, are asked for again and never taken for the end', async () => {
  const halved = network.halve(10_000, 2);
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 2 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  expect(halved.hits).toBe(2);
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 1);

  expect(network.cut()).toBeGreaterThan(0);
  firm.simulator.holds.release();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await worker.kill('SIGTERM')).toBe(0);
});
