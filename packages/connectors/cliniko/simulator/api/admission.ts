import { Refusal } from '../../../simulation/http/reply.js';
import { KeyedAdmission } from '../../../simulation/keyed-admission.js';
import type { Quirks } from '../quirks.js';

/** A name, and in brackets an address to write to. */
const USER_AGENT = /^\S.* \([^()\s]+@[^()\s]+\.[^()\s]+\)$/;

/** Who gets in: who says who he is, has a key, and has not asked too often. */
export class Admission extends KeyedAdmission<Quirks> {
  admit(userAgent: string | undefined, authorization: string | undefined): void {
    if (this.quirks.userAgentRequired && !USER_AGENT.test(userAgent ?? '')) {
      throw new Refusal(403, { message: 'A User-Agent with a name and a contact address is required.' });
    }
    if (this.isRevoked || !this.#isKey(authorization)) throw new Refusal(401, { message: 'Invalid API key.' });
    this.#count();
  }

  /** The key is the user's name, with or without its shard; the password is empty. */
  #isKey(authorization: string | undefined): boolean {
    const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
    if (encoded === undefined) return false;
    const user = /^(.*):$/s.exec(Buffer.from(encoded, 'base64').toString())?.[1];
    return user === this.apiKey || user === this.apiKey.slice(0, this.apiKey.lastIndexOf('-'));
  }

  #count(): void {
    const { quota, retryAfter } = this.quirks;
    if (quota === null) return;
    const taken = this.window.take(quota);
    if ('left' in taken) return;
    const { now } = taken;
    const opensAt = Math.ceil(taken.opensAt / 1_000);
    throw new Refusal(
      429,
      {},
      {
        'x-ratelimit-reset': String(opensAt),
        ...(retryAfter && { 'retry-after': String(Math.max(1, opensAt - Math.floor(now / 1_000))) }),
      },
    );
  }
}
