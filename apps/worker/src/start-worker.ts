import type { Environment } from '@syncline/config';
import { type Connector, withGeneralInterval } from '@syncline/connector-kit';
import { holdsOf, logTrouble, openEngine, startWork, type Work } from '@syncline/engine';
import { awaitUsableRedis, openMetricsDoor, openPatientRedis, prepareOrganization, readiness } from '@syncline/service';
import type { Logger } from 'pino';
import { alertWebhookOf } from './alert-webhook.js';
import { announcer } from './announce-boundaries.js';
import { openWorkerStatus, type WorkPhase } from './worker-status.js';

export interface RunningWorker {
  /** Of its status server, where it has one. */
  readonly url?: string;
  /** Hands running jobs back and closes everything. */
  stop(): Promise<void>;
}

type WorkerEnvironment = Environment<'DATABASE_URL' | 'REDIS_URL' | 'SYNCLINE_ENCRYPTION_KEY'>;

/**
 * Wires a worker.
 *
 * Throws StartError when the webhook for alerts is not usable, when the port of the status server is not to be had, when
 * Redis refuses us or may evict keys, or when Postgres or its tables are not there for long.
 */
export async function startWorker(
  environment: WorkerEnvironment,
  given: readonly Connector[],
  bootId: string,
  log: Logger,
): Promise<RunningWorker> {
  const alertWebhook = alertWebhookOf(environment);
  const port = environment.SYNCLINE_WORKER_PORT;
  // Without a door there is nobody to tell.
  const token = port === undefined ? undefined : environment.SYNCLINE_METRICS_TOKEN;
  const metricsDoor = await openMetricsDoor(token, { service: 'worker', connectors: given });
  const onRedisError = logTrouble(log, 'redis');
  const redis = openPatientRedis(environment, onRedisError);

  const prefix = environment.SYNCLINE_REDIS_PREFIX;
  const concurrency = environment.SYNCLINE_WORKER_CONCURRENCY;
  const engine = openEngine({
    databaseUrl: environment.DATABASE_URL,
    schema: environment.SYNCLINE_DATABASE_SCHEMA,
    applicationName: 'syncline worker',
    poolSize: environment.SYNCLINE_DATABASE_POOL ?? concurrency + 5,
    ...{ redis, redisPrefix: prefix, onRedisError },
    encryptionKeys: environment.SYNCLINE_ENCRYPTION_KEY,
    egressAllow: environment.SYNCLINE_EGRESS_ALLOW,
    connectors: withGeneralInterval(given, environment.SYNC_INTERVAL_MINUTES * 60),
    ...{ log, bootId, works: true },
    scheduler: environment.ENABLE_SYNC_SCHEDULER,
    recoveryBaseSeconds: environment.SYNCLINE_RECOVERY_BASE_SECONDS,
    retentionDays: environment.SYNCLINE_RETENTION_DAYS,
    metrics: metricsDoor?.recorder,
  });
  const ctx = { ...engine.ctx, ...(alertWebhook && { alertWebhook }), onBoundary: announcer() };
  let phase: WorkPhase = 'starting';
  let work: Work | undefined;
  const status =
    port === undefined
      ? undefined
      : await openWorkerStatus({
          ...{ host: environment.HOST, port, portVariable: 'SYNCLINE_WORKER_PORT', log },
          ready: readiness({ ...ctx, redis }),
          // The checks may be all well again before the work is taken up.
          phase: () => (phase === 'ok' && work?.takesJobs() === false ? 'held' : phase),
          metricsDoor,
          deadQueues: () => work?.deadQueues() ?? [],
          holds: () => holdsOf(ctx),
        });
  await awaitUsableRedis(redis, environment);
  await prepareOrganization(ctx, environment);
  work = startWork(ctx, {
    ...{ connection: redis, prefix, concurrency },
    lockSeconds: environment.SYNCLINE_LOCK_SECONDS,
    reconcileSeconds: environment.SYNCLINE_RECONCILE_SECONDS,
    onError: logTrouble(log, 'queue'),
    as: 'worker',
  });
  phase = 'ok';

  return {
    ...(status && { url: status.url }),
    stop: async () => {
      phase = 'stopping';
      await work.stop();
      await status?.close();
      await engine.close();
      metricsDoor?.close();
      redis.disconnect();
    },
  };
}
