import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectUnharmed } from './expect-unharmed.js';
import { createDistantFirm, type DistantFirm, slowDown } from './rough-times.js';

// Hazard P4: Postgres commits, and the answer gets lost on its way. Whoever asks again must not do it again.

let firm: DistantFirm;
beforeAll(async () => {
  firm = await createDistantFirm();
});
afterAll(() => firm.close());

it('a page whose commit was not heard of is not written a second time', async () => {
  slowDown(firm);
  const lost = firm.network.loseAnswer('insert into "contacts"', 'commit', 1);
  const worker = await firm.startWorker();
  const job = await firm.sync('full');
  expect(lost.hits).toBe(1);
  await expectUnharmed(firm, job);
  expect(await worker.kill('SIGTERM')).toBe(0);
});
