import type { Environment } from '@syncline/config';
import { type Connector, withGeneralInterval } from '@syncline/connector-kit';
import { logTrouble, openEngine } from '@syncline/engine';
import { listen, openMetricsDoor, prepareOrganization } from '@syncline/service';
import { canBeTenant } from '@syncline/store';
import type { Logger } from 'pino';
import { createTokenCheck } from './access/token-check.js';
import type { ApiContext } from './api-context.js';
import { createServer } from './create-server.js';
import { findDashboard } from './dashboard/find-dashboard.js';
import { requestCounter } from './limits/request-counter.js';
import { watchFleet } from './metrics/watch-fleet.js';
import { connectRedis } from './startup/connect-redis.js';
import { impatience, impatientEngine } from './startup/impatient-queues.js';
import { isLocalOnly } from './startup/local-only.js';
import { readTokenOptions } from './startup/token-options.js';

type ApiEnvironment = Environment<'DATABASE_URL' | 'REDIS_URL' | 'SYNCLINE_ADMIN_KEY' | 'SYNCLINE_ENCRYPTION_KEY'>;

export interface RunningApi {
  readonly url: string;
  /** Ends what is being answered, then closes everything. */
  stop(): Promise<void>;
}

const defaultPoolSize = 10;
const patienceMs = 2_000;
/** Requests that are still running then lose their connection. */
const answerMs = 7_000;

/** Wires the API and listens. Throws StartError when somebody has to change something first. */
export async function startApi(
  environment: ApiEnvironment,
  given: readonly Connector[],
  bootId: string,
  log: Logger,
): Promise<RunningApi> {
  const tokenOptions = readTokenOptions(environment);
  const metricsDoor = await openMetricsDoor(environment.SYNCLINE_METRICS_TOKEN, { service: 'api', connectors: given });
  const onRedisError = logTrouble(log, 'redis');
  const redis = await connectRedis(environment, onRedisError, log);
  const opened = openEngine({
    databaseUrl: environment.DATABASE_URL,
    schema: environment.SYNCLINE_DATABASE_SCHEMA,
    applicationName: 'syncline api',
    poolSize: environment.SYNCLINE_DATABASE_POOL ?? defaultPoolSize,
    ...{ redis, redisPrefix: environment.SYNCLINE_REDIS_PREFIX, onRedisError },
    encryptionKeys: environment.SYNCLINE_ENCRYPTION_KEY,
    egressAllow: environment.SYNCLINE_EGRESS_ALLOW,
    connectors: withGeneralInterval(given, environment.SYNC_INTERVAL_MINUTES * 60),
    ...{ log, bootId, works: false },
    scheduler: environment.ENABLE_SYNC_SCHEDULER,
    recoveryBaseSeconds: environment.SYNCLINE_RECOVERY_BASE_SECONDS,
    retentionDays: environment.SYNCLINE_RETENTION_DAYS,
    metrics: metricsDoor?.recorder,
  });
  const engine = impatientEngine(opened.ctx, impatience(redis, patienceMs));

  const defaultOrganizationId = await prepareOrganization(engine, environment);
  const rowSecurity = await canBeTenant(engine.db);
  if (!rowSecurity)
    log.warn(
      { event: 'tenancy.unsecured' },
      'row-level security between organizations is not in force: see docs/tenancy.md',
    );
  const ctx: ApiContext = {
    ...{ ...engine, redis, defaultOrganizationId, rowSecurity },
    adminKey: environment.SYNCLINE_ADMIN_KEY,
    tokens: tokenOptions && createTokenCheck(tokenOptions),
    countRequest: requestCounter({ redis, log }, environment.SYNCLINE_REDIS_PREFIX),
    requestsAMinute: environment.SYNCLINE_API_RATE_LIMIT_PER_MINUTE,
    trustedProxies: environment.SYNCLINE_TRUSTED_PROXIES,
    corsOrigins: environment.SYNCLINE_CORS_ORIGINS,
    adhocCredentials: environment.SYNCLINE_ADHOC_CREDENTIALS,
    localSignIn: isLocalOnly(environment),
    dashboardFolder: findDashboard(),
    ...{ metricsDoor, freshnessSeries: environment.SYNCLINE_METRICS_FRESHNESS_SERIES },
  };
  if (metricsDoor !== undefined) watchFleet(ctx, metricsDoor.recorder);
  const app = await createServer(ctx);
  const at = { host: environment.HOST, port: environment.PORT };
  const url = await listen(app.server, () => app.listen(at), { ...at, portVariable: 'PORT' });

  return {
    url,
    stop: async () => {
      const cut = setTimeout(() => app.server.closeAllConnections(), answerMs);
      await app.close();
      clearTimeout(cut);
      // Handles that never got a connection would wait for one.
      redis.disconnect();
      await opened.close();
      metricsDoor?.close();
    },
  };
}
