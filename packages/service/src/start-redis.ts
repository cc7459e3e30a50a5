import type { Environment } from '@syncline/config';
import { openRedis, type RedisClient, RedisSetupError, type RedisTls, requireUsableRedis } from '@syncline/queue';
import { StartError } from './start-error.js';

type TlsEnvironment = Pick<
  Environment,
  'REDIS_TLS_CA_FILE' | 'REDIS_TLS_CERT_FILE' | 'REDIS_TLS_KEY_FILE' | 'REDIS_TLS_SERVERNAME'
>;
export type RedisEnvironment = Pick<Environment<'REDIS_URL'>, 'REDIS_URL' | 'SYNCLINE_REDIS_PREFIX'> & TlsEnvironment;

/** What the environment says of TLS to Redis. */
export function redisTlsOf(environment: Partial<TlsEnvironment>): RedisTls {
  return {
    caFile: environment.REDIS_TLS_CA_FILE,
    certFile: environment.REDIS_TLS_CERT_FILE,
    keyFile: environment.REDIS_TLS_KEY_FILE,
    servername: environment.REDIS_TLS_SERVERNAME,
  };
}

/**
 * A connection for a process that can do nothing without Redis, and waits for it. Throws StartError when the address or
 * the certificates cannot be used.
 */
export function openPatientRedis(environment: RedisEnvironment, onError: (error: Error) => void): RedisClient {
  return explainedStart(() =>
    openRedis({
      ...{ redisUrl: environment.REDIS_URL, tls: redisTlsOf(environment) },
      ...{ failFast: false, onError },
    }),
  );
}

/**
 * Waits for Redis, however long it is away, and looks whether it can be used.
 *
 * Throws StartError when somebody has to change something: the user's rights, the eviction policy, the prefix on a Cluster.
 */
export async function awaitUsableRedis(redis: RedisClient, environment: RedisEnvironment): Promise<void> {
  try {
    await requireUsableRedis(redis, environment.SYNCLINE_REDIS_PREFIX);
  } catch (error) {
    redis.disconnect();
    throw startErrorOf(error);
  }
}

/** What `open` gives. Throws StartError instead of RedisSetupError. */
export function explainedStart<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw startErrorOf(error);
  }
}

/** A StartError for what somebody has to change about Redis; any other error as it is. */
export function startErrorOf(error: unknown): unknown {
  return error instanceof RedisSetupError ? new StartError(error.message, { cause: error }) : error;
}
