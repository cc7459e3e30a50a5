import type { VendorResponse } from '../transport.js';
import type { AuthStrategy } from './strategy.js';

export interface BasicOptions<Credentials> {
  readonly user: (credentials: Credentials) => string;
  /** Empty unless given. */
  readonly password?: (credentials: Credentials) => string;
  /** Headers that tell the vendor who is calling, beside the authorisation. */
  readonly headers?: (credentials: Credentials) => Readonly<Record<string, string>>;
  /** Whether an answer says that the credentials are wrong; status 401 unless given. */
  readonly isRejected?: (response: VendorResponse) => boolean;
}

/** HTTP Basic (RFC 7617): the credentials go with every request, there is nothing to renew. */
export function basic<C>(options: BasicOptions<C>): AuthStrategy<C> {
  const { user, password = () => '', headers = () => ({}), isRejected = ({ status }) => status === 401 } = options;
  return {
    isFresh: () => true,
    authorize: (request, credentials) => ({
      ...request,
      headers: {
        ...request.headers,
        ...headers(credentials),
        authorization: `Basic ${toBase64(`${user(credentials)}:${password(credentials)}`)}`,
      },
    }),
    isRejected,
  };
}

/** Of the text's UTF-8 bytes: `btoa` alone takes no character beyond Latin-1. */
function toBase64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
