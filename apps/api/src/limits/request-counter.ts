import { within } from '@syncline/engine';
import type { openRedis } from '@syncline/queue';
import type { Logger } from 'pino';

/** How often somebody has asked in the current minute, this time included, and for how long the minute still lasts. */
interface Count {
  readonly requests: number;
  readonly msLeft: number;
}

/** Undefined when Redis cannot say: whoever counts lets requests through then, so that reads work without it. */
export type CountRequest = (who: string) => Promise<Count | undefined>;

const minuteMs = 60_000;
const patienceMs = 250;
/** A Redis that hangs is not waited for by every request. */
const restMs = 1_000;

/**
 * Counts requests in Redis, for all instances of the API together. A minute begins with the first request, by Redis'
 * clock, and the key is gone when it is over.
 */
export function requestCounter(
  { redis, log }: { readonly redis: ReturnType<typeof openRedis>; readonly log: Logger },
  keyPrefix: string,
): CountRequest {
  let restsUntil = 0;
  return async (who) => {
    if (restsUntil > Date.now()) return undefined;
    const key = `${keyPrefix}:api-limit:${who}`;
    try {
      const count = redis.multi().set(key, 0, 'PX', minuteMs, 'NX').incr(key).pttl(key).exec();
      const [, requests, ttl] =
        (await within(patienceMs, count, () => new Error('Redis did not answer in time'))) ?? [];
      const msLeft = numberOf(ttl);
      // It ran out in between the two, and came back without an end.
      if (msLeft < 0) await redis.pexpire(key, minuteMs);
      return { requests: numberOf(requests), msLeft: msLeft < 0 ? minuteMs : msLeft };
    } catch (error) {
      restsUntil = Date.now() + restMs;
      log.warn({ event: 'limit.uncounted', err: error }, 'requests are not counted: Redis cannot be reached');
      return undefined;
    }
  };
}

/** Throws what the command answered with, if it failed. */
function numberOf(result: [Error | null, unknown] | undefined): number {
  if (result === undefined) throw new Error('Redis left an answer out');
  if (result[0] !== null) throw result[0];
  return Number(result[1]);
}
