import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export interface Queues {
  /** All queues, in the order of their names as given. */
  readonly all: readonly Queue[];
  /** BullMQ's word for where a node is, `unknown` when it is in no queue. Rejects when Redis is away. */
  stateOf(queue: string, id: string): Promise<string>;
  /** Lets a step that rests go on at once. Nothing happens if it does not rest. Rejects when Redis is away. */
  wake(queue: string, id: string): Promise<void>;
  /** Whether each of a flow's nodes is in its queue in a state from which it will still run. */
  holdsAll(nodes: readonly { readonly queue: string; readonly id: string }[]): Promise<boolean>;
  close(): Promise<void>;
}

const alive = new Set(['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'paused']);

/** Handles to queues, for looking at them and for Bull Board; they run nothing. */
export function openQueues(
  connection: Redis,
  prefix: string,
  names: readonly string[],
  onError: (error: Error) => void,
): Queues {
  const byName = new Map(names.map((name) => [name, new Queue(name, { connection, prefix })]));
  for (const queue of byName.values()) queue.on('error', onError);
  const stateOf: Queues['stateOf'] = async (queue, id) => (await byName.get(queue)?.getJobState(id)) ?? 'unknown';
  return {
    all: [...byName.values()],
    stateOf,
    wake: async (queue, id) => {
      const job = await byName.get(queue)?.getJob(id);
      // It may have woken by itself in between.
      if ((await job?.isDelayed()) === true) await job?.promote().catch(() => undefined);
    },
    holdsAll: async (nodes) => {
      const states = await Promise.all(nodes.map(({ queue, id }) => stateOf(queue, id)));
      return states.every((state) => alive.has(state));
    },
    close: async () => void (await Promise.all([...byName.values()].map((queue) => queue.close()))),
  };
}
