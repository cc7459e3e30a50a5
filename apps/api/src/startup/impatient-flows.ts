import type { Flows } from '@syncline/queue';
import type { ApiContext } from '../api-context.js';
import { within } from '../within.js';

/**
 * BullMQ's producer waits for a Redis that is away. Whoever triggers a sync does not: a Redis that cannot be reached is
 * known at once, one that hangs after `patienceMs`, and the reconciler adds the flow later.
 */
export function impatientFlows(flows: Flows, redis: Pick<ApiContext['redis'], 'ping'>, patienceMs: number): Flows {
  const late = () => new Error(`Redis did not answer within ${patienceMs} ms`);
  return {
    add: async (plan) => {
      await within(patienceMs, redis.ping(), late);
      await within(patienceMs, flows.add(plan), late);
    },
    close: () => flows.close(),
  };
}
