import { setTimeout as pause } from 'node:timers/promises';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { parsePayload, type StepPayload } from './payload.js';
import type { RedisClient } from './redis/open-redis.js';
import { traced } from './telemetry.js';
import { claimPlace } from './turns.js';

/** How a step's turn ended, other than by an error. */
export type Verdict =
  | { readonly kind: 'done'; readonly result?: Readonly<Record<string, string | number>> }
  /** Nothing to do before then. Costs no attempt, frees the slot. */
  | { readonly kind: 'rest'; readonly until: Date }
  /** Others wait: they go first, and this one comes after what its tenant has waiting already. */
  | { readonly kind: 'yield' }
  /** This process is stopping: the next worker goes on at once. */
  | { readonly kind: 'hand-back' };

export interface Turn<Payload = StepPayload> {
  readonly payload: Payload;
  /** Aborted when the process stops, or when the lock was lost and somebody else may have the job. */
  readonly signal: AbortSignal;
  /** How often the job has failed before. Rests, yields and crashes are no failures. */
  readonly failures: number;
  /**
   * Whether others should have this place now; to be asked between pages. At once for a tenant that was clearly served
   * less, after a while for anybody. Once true, one of them was promised the place: end the turn soon with `yield`.
   */
  readonly othersWait: () => Promise<boolean>;
}

/** A job whose payload cannot be read: what is known of it. */
export interface UnreadableStep {
  readonly queue: string;
  readonly stepId: string;
  readonly message: string;
}

export interface ConsumerOptions<Payload = StepPayload> {
  readonly queue: string;
  readonly connection: RedisClient;
  readonly prefix: string;
  /** Steps of this queue that the process runs at once. */
  readonly concurrency: number;
  /**
   * After so long without a sign of life a worker's jobs are free; that is looked for every third of it. With 8 s, the
   * default, another worker goes on within some 11 s of a crash. (BullMQ's own defaults take up to a minute.)
   */
  readonly lockSeconds?: number;
  readonly handle: (turn: Turn<Payload>) => Promise<Verdict>;
  /** Called before a job fails for good because another release has written it. */
  readonly onUnreadable?: (step: UnreadableStep) => Promise<void>;
  /** Whether the step has failed for good. Anything else that is thrown is tried again a few times. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onError: (error: Error) => void;
}

type Where = Pick<ConsumerOptions, 'connection' | 'prefix' | 'queue'>;

export interface Consumer {
  readonly queue: string;
  /** Whether it takes jobs. False once it was stopped, or has ended by itself, which would be a bug. */
  isRunning(): boolean;
  /**
   * Stops taking jobs, hands the running ones back, and closes. Bounded by how fast the handlers see their signal, and in
   * any case by five seconds: while Redis is away nothing can be handed back, and the locks end by themselves.
   */
  stop(): Promise<void>;
}

/** BullMQ fails a job for good after so many crashes, whatever its attempts. Postgres decides what is lost, not that. */
const maxStalledCount = 10_000;
const patienceMs = 5_000;

/** Consumes the steps of flows. */
export function consume(options: ConsumerOptions): Consumer {
  return consumeJobs(options, parsePayload);
}

/** Consumes a queue whose jobs `parse` reads; it throws for those that it cannot read. */
export function consumeJobs<Payload>(options: ConsumerOptions<Payload>, parse: (data: unknown) => Payload): Consumer {
  const lockDuration = (options.lockSeconds ?? 8) * 1_000;
  let stopping = false;
  const process = async (job: Job, token?: string, signal?: AbortSignal) =>
    // A free slot still asks for a job when the process is told to stop, and would get the one just handed back.
    stopping ? goBack(options, job, token) : takeTurn(options, parse, job, token, signal);
  const worker = new EndableWorker(options.queue, process, {
    connection: options.connection,
    prefix: options.prefix,
    concurrency: options.concurrency,
    lockDuration,
    stalledInterval: Math.ceil(lockDuration / 3),
    maxStalledCount,
    metrics: { maxDataPoints: 60 * 24 },
    ...traced(),
  });
  worker.on('error', options.onError);
  // BullMQ does not stop a processor whose lock is lost. Its writes are fenced off in any case; this ends the waste.
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId, 'lock lost');
  });
  return {
    queue: options.queue,
    isRunning: () => !stopping && worker.isRunning(),
    stop: async () => {
      stopping = true;
      worker.cancelAllJobs('stopping');
      const closing = worker.close().then(() => 'closed');
      if ((await Promise.race([closing, pause(patienceMs, undefined, { ref: false })])) !== 'closed') worker.giveUp();
    },
  };
}

class EndableWorker extends Worker {
  /**
   * For a `close` that waits for a Redis that is away: it renews locks until its end, and the timer would keep a program
   * alive that does nothing else any more.
   */
  giveUp(): void {
    void this.lockManager.close();
  }
}

async function takeTurn<Payload>(
  options: ConsumerOptions<Payload>,
  parse: (data: unknown) => Payload,
  job: Job,
  token: string | undefined,
  signal: AbortSignal = new AbortController().signal,
) {
  const place = claimPlace({ ...options, jobId: job.id ?? '', data: job.data });
  if (!(await place.begin())) return goBack(options, job, token);
  let verdict: Verdict;
  try {
    const payload = await readPayload(options, parse, job);
    const turn = { payload, signal, failures: job.attemptsMade, othersWait: place.othersWait };
    verdict = signal.aborted ? { kind: 'hand-back' } : await options.handle(turn);
  } catch (error) {
    if (options.isFinal(error)) throw new UnrecoverableError(messageOf(error));
    throw error;
  } finally {
    await place.finish();
  }
  return settle(options, verdict, job, token);
}

/** A job of another release is parked with its reason: trying again would not teach this one to read it. */
async function readPayload<Payload>(
  options: ConsumerOptions<Payload>,
  parse: (data: unknown) => Payload,
  job: Job,
): Promise<Payload> {
  try {
    return parse(job.data);
  } catch (error) {
    const message = messageOf(error);
    await options.onUnreadable?.({ queue: options.queue, stepId: job.id ?? '', message });
    throw new UnrecoverableError(message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function settle(options: Where, verdict: Verdict, job: Job, token: string | undefined) {
  switch (verdict.kind) {
    case 'done':
      return verdict.result ?? {};
    case 'rest':
      await job.moveToDelayed(verdict.until.getTime(), token);
      throw new DelayedError();
    case 'yield':
      // A delayed job comes back behind the others of its tenant, one moved to wait before them.
      await job.moveToDelayed(Date.now() + 1, token);
      throw new DelayedError();
    case 'hand-back':
      return goBack(options, job, token);
  }
}

/** Puts a job back where it was taken from: before the others of its tenant. */
async function goBack(options: Where, job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  // BullMQ does not tell workers that wait for a job about one with a priority that comes back like this.
  await options.connection.zadd(`${options.prefix}:${options.queue}:marker`, 0, '0');
  throw new WaitingError();
}
