import { type Strike, strikeEnvironment } from '@syncline/testing';
import { expect, it } from 'vitest';
import { expectUnharmed } from '../chaos/expect-unharmed.js';
import { createRoughFirm, slowDown } from '../chaos/rough-times.js';
import { entityOf } from '../e2e/firm.js';

// Hazard K1, all of it: a death at each boundary, around every page of a run of seven pages.

const pages = 7;

/** Each worker takes a run over, commits one page if the boundary allows it, and dies. */
const boundaries: readonly Pick<Strike, 'boundary' | 'nth'>[] = [
  { boundary: 'claimed' },
  { boundary: 'fetched', nth: 2 },
  { boundary: 'in-transaction', nth: 2 },
  { boundary: 'committed', nth: 1 },
];

it.each(boundaries)('$boundary, once for every page', async ({ boundary, nth = 1 }) => {
  const firm = await createRoughFirm({
    simulator: { contacts: 156 },
    environment: { SYNCLINE_LOCK_SECONDS: '1' },
  });
  try {
    slowDown(firm, 60);
    const jobId = await firm.trigger('full');
    // After so many pages there is no more boundary of that kind to die at.
    const deaths = nth === 2 ? pages - 1 : pages;
    const death = strikeEnvironment({ boundary, nth, entity: 'contacts', action: 'SIGKILL' });
    const survivorPages: number[] = [];
    for (let i = 0; i < deaths; i += 1) {
      const doomed = await firm.startWorker(death);
      expect(await doomed.ended).toMatchObject({ signal: 'SIGKILL' });
      survivorPages.push(entityOf(await firm.job(jobId), 'contacts').pages);
    }
    const oneByOne = survivorPages.map((_, i) => (boundary === 'claimed' ? 0 : i + 1));
    expect(survivorPages, 'one page more with each death').toEqual(oneByOne);
    await firm.startWorker();
    const job = await firm.ended(jobId);
    expect(entityOf(job, 'contacts').pages).toBe(pages);
    await expectUnharmed(firm, job);
  } finally {
    await firm.close();
  }
});

it.each(['all-pages-read', 'ended'])('%s, once for every entity', async (boundary) => {
  const firm = await createRoughFirm({ environment: { SYNCLINE_LOCK_SECONDS: '1' } });
  try {
    const jobId = await firm.trigger('full');
    for (const entity of ['accounts', 'contacts', 'matters', 'tasks']) {
      const doomed = await firm.startWorker(strikeEnvironment({ boundary, entity, action: 'SIGKILL' }));
      expect(await doomed.ended).toMatchObject({ signal: 'SIGKILL' });
    }
    await firm.startWorker();
    await expectUnharmed(firm, await firm.ended(jobId));
  } finally {
    await firm.close();
  }
});
