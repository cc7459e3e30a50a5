import { createHash } from 'node:crypto';
import type { VendorClock } from '../../../simulation/vendor-clock.js';

/** The credentials a firm was given. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
}

interface Code {
  redirectUri: string;
  expiresMs: number;
}

const CODE_LIFE_MS = 300_000;

/**
 * Who may do what: codes, access tokens and rotating refresh tokens, all made from the seed and counters.
 *
 * A refresh token names its grant and its generation. Only the newest generation of a grant works; using it spends
 * it. A generation newer than any known is accepted: the simulator forgets tokens when it restarts, but a client
 * that stored the last one must be able to go on.
 */
export class TokenBook {
  readonly #seed: number;
  readonly #credentials: Credentials;
  readonly #clock: VendorClock;
  readonly #generations = new Map<number, number>();
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, number>();
  #issued = 0;
  #refreshes = 0;
  #revoked = false;

  constructor(seed: number, credentials: Credentials, clock: VendorClock) {
    this.#seed = seed;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /** How many refresh tokens were spent: what a single-flight test counts. */
  get refreshes(): number {
    return this.#refreshes;
  }

  knowsClient(id: string | null, secret: string | null): boolean {
    return id === this.#credentials.clientId && secret === this.#credentials.clientSecret;
  }

  /** Whether an access token is of this vendor and still alive. */
  accepts(accessToken: string): boolean {
    const expires = this.#access.get(accessToken);
    return expires !== undefined && expires > this.#clock.nowMs();
  }

  issueAccess(lifeSeconds: number): string {
    const token = `ppa.${++this.#issued}.${this.#sign(`access ${this.#issued}`)}`;
    this.#access.set(token, this.#clock.nowMs() + lifeSeconds * 1000);
    return token;
  }

  issueCode(redirectUri: string): string {
    const code = `ppc.${++this.#issued}.${this.#sign(`code ${this.#issued}`)}`;
    this.#codes.set(code, { redirectUri, expiresMs: this.#clock.nowMs() + CODE_LIFE_MS });
    return code;
  }

  /** Takes a code in exchange for the first refresh token of a new grant; undefined where it is not good. */
  redeemCode(code: string, redirectUri: string): string | undefined {
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    if (!known || known.redirectUri !== redirectUri || known.expiresMs <= this.#clock.nowMs()) return undefined;
    const grant = ++this.#issued;
    this.#generations.set(grant, 1);
    return this.#refreshToken(grant, 1);
  }

  /** Spends a refresh token and gives the next of its grant; undefined where it is spent, unknown or revoked. */
  rotate(refreshToken: string): string | undefined {
    const place = this.#placeOf(refreshToken);
    if (!place || this.#revoked) return undefined;
    if (place.generation < (this.#generations.get(place.grant) ?? 0)) return undefined;
    this.#generations.set(place.grant, place.generation + 1);
    this.#refreshes++;
    return this.#refreshToken(place.grant, place.generation + 1);
  }

  /** Ends the life of all access tokens. */
  expireAccess(): void {
    this.#access.clear();
  }

  /** Refuses, or accepts again, every refresh token: a user who took his permission back. */
  revokeRefresh(revoked: boolean): void {
    this.#revoked = revoked;
  }

  #placeOf(refreshToken: string): { grant: number; generation: number } | undefined {
    if (refreshToken === this.#credentials.refreshToken) return { grant: 0, generation: 0 };
    const parts = /^ppr\.(\d+)\.(\d+)\./.exec(refreshToken);
    if (!parts) return undefined;
    const [grant, generation] = [Number(parts[1]), Number(parts[2])];
    return this.#refreshToken(grant, generation) === refreshToken ? { grant, generation } : undefined;
  }

  #refreshToken(grant: number, generation: number): string {
    return `ppr.${grant}.${generation}.${this.#sign(`refresh ${grant} ${generation}`)}`;
  }

  #sign(text: string): string {
    const { clientSecret } = this.#credentials;
    return createHash('sha256').update(`${this.#seed} ${clientSecret} ${text}`).digest('base64url');
  }
}
