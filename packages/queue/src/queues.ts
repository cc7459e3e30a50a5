import { Queue } from 'bullmq';
import type { RedisClient } from './redis/open-redis.js';
import { jobsBefore, keysOf } from './turns.js';

/** Where a node of a flow is. `missing`: in no queue, or in one that these handles do not know. */
export interface Standing {
  readonly state: 'waiting' | 'active' | 'delayed' | 'waiting-children' | 'completed' | 'failed' | 'missing';
  /** How many jobs go before it, as far as it can be told: 0 when it does not wait, or when it is next. */
  readonly ahead: number;
}

export interface Queues {
  /** All queues, in the order of their names as given. */
  readonly all: readonly Queue[];
  /** Lets a step that rests go on at once. Nothing happens if it does not rest. Rejects when Redis is away. */
  wake(queue: string, id: string): Promise<void>;
  /** Where a node is, and what stands before it. Rejects when Redis is away. */
  standing(queue: string, id: string): Promise<Standing>;
  /** Whether each of a flow's nodes is in its queue in a state from which it will still run. */
  holdsAll(nodes: readonly { readonly queue: string; readonly id: string }[]): Promise<boolean>;
  /** How many jobs each queue has in each state. Rejects when Redis is away. */
  counts(): Promise<readonly QueueCounts[]>;
  /**
   * Takes everything out of all queues, also what workers have in hand: for when it is not known any more what it was made
   * of. Alarm clocks of schedules and the order of turns go as well. Rejects when Redis is away; then it is to be done again.
   */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueCounts {
  readonly queue: string;
  /** Those that a worker could take now. */
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly waitingChildren: number;
  readonly failed: number;
}

/** Jobs of one call of BullMQ's script, which holds everybody up. */
const emptiedAtOnce = 1_000;

const alive = new Set(['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'paused']);

/** BullMQ's words for where a job is, in ours. */
const states: Readonly<Record<string, Standing['state']>> = {
  waiting: 'waiting',
  prioritized: 'waiting',
  active: 'active',
  delayed: 'delayed',
  'waiting-children': 'waiting-children',
  completed: 'completed',
  failed: 'failed',
};

/** Handles to queues, for looking at them and for Bull Board; they run nothing. */
export function openQueues(
  connection: RedisClient,
  prefix: string,
  names: readonly string[],
  onError: (error: Error) => void,
): Queues {
  const byName = new Map(names.map((name) => [name, new Queue(name, { connection, prefix })]));
  for (const queue of byName.values()) queue.on('error', onError);
  const stateOf = async (queue: string, id: string): Promise<string> =>
    (await byName.get(queue)?.getJobState(id)) ?? 'unknown';
  return {
    all: [...byName.values()],
    wake: async (queue, id) => {
      const job = await byName.get(queue)?.getJob(id);
      // It may have woken by itself in between.
      if ((await job?.isDelayed()) === true) await job?.promote().catch(() => undefined);
    },
    standing: async (queue, id) => {
      const state = states[await stateOf(queue, id)] ?? 'missing';
      const ahead = state === 'waiting' ? await jobsBefore(connection, prefix, queue, id) : undefined;
      return { state, ahead: ahead ?? 0 };
    },
    holdsAll: async (nodes) => {
      const found = await Promise.all(nodes.map(({ queue, id }) => stateOf(queue, id)));
      return found.every((state) => alive.has(state));
    },
    counts: () => Promise.all([...byName.values()].map(countsOf)),
    empty: async () => {
      for (const queue of byName.values()) {
        await queue.obliterate({ force: true, count: emptiedAtOnce });
        await connection.del(...keysOf(prefix, queue.name).slice(-4));
      }
    },
    close: async () => void (await Promise.all([...byName.values()].map((queue) => queue.close()))),
  };
}

async function countsOf(queue: Queue): Promise<QueueCounts> {
  const by = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'waiting-children', 'failed');
  const [wait = 0, prioritized = 0] = [by['wait'], by['prioritized']];
  const { active = 0, delayed = 0, 'waiting-children': waitingChildren = 0, failed = 0 } = by;
  return { queue: queue.name, waiting: wait + prioritized, active, delayed, waitingChildren, failed };
}
