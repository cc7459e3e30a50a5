import { SyncError } from '@syncline/connector-kit';
import type { FastifyReply } from 'fastify';
import type { CountRequest } from './request-counter.js';

/** Counts a request of `who`, and tells in the answer's headers how far they are. Throws SyncError TOO_MANY_REQUESTS. */
export type LimitRequest = (who: string | undefined, reply: FastifyReply) => Promise<void>;

/**
 * Keeps one key from taking the server from the others: so many requests a minute, then 429 until the minute is over.
 * Keys and tokens are told how far they are; the platform's own key and its browsers (undefined) are not limited.
 */
export function limitRequests(count: CountRequest, aMinute: number): LimitRequest {
  return async (who, reply) => {
    const counted = who === undefined ? undefined : await count(who);
    if (counted === undefined) return;
    const { requests, msLeft } = counted;
    reply.header('ratelimit-limit', String(aMinute));
    reply.header('ratelimit-remaining', String(Math.max(0, aMinute - requests)));
    reply.header('ratelimit-reset', String(Math.ceil(msLeft / 1_000)));
    if (requests <= aMinute) return;
    const resumeAt = new Date(Date.now() + msLeft);
    throw new SyncError('TOO_MANY_REQUESTS', `The key has made more than ${aMinute} requests in a minute`, {
      resumeAt,
    });
  };
}
