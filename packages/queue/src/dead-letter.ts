import { Queue } from 'bullmq';
import { z } from 'zod';
import { type Consumer, type ConsumerOptions, consumeJobs } from './consumer.js';
import { deadLetterQueue } from './names.js';
import { payloadParser } from './payload.js';
import type { RedisClient } from './redis/open-redis.js';
import { traced } from './telemetry.js';

/** Long enough for a reason, too short for a record. */
const message = z.string().transform((text) => text.slice(0, 500).toWellFormed());

/** What was given up: ids and a safe reason, never content. */
const letter = z.discriminatedUnion('kind', [
  /** A failed item that is not to be tried again, under the claim that it was given up with. */
  z.object({ kind: z.literal('item'), itemId: z.uuid(), claim: z.uuid() }),
  /** An entity run that failed for good, under its epoch. */
  z.object({
    kind: z.literal('entity_run'),
    syncJobId: z.uuid(),
    connector: z.string(),
    entity: z.string(),
    epoch: z.int(),
    code: z.string(),
    message,
  }),
  /** A whole sync job that nobody could carry on. */
  z.object({ kind: z.literal('job'), syncJobId: z.uuid(), code: z.string(), message }),
  /** A queued step that this release cannot read. Whose step it was is in its id. */
  z.object({ kind: z.literal('step'), queue: z.string(), stepId: z.string(), message }),
]);
const deadLetterPayload = z.intersection(z.object({ v: z.literal(1) }), letter);
export type DeadLetter = z.infer<typeof letter>;

/** A dead letter that lies in the queue's failed jobs. */
interface FiledLetter {
  readonly id: string;
  /** Undefined when this release cannot read it. */
  readonly letter: DeadLetter | undefined;
}

export interface DeadLetters {
  /**
   * Puts a letter into the queue. One about the same item, run or job that lies there as failed is replaced by it; one
   * that has not been looked at yet stays, and this one is dropped. Rejects when Redis is away.
   */
  add(letter: DeadLetter): Promise<void>;
  countFailed(): Promise<number>;
  /** Letters that have been looked at and wait for somebody, newest first. */
  listFailed(offset: number, limit: number): Promise<FiledLetter[]>;
  /** Takes one away that nobody needs any more. */
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

export function openDeadLetters(connection: RedisClient, prefix: string, onError: (error: Error) => void): DeadLetters {
  const queue = new Queue(deadLetterQueue, { connection, prefix, ...traced() });
  queue.on('error', onError);
  return {
    add: async (given) => {
      const parsed = letter.parse(given);
      const jobId = letterId(parsed);
      const known = await queue.getJob(jobId);
      if (known !== undefined && (await known.isFailed())) await known.remove();
      // No removeOnFail: it lies there until somebody has dealt with it.
      await queue.add(parsed.kind, { v: 1, ...parsed }, { jobId, attempts: 1, removeOnComplete: true });
    },
    countFailed: () => queue.getFailedCount(),
    listFailed: async (offset, limit) => {
      const jobs = await queue.getFailed(offset, offset + limit - 1);
      return jobs.map(({ id = '', data }) => ({ id, letter: deadLetterPayload.safeParse(data).data }));
    },
    remove: async (id) => void (await queue.remove(id)),
    close: () => queue.close(),
  };
}

/** One letter for one thing that is dead, however often it dies. */
function letterId(given: DeadLetter): string {
  switch (given.kind) {
    case 'item':
      return `item-${given.itemId}`;
    case 'entity_run':
      return `run-${given.syncJobId}-${given.entity}`;
    case 'job':
      return `job-${given.syncJobId}`;
    case 'step':
      return `step-${given.queue}-${given.stepId}`;
  }
}

/** Consumes the dead letters. */
export function consumeDeadLetters(options: Omit<ConsumerOptions<DeadLetter>, 'queue' | 'onUnreadable'>): Consumer {
  return consumeJobs({ ...options, queue: deadLetterQueue }, payloadParser(deadLetterPayload));
}
