import { randomBytes, randomUUID } from 'node:crypto';

export interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly token: string;
  verified: boolean;
}

/** Who is told of events, or will be once the token has come back. */
export class Subscriptions {
  readonly #all = new Map<string, Subscription>();

  /** Throws for what is no URL. */
  add(url: string, token: string, verified: boolean): Subscription {
    if (!URL.canParse(url)) throw new Error(`Not a URL: ${url}`);
    const subscription = { id: randomUUID(), url, token, verified };
    this.#all.set(subscription.id, subscription);
    return subscription;
  }

  /** Throws when nobody was given that token. */
  verify(token: string): Subscription {
    const subscription = [...this.#all.values()].find((candidate) => candidate.token === token);
    if (subscription === undefined) throw new Error('No subscription has that token.');
    subscription.verified = true;
    return subscription;
  }

  /** Ends one, or all. */
  end(id?: string): void {
    if (id === undefined) this.#all.clear();
    else this.#all.delete(id);
  }

  has(id: string): boolean {
    return this.#all.has(id);
  }

  verified(): Subscription[] {
    return [...this.#all.values()].filter(({ verified }) => verified);
  }

  /** Without their tokens. */
  report() {
    return [...this.#all.values()].map(({ id, url, verified }) => ({ id, url, verified }));
  }
}

export function newToken(): string {
  return `secret_${randomBytes(32).toString('base64url')}`;
}
