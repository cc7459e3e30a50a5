import { Queue } from 'bullmq';
import { z } from 'zod';
import { type Consumer, type ConsumerOptions, consumeJobs } from './consumer.js';
import { recoveryQueue, refetchQueue, verifyQueue } from './names.js';
import { payloadParser } from './payload.js';
import type { RedisClient } from './redis/open-redis.js';
import { traced } from './telemetry.js';
import { inTurn } from './turns.js';

/** Whose work is due. What the work is stands in Postgres. */
const wakeUpPayload = z.object({
  v: z.literal(1),
  organizationId: z.uuid(),
  connectionId: z.uuid(),
  connector: z.string(),
  /** Empty for work that is about no entity: failed items of a whole job, verifications. */
  entity: z.string(),
});
export type WakeUpPayload = z.infer<typeof wakeUpPayload>;
export type WakeUpTarget = Omit<WakeUpPayload, 'v'>;

/**
 * Work that waits in Postgres for somebody to look: failed items to be tried again, records that webhooks told of,
 * verifications.
 */
export interface WakeUps {
  /**
   * Has what is due of a connection's entity worked on, in `delayMs` at the earliest. Does nothing while the entity is
   * waiting for it or being worked on. `hurry` also calls back a job that rests (for a budget, say): somebody has asked
   * for it.
   *
   * Rejects when Redis is away: what is due stands in Postgres and is found again.
   */
  wake(target: WakeUpTarget, options?: { readonly hurry?: boolean; readonly delayMs?: number }): Promise<void>;
  close(): Promise<void>;
}

type OpenWakeUps = (connection: RedisClient, prefix: string, onError: (error: Error) => void) => WakeUps;

/** For failed items that are due. */
export const openRecovery = wakeUpsOf(recoveryQueue, 'recover');
/** For records that webhooks told of. */
export const openRefetches = wakeUpsOf(refetchQueue, 'refetch');
/** For verifications, which are of a connection as a whole. */
export const openVerifications = wakeUpsOf(verifyQueue, 'verify');

function wakeUpsOf(queueName: string, jobName: string): OpenWakeUps {
  return (connection, prefix, onError) => {
    const queue = new Queue(queueName, { connection, prefix, ...traced() });
    queue.on('error', onError);
    return {
      wake: async ({ organizationId, connectionId, connector, entity }, { hurry = false, delayMs = 0 } = {}) => {
        const payload: WakeUpPayload = { v: 1, organizationId, connectionId, connector, entity };
        // One job for each entity of a connection: adding it again while there is one does nothing.
        const jobId = `${connectionId}-${entity || 'jobs'}`;
        const options = { jobId, priority: inTurn, delay: delayMs, removeOnComplete: true, removeOnFail: true };
        const job = await queue.add(jobName, payload, options);
        if (!hurry || !(await job.isDelayed())) return;
        await job.promote().catch(async (error: unknown) => {
          // It may have begun by itself in between, which is as good.
          if (await job.isDelayed()) throw error;
        });
      },
      close: () => queue.close(),
    };
  };
}

type WakeUpConsumer = (options: Omit<ConsumerOptions<WakeUpPayload>, 'queue' | 'onUnreadable'>) => Consumer;

/** Consumes the recovery queue. */
export const consumeRecovery = consumerOf(recoveryQueue);
/** Consumes the queue of what webhooks told of. */
export const consumeRefetches = consumerOf(refetchQueue);
/** Consumes the queue of verifications. */
export const consumeVerifications = consumerOf(verifyQueue);

function consumerOf(queue: string): WakeUpConsumer {
  return (options) => consumeJobs({ ...options, queue }, payloadParser(wakeUpPayload));
}
