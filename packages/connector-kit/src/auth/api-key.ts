import type { AuthStrategy } from './strategy.js';

export interface ApiKeyOptions<Credentials> {
  /** The header that the vendor looks at, such as `x-api-key`. */
  readonly header: string;
  readonly key: (credentials: Credentials) => string;
}

/** A key that does not expire, in a header of the vendor's own: it goes with every request, there is nothing to renew. */
export function apiKey<C>({ header, key }: ApiKeyOptions<C>): AuthStrategy<C> {
  return {
    isFresh: () => true,
    authorize: (request, credentials) => ({
      ...request,
      headers: { ...request.headers, [header]: key(credentials) },
    }),
    isRejected: ({ status }) => status === 401,
  };
}
