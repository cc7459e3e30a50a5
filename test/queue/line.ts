import { randomUUID } from 'node:crypto';
import {
  type Consumer,
  type ConsumerOptions,
  consume,
  type Flows,
  openFlows,
  openQueues,
  openRedis,
  type Queues,
  type RedisClient,
  type StepPayload,
  type Turn,
  type Verdict,
} from '@syncline/queue';
import type { TestBed } from '@syncline/testing';
import { type JobsOptions, Queue } from 'bullmq';

type Handler = (turn: Turn) => Promise<Verdict>;
type OnUnreadable = NonNullable<ConsumerOptions['onUnreadable']>;

/** Queues of their own on real Redis, with what works on them. */
export interface Line {
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly flows: Flows;
  openQueues(...names: string[]): Queues;
  /** Starts to take jobs from a queue, one at a time unless told otherwise. */
  consume(queue: string, handle: Handler, concurrency?: number, onUnreadable?: OnUnreadable): Consumer;
  /** Closes something at the end, before the connection. */
  closes<T extends { close(): Promise<void> } | { stop(): Promise<void> }>(handle: T): T;
  /** Adds a single job, outside of any flow. */
  add(queue: string, options?: JobsOptions, payload?: Record<string, unknown>): Promise<StepPayload>;
  close(): Promise<void>;
}

/** An error that trying again cannot mend. */
export class Hopeless extends Error {}

export function openLine(bed: TestBed): Line {
  // What goes wrong in the background shows in what then does not happen.
  const onError = () => undefined;
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError });
  const prefix = `${bed.prefix}${randomUUID()}`;
  const flows = openFlows(redis, prefix, onError);
  const endings: (() => Promise<void>)[] = [];
  const added = new Map<string, Queue>();
  return {
    flows,
    openQueues: (...names) => {
      const queues = openQueues(redis, prefix, names, onError);
      endings.push(queues.close);
      return queues;
    },
    redis,
    prefix,
    closes: (handle) => {
      endings.push(() => ('close' in handle ? handle.close() : handle.stop()));
      return handle;
    },
    consume: (queue, handle, concurrency = 1, onUnreadable = async () => undefined) => {
      const isFinal = (error: unknown) => error instanceof Hopeless;
      const options = { queue, connection: redis, prefix, concurrency, handle, onUnreadable, isFinal, onError };
      const consumer = consume(options);
      endings.push(consumer.stop);
      return consumer;
    },
    add: async (name, options = {}, payload = {}) => {
      const queue = added.get(name) ?? new Queue(name, { connection: redis, prefix });
      added.set(name, queue);
      const data: StepPayload = { v: 1, syncJobId: randomUUID(), connector: 'shop', entity: name };
      await queue.add(name, { ...data, ...payload }, { jobId: data.syncJobId, ...options });
      return data;
    },
    close: async () => {
      await Promise.all(endings.map((end) => end()));
      await Promise.all([flows.close(), ...[...added.values()].map((queue) => queue.close())]);
      redis.disconnect();
    },
  };
}
