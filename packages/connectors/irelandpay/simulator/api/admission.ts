import { Refusal, type ReplyHeaders } from '../../../simulation/http/reply.js';
import { KeyedAdmission } from '../../../simulation/keyed-admission.js';
import type { Quirks } from '../quirks.js';
import { unauthenticated } from './refusals.js';

/** Who gets in: who has the key, and has not asked too often. */
export class Admission extends KeyedAdmission<Quirks> {
  /** Counts a request; gives the headers that every answer has. Throws the refusal of one that is too many. */
  count(): ReplyHeaders {
    const { quota } = this.quirks;
    if (quota === null) return {};
    const limit = { 'x-ratelimit-limit': String(quota.requests) };
    const taken = this.window.take(quota);
    if ('left' in taken) return { ...limit, 'x-ratelimit-remaining': String(taken.left) };
    const { now, opensAt } = taken;
    const retryAfter = String(Math.max(1, Math.ceil((opensAt - now) / 1_000)));
    const headers = { ...limit, 'x-ratelimit-remaining': '0', 'retry-after': retryAfter };
    const refusal = new Refusal(429, { message: 'Too Many Attempts.' }, headers);
    if (!this.quirks.plain429) throw refusal;
    refusal.reply.body = Buffer.from('Too Many Attempts.');
    refusal.reply.headers = { ...refusal.reply.headers, 'content-type': 'text/plain' };
    throw refusal;
  }

  /** Throws the refusal of a key that is wrong. */
  admit(key: string | undefined): void {
    if (this.isRevoked || key !== this.apiKey) throw unauthenticated();
  }
}
