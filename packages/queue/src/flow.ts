import { type FlowJob, FlowProducer, type JobsOptions } from 'bullmq';
import { entityQueue, finishQueue, nodeId } from './names.js';
import type { StepPayload } from './payload.js';
import type { RedisClient } from './redis/open-redis.js';
import { traced } from './telemetry.js';
import { inTurn } from './turns.js';

export interface FlowPlan {
  readonly syncJobId: string;
  /** The tenant whose turns its steps take. */
  readonly organizationId: string;
  readonly connector: string;
  readonly round: number;
  /** Entities in the order they are synced. */
  readonly entities: readonly string[];
  /** Before then the first entity has nothing to do: it rests until a retry, or for its budget. */
  readonly startAt?: Date | undefined;
}

export interface Flows {
  /** Adds a job's flow: one atomic step in Redis. Rejects when Redis is away. */
  add(plan: FlowPlan): Promise<void>;
  close(): Promise<void>;
}

/** For what nobody expected. Failures that are known are counted in Postgres, where a flushed Redis forgets none. */
const attempts = 5;

/**
 * ignoreDependencyOnFailure: a link that failed releases the next one, which looks into Postgres whether it can run.
 * No removeOnFail: a failed child that is removed would release its parent as if it had never been there, and could
 * not be retried.
 */
const linkOptions: JobsOptions = {
  priority: inTurn,
  attempts,
  backoff: { type: 'exponential', delay: 2_000, jitter: 1 },
  ignoreDependencyOnFailure: true,
  removeOnComplete: { age: 86_400, count: 1_000 },
};

/** The finish step only writes to Postgres; it goes on trying for hours if that is away. */
const finishOptions: JobsOptions = {
  attempts: 1_000,
  backoff: { type: 'fixed', delay: 15_000, jitter: 0.5 },
  removeOnComplete: { age: 86_400, count: 1_000 },
};

export function openFlows(connection: RedisClient, prefix: string, onError: (error: Error) => void): Flows {
  const producer = new FlowProducer({ connection, prefix, ...traced() });
  producer.on('error', onError);
  return {
    add: async (plan) => void (await producer.add(chain(plan))),
    close: () => producer.close(),
  };
}

/** BullMQ runs children first: the finish step is the root, the first entity the innermost child. */
function chain(plan: FlowPlan): FlowJob {
  const { syncJobId, organizationId, connector } = plan;
  const head: StepPayload = { v: 1, syncJobId, organizationId, connector };
  const links = plan.entities.reduce<FlowJob[]>(
    (children, entity, i) => [
      {
        name: entity,
        queueName: entityQueue(plan.connector, entity),
        data: { ...head, entity } satisfies StepPayload,
        opts: {
          ...linkOptions,
          jobId: nodeId(plan.syncJobId, plan.round, entity),
          ...(i === 0 && plan.startAt !== undefined && { delay: Math.max(0, plan.startAt.getTime() - Date.now()) }),
        },
        children,
      },
    ],
    [],
  );
  return {
    name: 'finish',
    queueName: finishQueue,
    data: head,
    opts: { ...finishOptions, jobId: nodeId(plan.syncJobId, plan.round, 'finish') },
    children: links,
  };
}
