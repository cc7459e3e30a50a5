import { SyncError } from '@syncline/connector-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problems/send-problem.js';
import type { CountRequest } from './request-counter.js';

/**
 * The hook that keeps one key from taking the server from the others: so many requests a minute, then 429 until the
 * minute is over. Keys and tokens are told how far they are; the platform's own key and its browsers are not limited.
 */
export function limitRequests(count: CountRequest, aMinute: number) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const who = request.caller?.limitedAs;
    const counted = who === undefined ? undefined : await count(who);
    if (counted === undefined) return undefined;
    const { requests, msLeft } = counted;
    reply.header('ratelimit-limit', String(aMinute));
    reply.header('ratelimit-remaining', String(Math.max(0, aMinute - requests)));
    reply.header('ratelimit-reset', String(Math.ceil(msLeft / 1_000)));
    if (requests <= aMinute) return undefined;
    const resumeAt = new Date(Date.now() + msLeft);
    const message = `The key has made more than ${aMinute} requests in a minute`;
    return sendProblem(request, reply, new SyncError('TOO_MANY_REQUESTS', message, { resumeAt }));
  };
}
