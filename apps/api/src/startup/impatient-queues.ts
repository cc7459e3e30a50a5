import type { EngineContext } from '@syncline/engine';
import { within } from '@syncline/engine';
import type { Flows, Schedules, WakeUps } from '@syncline/queue';
import type { ApiContext } from '../api-context.js';

type Insist = (work: () => Promise<void>) => Promise<void>;

/**
 * BullMQ waits for a Redis that is away. Whoever asks the API for something does not: a Redis that cannot be reached is
 * known at once, one that hangs after `patienceMs`. What was asked for stands in Postgres, and the reconciler queues it
 * later.
 */
export function impatience(redis: Pick<ApiContext['redis'], 'ping'>, patienceMs: number): Insist {
  const late = () => new Error(`Redis did not answer within ${patienceMs} ms`);
  return async (work) => {
    await within(patienceMs, redis.ping(), late);
    await within(patienceMs, work(), late);
  };
}

/** An engine that waits for no Redis where it is asked for something. */
export function impatientEngine<Context extends EngineContext>(ctx: Context, insist: Insist): Context {
  const { flows, recovery, refetches, verifications, schedules } = ctx;
  return {
    ...ctx,
    flows: impatientFlows(flows, insist),
    recovery: impatientWakeUps(recovery, insist),
    refetches: impatientWakeUps(refetches, insist),
    verifications: impatientWakeUps(verifications, insist),
    ...(schedules && { schedules: impatientSchedules(schedules, insist) }),
  };
}

function impatientFlows(flows: Flows, insist: Insist): Flows {
  return { add: (plan) => insist(() => flows.add(plan)), close: () => flows.close() };
}

function impatientWakeUps(wakeUps: WakeUps, insist: Insist): WakeUps {
  return {
    wake: (target, options) => insist(() => wakeUps.wake(target, options)),
    close: () => wakeUps.close(),
  };
}

function impatientSchedules(schedules: Schedules, insist: Insist): Schedules {
  return {
    put: (id, repeat) => insist(() => schedules.put(id, repeat)),
    remove: (id) => insist(() => schedules.remove(id)),
    // For workers, who have time.
    standing: () => schedules.standing(),
    close: () => schedules.close(),
  };
}
