import { within } from '@syncline/engine';
import { openRedis, type RedisClient, RedisSetupError, requireUsableRedis, unlessRefused } from '@syncline/queue';
import { explainedStart, type RedisEnvironment, redisTlsOf, startErrorOf } from '@syncline/service';
import type { Logger } from 'pino';

const connectMs = 5_000;

/**
 * Connects to Redis, without insisting: while it is away the API still reads and takes triggers.
 *
 * Throws StartError when it is there and refuses us, may evict keys, or is not what its address says.
 */
export async function connectRedis(
  environment: RedisEnvironment,
  onError: (error: Error) => void,
  log: Logger,
): Promise<RedisClient> {
  const tls = redisTlsOf(environment);
  const redis = explainedStart(() => openRedis({ redisUrl: environment.REDIS_URL, tls, failFast: true, onError }));
  const connect = async () => {
    await redis.connect();
    await requireUsableRedis(redis, environment.SYNCLINE_REDIS_PREFIX);
  };
  const late = () => new Error(`no connection within ${connectMs / 1000} s`);
  try {
    await within(connectMs, unlessRefused(redis, connect), late);
  } catch (error) {
    if (error instanceof RedisSetupError) {
      redis.disconnect();
      throw startErrorOf(error);
    }
    log.warn({ event: 'redis.awaited', err: error }, 'Redis is not there yet; starting without it');
  }
  return redis;
}
