import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { type Consumer, type ConsumerOptions, consumeJobs } from './consumer.js';
import { recoveryQueue } from './names.js';
import { payloadParser } from './payload.js';
import { inTurn } from './turns.js';

/** Whose due items are to be tried again. */
const recoveryPayload = z.object({
  v: z.literal(1),
  organizationId: z.uuid(),
  connectionId: z.uuid(),
  connector: z.string(),
  /** Empty for items that are about no entity, but about a whole job. */
  entity: z.string(),
});
export type RecoveryPayload = z.infer<typeof recoveryPayload>;
export type RecoveryTarget = Omit<RecoveryPayload, 'v'>;

export interface Recovery {
  /**
   * Has the due items of a connection's entity tried again. Does nothing while the entity is waiting for it or being
   * worked on. `hurry` also calls back a job that rests (for a budget, say): somebody has asked for it.
   *
   * Rejects when Redis is away: what is due stands in Postgres and is found again.
   */
  wake(target: RecoveryTarget, hurry?: boolean): Promise<void>;
  close(): Promise<void>;
}

export function openRecovery(connection: Redis, prefix: string, onError: (error: Error) => void): Recovery {
  const queue = new Queue(recoveryQueue, { connection, prefix });
  queue.on('error', onError);
  return {
    wake: async ({ organizationId, connectionId, connector, entity }, hurry = false) => {
      const payload: RecoveryPayload = { v: 1, organizationId, connectionId, connector, entity };
      // One job for each entity of a connection: adding it again while there is one does nothing.
      const jobId = `${connectionId}-${entity || 'jobs'}`;
      const options = { jobId, priority: inTurn, removeOnComplete: true, removeOnFail: true };
      const job = await queue.add('recover', payload, options);
      if (!hurry || !(await job.isDelayed())) return;
      await job.promote().catch(async (error: unknown) => {
        // It may have begun by itself in between, which is as good.
        if (await job.isDelayed()) throw error;
      });
    },
    close: () => queue.close(),
  };
}

/** Consumes the recovery queue. */
export function consumeRecovery(options: Omit<ConsumerOptions<RecoveryPayload>, 'queue' | 'onUnreadable'>): Consumer {
  return consumeJobs({ ...options, queue: recoveryQueue }, payloadParser(recoveryPayload));
}
