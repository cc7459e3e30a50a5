import { z } from 'zod';
import { SyncError } from '../errors/sync-error.js';
import type { VendorResponse } from '../transport.js';
import type { RenewingStrategy, Tokens } from './strategy.js';

export interface OAuth2Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** With it the refresh-token grant is used, without it the client-credentials grant. */
  readonly refreshToken?: string | undefined;
}

export interface OAuth2Options {
  /** Relative to the base URL, or absolute. */
  readonly tokenUrl: string;
  /** A token is not used in its last seconds, so that it does not expire on the way. */
  readonly marginSeconds: number;
  readonly isRejected: (response: VendorResponse) => boolean;
}

const grantAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

/** Seconds; some vendors name a number beyond what a date can hold, and the grant is good all the same. */
const longestLife = 10 * 365 * 86_400;

const grantRefusal = z.object({ error: z.string() });

/** OAuth 2.0 (RFC 6749): refresh-token grant with rotation, or client credentials. */
export function oauth2<C extends OAuth2Credentials>(options: OAuth2Options): RenewingStrategy<C> {
  return {
    isFresh: (tokens, now) =>
      tokens !== undefined && Date.parse(tokens.expiresAt) - options.marginSeconds * 1000 > now.getTime(),

    async acquire(send, credentials, tokens, now) {
      // A rotated token is the only one that still works; the configured one is the first of its line.
      const refreshToken = credentials.refreshToken && (tokens?.refreshToken ?? credentials.refreshToken);
      const client = { client_id: credentials.clientId, client_secret: credentials.clientSecret };
      const form =
        refreshToken === undefined
          ? { grant_type: 'client_credentials', ...client }
          : { grant_type: 'refresh_token', refresh_token: refreshToken, ...client };
      const response = await send({ method: 'POST', url: options.tokenUrl, form, deadlineMs: 20_000 });
      return readGrant(response, refreshToken, now);
    },

    authorize: (request, _credentials, tokens) => ({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${tokens?.accessToken ?? ''}` },
    }),

    isRejected: options.isRejected,
  };
}

function readGrant(response: VendorResponse, refreshToken: string | undefined, now: Date): Tokens {
  const body = parseBody(response.body);
  const granted = grantAnswer.safeParse(body);
  if (response.status < 300 && granted.success) {
    const { access_token, expires_in = 3600, refresh_token = refreshToken } = granted.data;
    const expiresAt = new Date(now.getTime() + Math.min(expires_in, longestLife) * 1000).toISOString();
    return { accessToken: access_token, expiresAt, refreshToken: refresh_token };
  }
  if (response.status === 400 || response.status === 401 || response.status === 403) {
    const { error = '' } = grantRefusal.safeParse(body).data ?? {};
    // A word like invalid_grant. Anything else is text, in which what was sent could come back.
    const reason = /^[a-z_]{1,60}$/.test(error) ? error : `status ${response.status}`;
    throw new SyncError('UPSTREAM_AUTH', `The vendor refused to grant a token (${reason})`, {
      details: { status: response.status, reason },
    });
  }
  // Anything else (HTML, an error page, a 2xx without a token) says nothing about the credentials: keep the old ones.
  throw new SyncError('UPSTREAM_BAD_BODY', 'The token endpoint gave an answer that is not a grant', {
    details: { status: response.status },
  });
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
