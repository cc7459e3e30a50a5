import type { VendorResponse } from '../transport.js';
import type { AuthStrategy } from './strategy.js';

export interface BearerOptions<Credentials> {
  readonly token: (credentials: Credentials) => string;
  /** Headers that every request needs beside the authorisation, such as the version of the API. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether an answer says that the token is wrong; status 401 unless given. */
  readonly isRejected?: (response: VendorResponse) => boolean;
}

/** A token that does not expire (RFC 6750): it goes with every request, there is nothing to renew. */
export function bearer<C>({
  token,
  headers = {},
  isRejected = ({ status }) => status === 401,
}: BearerOptions<C>): AuthStrategy<C> {
  return {
    isFresh: () => true,
    authorize: (request, credentials) => ({
      ...request,
      headers: { ...request.headers, ...headers, authorization: `Bearer ${token(credentials)}` },
    }),
    isRejected,
  };
}
