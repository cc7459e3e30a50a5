import { randomUUID } from 'node:crypto';
import { isSyncError } from '@syncline/connector-kit';
import type { RedisClient, StepPayload, Verdict } from '@syncline/queue';
import { type Job, type Queue, UnrecoverableError, Worker } from 'bullmq';
/** A step of a flow that was taken out of its queue. */
export interface Delivery {
  readonly payload: StepPayload;
  /** What became of it, as our consumers tell BullMQ. */
  settle(outcome: { readonly verdict: Verdict } | { readonly error: unknown }): Promise<void>;
  /** Its worker has not been heard of: the step goes back to the queue, whatever that worker still does. */
  lapse(): Promise<void>;
}

/** Takes steps out of the queues by hand, one at a time, and cuts their rests short: nothing here depends on the clock. */
export class Carrier {
  readonly #lines: readonly { readonly queue: Queue; readonly worker: Worker<StepPayload> }[];

  constructor(queues: readonly Queue[], connection: RedisClient, prefix: string) {
    const options = { connection, prefix, autorun: false, skipStalledCheck: true, skipLockRenewal: true };
    this.#lines = queues.map((queue) => {
      const worker = new Worker<StepPayload>(queue.name, null, { ...options, lockDuration: 600_000 });
      worker.on('error', () => undefined);
      return { queue, worker };
    });
  }

  /** The next step that any queue has; undefined when all are empty. `from` says which queue is asked first. */
  async next(from = 0): Promise<Delivery | undefined> {
    const lines = this.#lines.map((_, i) => this.#lines[(from + i) % this.#lines.length]);
    for (const line of lines) {
      if (line === undefined) continue;
      for (const resting of await line.queue.getDelayed()) await resting.promote().catch(onlyLost);
      const job = await line.worker.getNextJob(randomUUID(), { block: false });
      if (job !== undefined) return delivery(job, job.token ?? '');
    }
    return undefined;
  }

  /** Whether no queue holds a step, in whatever state, that is still to be taken. */
  async isEmpty(): Promise<boolean> {
    const counts = await Promise.all(
      this.#lines.map(({ queue }) =>
        queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed', 'waiting-children'),
      ),
    );
    return counts.every((count) => count === 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lines.map(({ worker }) => worker.close(true)));
  }
}

function delivery(job: Job<StepPayload>, token: string): Delivery {
  return {
    payload: job.data,
    settle: async (outcome) => {
      if ('error' in outcome) await fail(job, token, outcome.error).catch(onlyLost);
      else await conclude(job, token, outcome.verdict).catch(onlyLost);
    },
    lapse: async () => void (await job.moveToWait(token).catch(onlyLost)),
  };
}

async function conclude(job: Job<StepPayload>, token: string, verdict: Verdict): Promise<void> {
  if (verdict.kind === 'done') await job.moveToCompleted(verdict.result ?? {}, token, false);
  else if (verdict.kind === 'rest') await job.moveToDelayed(verdict.until.getTime(), token);
  else await job.moveToWait(token);
}

async function fail(job: Job<StepPayload>, token: string, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  await job.moveToFailed(isSyncError(error) ? new UnrecoverableError(message) : new Error(message), token, false);
}

/** BullMQ's own complaints (negative codes): the step is gone, or somebody else's by now. A worker would only log them. */
function onlyLost(error: unknown): void {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'number' || code >= 0) throw error;
}
