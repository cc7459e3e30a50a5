import { openRedis, requireNoEviction } from '@syncline/queue';
import { StartError, within } from '@syncline/service';
import type { Logger } from 'pino';

const connectMs = 5_000;

/**
 * Connects to Redis, without insisting: while it is away the API still reads and takes triggers.
 *
 * Throws StartError when it is there and may evict keys.
 */
export async function connectRedis(
  redisUrl: string,
  onError: (error: Error) => void,
  log: Logger,
): Promise<ReturnType<typeof openRedis>> {
  const redis = openRedis({ redisUrl, failFast: true, onError });
  try {
    await within(connectMs, redis.connect(), () => new Error(`no connection within ${connectMs / 1000} s`));
    await within(connectMs, redis.ping(), () => new Error(`no answer within ${connectMs / 1000} s`));
  } catch (error) {
    log.warn({ err: error }, 'Redis is not there yet; starting without it');
    return redis;
  }
  try {
    await requireNoEviction(redis);
  } catch (error) {
    redis.disconnect();
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  return redis;
}
