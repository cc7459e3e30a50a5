import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createFirmWithRedis, type RedisFirm } from './rough-times.js';

// Hazard R6: Redis fails over to a copy that is older than what Postgres knows.

let firm: RedisFirm;
beforeAll(async () => {
  firm = await createFirmWithRedis();
});
afterAll(() => firm.close());

it('a Redis that comes back with an older state does not make anything happen twice', async () => {
  const early = firm.simulator.holds.add({ match: { path: '/accounts', after: 1 } });
  const late = firm.simulator.holds.add({ match: { path: '/matters', after: 2 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(early, 1, AbortSignal.timeout(30_000));
  const copy = await firm.redis.copy();
  firm.simulator.holds.release({ id: early });
  await firm.simulator.holds.untilHeld(late, 1, AbortSignal.timeout(30_000));

  await firm.redis.kill();
  await firm.restart(copy);
  expect(await activeSteps(), 'by its memory accounts are still being read').toEqual(['accounts']);
  const job = await firm.job(jobId);
  expect(entityOf(job, 'accounts').status, 'Postgres knows better').toBe('succeeded');
  expect(entityOf(job, 'contacts').status).toBe('succeeded');

  firm.simulator.holds.release();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await worker.kill('SIGTERM')).toBe(0);
});

/** The entities whose steps a worker has in hand, as Redis sees it. */
async function activeSteps(): Promise<string[]> {
  return eventually('Redis to tell', async () => {
    const entities = ['accounts', 'contacts', 'matters', 'tasks'];
    const counts = await Promise.all(
      entities.map((entity) => firm.redis.command('LLEN', `${firm.bed.prefix}:practicepanther-${entity}:active`)),
    );
    return entities.filter((_, i) => Number(counts[i]) > 0);
  });
}
