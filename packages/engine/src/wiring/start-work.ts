import { isSyncError } from '@syncline/connector-kit';
import {
  type Consumer,
  type ConsumerOptions,
  consume,
  consumeDeadLetters,
  consumeRecovery,
  consumeRefetches,
  consumeSchedules,
  consumeVerifications,
  finishQueue,
  type Turn,
  type Verdict,
} from '@syncline/queue';
import { inSpan, type Subject } from '@syncline/tracing';
import { watchAlerts } from '../alerts/watch-alerts.js';
import type { WorkContext } from '../context.js';
import { joinFleet } from '../fleet/join-fleet.js';
import { keepFooting } from '../installation/keep-footing.js';
import { finishJob } from '../job/finish-job.js';
import { reconcile } from '../job/reconcile.js';
import { Buried, bury } from '../recovery/bury.js';
import { recoverItems } from '../recovery/recover-items.js';
import { runEntity } from '../run/run-entity.js';
import { runSchedule } from '../schedules/dispatch-due.js';
import { nextRun } from '../schedules/timing.js';
import { verifyConnection } from '../verify/verify-connection.js';
import { refetchSignalled } from '../webhooks/refetch-signalled.js';
import { atMost } from './at-most.js';
import { entityQueues } from './open-engine.js';

export interface WorkOptions extends Pick<ConsumerOptions, 'connection' | 'prefix' | 'concurrency' | 'onError'> {
  /** After so long without a sign of life a worker's jobs are free. */
  readonly lockSeconds: number;
  /** How often it is looked for work that Postgres knows of and no queue holds. */
  readonly reconcileSeconds: number;
  /**
   * A worker takes on the duties that the fleet has once: schedules, retention, alerts, by the settings that all workers
   * have. A guest, which is there for one piece of work and has no such settings, leaves them to the workers; jobs it
   * looks after by a lease of its own, or the workers' duties would rest for as long as it holds theirs.
   */
  readonly as: 'worker' | 'guest';
}

export interface Work {
  /**
   * Why nothing is worked on although all services are there: a sentence for people; undefined when something is. Postgres
   * was restored or is a copy, or a newer release has changed the schema.
   */
  held(): string | undefined;
  /** Whether jobs are taken: not before it was looked for the first time whether that may be, and not while it is held. */
  takesJobs(): boolean;
  /** Queues whose consumer has ended although nobody stopped it: nothing of theirs is taken by this process any more. */
  deadQueues(): string[];
  /** Hands running jobs back and ends the duties; in seconds, also while services are away. */
  stop(): Promise<void>;
}

/**
 * Works: a consumer for every entity of every connector, one for the step that ends a job, those for recovery, for what
 * webhooks told of, for verifications and for dead letters, one for schedules unless they are switched off, the reconciler, and for a worker
 * who looks after alerts. There are consumers only while Postgres and the queues belong together.
 */
export function startWork(ctx: WorkContext, options: WorkOptions): Work {
  const { connection, prefix, concurrency, lockSeconds, onError } = options;
  const shared: Omit<ConsumerOptions<unknown>, 'queue' | 'handle'> = {
    ...{ connection, prefix, concurrency, lockSeconds, onError },
    // Failures that may pass are counted in Postgres, not in Redis: a step that throws one of ours has ended for good.
    isFinal: (error) => isSyncError(error) || error instanceof Buried,
  };
  const steps: typeof shared = { ...shared, onUnreadable: (step) => ctx.deadLetters.add({ kind: 'step', ...step }) };
  const dueSchedule = (id: string) => inSpan('schedule due', {}, () => runSchedule(ctx, id));
  const open = (): Consumer[] => [
    ...entityQueues(ctx).map((queue) => consume({ ...steps, queue, handle: (turn) => runEntity(ctx, turn) })),
    consume({ ...steps, queue: finishQueue, handle: about('finish', (turn) => finishJob(ctx, turn)) }),
    consumeRecovery({ ...shared, handle: about('recovery', (turn) => recoverItems(ctx, turn)) }),
    consumeRefetches({ ...shared, handle: about('refetch', (turn) => refetchSignalled(ctx, turn)) }),
    consumeVerifications({ ...shared, handle: about('verification', (turn) => verifyConnection(ctx, turn)) }),
    consumeDeadLetters({ ...shared, handle: (turn) => bury(ctx, turn) }),
    ...(ctx.schedules === undefined ? [] : [consumeSchedules({ ...shared, next: nextRun, handle: dueSchedule })]),
  ];
  let consumers: Consumer[] = [];
  const end = async () => void (await Promise.all(consumers.splice(0).map((consumer) => consumer.stop())));
  const ending = new AbortController();
  const isWorker = options.as === 'worker';
  const begin = () => {
    consumers = open();
  };
  const footing = keepFooting(ctx, ending.signal, { everySeconds: options.reconcileSeconds, begin, end });
  const held = () => footing.held() !== undefined;
  const duties = [
    footing.kept,
    reconcile(ctx, options.reconcileSeconds, ending.signal, isWorker ? 'reconciler' : 'reconciler of guests'),
    joinFleet(ctx, ending.signal),
    ...(isWorker ? [footing.first.then(() => watchAlerts(ctx, ending.signal, held))] : []),
  ];
  return {
    held: footing.held,
    takesJobs: () => consumers.length > 0,
    deadQueues: () => consumers.filter((consumer) => !consumer.isRunning()).map(({ queue }) => queue),
    stop: async () => {
      ending.abort();
      await Promise.all([end(), atMost(5_000, Promise.all(duties))]);
    },
  };
}

/** Has a turn be a span about what its payload names. */
function about<Payload extends Subject>(name: string, handle: (turn: Turn<Payload>) => Promise<Verdict>) {
  return (turn: Turn<Payload>): Promise<Verdict> => {
    const { organizationId, connectionId, connector, syncJobId, entity } = turn.payload;
    const subject = { organizationId, connectionId, connector, syncJobId, entity: entity || undefined };
    return inSpan(name, { subject }, () => handle(turn));
  };
}
