import { SyncError } from '@syncline/connector-kit';
import { bearerToken, secretCheck } from '@syncline/service';
import { type Db, findKeyByPrefix, noteKeyUse, organizationsByExternalId } from '@syncline/store';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isSecretOf, looksLikeApiKey, readApiKey } from './api-key-text.js';
import type { Caller } from './caller.js';
import { type Sessions, sessionCookie } from './session.js';
import type { TokenCheck } from './token-check.js';

/** Who somebody turned out to be. Which organization the request is about is another question. */
export type Identity = Pick<Caller, 'name' | 'role' | 'organizations' | 'limitedAs'> & {
  /** By a cookie, which browsers send without anybody's will. */
  readonly byCookie: boolean;
  /** By an API key, which somebody may revoke at any moment. */
  readonly byApiKey?: true;
};

export interface Gate {
  readonly db: Db;
  readonly log: Logger;
  readonly adminKey: string;
  readonly sessions: Sessions;
  /** Undefined where no identity provider is configured. */
  readonly tokens: TokenCheck | undefined;
}

export type Authenticate = (request: FastifyRequest) => Promise<Identity | 'stranger' | 'refused'>;

const platform = { role: 'platform', organizations: 'all', limitedAs: undefined } as const;

/**
 * Makes the one function that knows who asks: the platform key, an API key, a token of the identity provider, or a
 * browser that signed in with the platform key. `stranger`: brought nothing that could be one of these; `refused`: it is wrong.
 *
 * It rejects with SyncError FORBIDDEN for a token that is good and gives no role or organization here,
 * IDENTITY_PROVIDER_UNAVAILABLE when a token cannot be checked, and whatever Postgres says when it is away.
 */
export function authenticator({ db, log, adminKey, sessions, tokens }: Gate): Authenticate {
  const isAdminKey = secretCheck(adminKey);

  const byApiKey = async (text: string): Promise<Identity | 'refused'> => {
    const given = readApiKey(text);
    if (given === undefined) return 'refused';
    const stored = await findKeyByPrefix(db, given.prefix);
    if (!isSecretOf(stored, given.secretHash) || stored === undefined || !stored.live) return 'refused';
    const { id, name, role, organizationId } = stored;
    // Not waited for: nobody's request has to fail because it could not be noted.
    if (!stored.noted)
      noteKeyUse(db, id).catch((error) =>
        log.warn({ event: 'key.use_unnoted', err: error, keyId: id }, 'use of a key not noted'),
      );
    const organizations = [organizationId];
    return {
      name: `API key ${name} (${id})`,
      role,
      organizations,
      limitedAs: `key:${id}`,
      byCookie: false,
      byApiKey: true,
    };
  };

  const byToken = async (check: TokenCheck, text: string): Promise<Identity | 'refused'> => {
    const holder = await check(text);
    if (holder === 'refused') return 'refused';
    const { subject, role, externalIds } = holder;
    if (role === undefined) throw new SyncError('FORBIDDEN', 'The token gives no role that is known here');
    const organizations = await organizationsByExternalId(db, externalIds);
    if (organizations.length === 0) {
      throw new SyncError('FORBIDDEN', 'The token names no organization that is set up here');
    }
    return { name: `token of ${subject}`, role, organizations, limitedAs: `token:${subject}`, byCookie: false };
  };

  return async (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const cookie = request.cookies[sessionCookie];
      if (!sessions.isValid(cookie, new Date())) return 'stranger';
      return { ...platform, name: 'browser session', byCookie: true };
    }
    const text = bearerToken(authorization);
    if (text === undefined) return 'refused';
    if (isAdminKey(text)) return { ...platform, name: 'admin key', byCookie: false };
    if (looksLikeApiKey(text)) return byApiKey(text);
    return tokens === undefined ? 'refused' : byToken(tokens, text);
  };
}
