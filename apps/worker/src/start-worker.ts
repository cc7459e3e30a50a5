import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '@syncline/config';
import { type Connector, isSyncError, withGeneralInterval } from '@syncline/connector-kit';
import {
  allEntities,
  Buried,
  bury,
  type EngineContext,
  finishJob,
  joinFleet,
  nextRun,
  reconcile,
  recoverItems,
  recoveryPolicy,
  refetchSignalled,
  runEntity,
  runSchedule,
  watchAlerts,
} from '@syncline/engine';
import { createRoad } from '@syncline/http';
import {
  type ConsumerOptions,
  consume,
  consumeDeadLetters,
  consumeRecovery,
  consumeRefetches,
  consumeSchedules,
  deadLetterQueue,
  entityQueue,
  finishQueue,
  openDeadLetters,
  openFlows,
  openQueues,
  openRecovery,
  openRedis,
  openRefetches,
  openSchedules,
  recoveryQueue,
  refetchQueue,
  requireNoEviction,
} from '@syncline/queue';
import { logTrouble, prepareOrganization, StartError } from '@syncline/service';
import { createVault, openDatabase, serviceTimeouts } from '@syncline/store';
import type { Logger } from 'pino';
import { alertWebhookOf } from './alert-webhook.js';
import { announcer } from './announce-boundaries.js';

export interface RunningWorker {
  /** Hands running jobs back and closes everything. */
  stop(): Promise<void>;
}

type WorkerEnvironment = Environment<'DATABASE_URL' | 'REDIS_URL' | 'SYNCLINE_ENCRYPTION_KEY'>;

/**
 * Wires a worker: a consumer for every entity of every connector, one for the step that ends a job, those for recovery,
 * for what webhooks told of and for dead letters, one for schedules unless they are switched off, the reconciler, and who looks after alerts.
 *
 * Throws StartError when the webhook for alerts is not usable, when Redis may evict keys, or when Postgres or its tables
 * are not there for long.
 */
export async function startWorker(
  environment: WorkerEnvironment,
  given: readonly Connector[],
  bootId: string,
  log: Logger,
): Promise<RunningWorker> {
  const alertWebhook = alertWebhookOf(environment);
  const connectors = withGeneralInterval(given, environment.SYNC_INTERVAL_MINUTES * 60);
  const onError = (service: string) => logTrouble(log, service);
  const prefix = environment.SYNCLINE_REDIS_PREFIX;
  const concurrency = environment.SYNCLINE_WORKER_CONCURRENCY;
  const db = openDatabase({
    databaseUrl: environment.DATABASE_URL,
    schema: environment.SYNCLINE_DATABASE_SCHEMA,
    applicationName: 'syncline worker',
    poolSize: concurrency + 5,
    onError: onError('postgres'),
    timeouts: serviceTimeouts,
  });
  const redis = openRedis({ redisUrl: environment.REDIS_URL, failFast: false, onError: onError('redis') });
  await requireNoEviction(redis).catch((error: unknown) => {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  });

  const names = allEntities({ connectors }).map(({ connector, entity }) => entityQueue(connector.id, entity.name));
  const flows = openFlows(redis, prefix, onError('redis'));
  const ours = [finishQueue, recoveryQueue, refetchQueue, deadLetterQueue];
  const queues = openQueues(redis, prefix, [...names, ...ours], onError('redis'));
  const recovery = openRecovery(redis, prefix, onError('redis'));
  const refetches = openRefetches(redis, prefix, onError('redis'));
  const deadLetters = openDeadLetters(redis, prefix, onError('redis'));
  const egressAllow = environment.SYNCLINE_EGRESS_ALLOW;
  const road = createRoad({ redis, keyPrefix: prefix, egressAllow, bootId, votes: true, userAgent: 'syncline' });
  const vault = createVault(environment.SYNCLINE_ENCRYPTION_KEY);
  const schedules = openSchedules(redis, prefix, nextRun, onError('redis'));
  const ctx: EngineContext = {
    ...{ db, vault, road, flows, queues, recovery, refetches, deadLetters, connectors, log, bootId },
    ...(environment.ENABLE_SYNC_SCHEDULER && { schedules }),
    ...(alertWebhook && { alertWebhook }),
    retentionDays: environment.SYNCLINE_RETENTION_DAYS,
    onBoundary: announcer(),
    recoveryPolicy: recoveryPolicy(environment.SYNCLINE_RECOVERY_BASE_SECONDS),
  };
  await prepareOrganization(ctx, environment);

  const shared: Omit<ConsumerOptions<unknown>, 'queue' | 'handle'> = {
    connection: redis,
    prefix,
    concurrency,
    // Failures that may pass are counted in Postgres, not in Redis: a step that throws one of ours has ended for good.
    isFinal: (error) => isSyncError(error) || error instanceof Buried,
    lockSeconds: environment.SYNCLINE_LOCK_SECONDS,
    onError: onError('queue'),
  };
  const steps: typeof shared = { ...shared, onUnreadable: (step) => deadLetters.add({ kind: 'step', ...step }) };
  const consumers = [
    ...names.map((queue) => consume({ ...steps, queue, handle: (turn) => runEntity(ctx, turn) })),
    consume({ ...steps, queue: finishQueue, handle: (turn) => finishJob(ctx, turn) }),
    consumeRecovery({ ...shared, handle: (turn) => recoverItems(ctx, turn) }),
    consumeRefetches({ ...shared, handle: (turn) => refetchSignalled(ctx, turn) }),
    consumeDeadLetters({ ...shared, handle: (turn) => bury(ctx, turn) }),
  ];
  if (environment.ENABLE_SYNC_SCHEDULER) {
    const handle = (scheduleId: string) => runSchedule(ctx, scheduleId);
    consumers.push(consumeSchedules({ ...shared, next: nextRun, handle }));
  }
  const ending = new AbortController();
  const duties = [
    reconcile(ctx, environment.SYNCLINE_RECONCILE_SECONDS, ending.signal),
    watchAlerts(ctx, ending.signal),
    joinFleet(ctx, ending.signal),
  ];

  return {
    stop: async () => {
      ending.abort();
      await Promise.all([...consumers.map((consumer) => consumer.stop()), atMost(5_000, Promise.all(duties))]);
      const handles = [flows, queues, recovery, refetches, deadLetters, schedules, road];
      await atMost(2_000, Promise.all(handles.map((handle) => handle.close())));
      redis.disconnect();
      await atMost(1_000, db.destroy());
    },
  };
}

/** What cannot end, because it waits for a service that is away, ends with the process; nothing is lost by that. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work.catch(() => undefined), pause(ms, undefined, { ref: false })]);
}
