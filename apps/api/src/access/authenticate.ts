import type { Socket } from 'node:net';
import { bearerToken } from '@syncline/service';
import type { Db } from '@syncline/store';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Identity, keyring, platform } from './identify-key.js';
import { memberIdentity } from './identify-member.js';
import { isLocalPeer } from './local-peer.js';
import { type Sessions, sessionCookie } from './session.js';
import type { TokenCheck } from './token-check.js';

export interface Gate {
  readonly db: Db;
  readonly log: Logger;
  readonly adminKey: string;
  readonly sessions: Sessions;
  /** Whether there are sessions of the browser on this machine. */
  readonly localSignIn?: boolean;
  /** Undefined where no identity provider is configured. */
  readonly tokens: TokenCheck | undefined;
}

export type Authenticate = (request: Pick<FastifyRequest, 'headers' | 'cookies' | 'socket'>) => Promise<Known>;
type Known = Identity | 'stranger' | 'refused';

/**
 * Makes the one function that knows who asks: the platform key, an API key, a token of the identity provider, or a
 * browser that signed in with one of these. `stranger`: brought nothing that could be one of these; `refused`: it is wrong.
 *
 * Whoever is shut out of every organization that their token names is known, and may act for none.
 *
 * It rejects with SyncError FORBIDDEN for a token that is good and gives no role or organization here,
 * IDENTITY_PROVIDER_UNAVAILABLE when a token cannot be checked, and whatever Postgres says when it is away.
 */
export function authenticator({ db, log, adminKey, sessions, tokens, localSignIn }: Gate): Authenticate {
  const keys = keyring({ db, log, adminKey });

  const bySession = async (cookie: string | undefined, socket: Socket): Promise<Identity | 'stranger'> => {
    const session = sessions.read(cookie, new Date());
    if (session === undefined) return 'stranger';
    const { holder, expiresAt } = session;
    if (holder === 'platform') return { ...platform, name: 'browser session', via: 'session', expiresAt };
    if (holder === 'local') {
      // Browsers send a cookie to every port of a host: other people's programs on this machine may get to see it.
      if (localSignIn !== true || !(await isLocalPeer(socket))) return 'stranger';
      return { ...platform, name: 'browser session on this machine', via: 'session', expiresAt };
    }
    if ('member' in holder) {
      // Where tokens are those of another provider now, or of none, nobody is who that one said.
      if (tokens?.issuer !== holder.member.issuer) return 'stranger';
      const known = await memberIdentity(db, { name: null, email: null, ...holder.member, expiresAt });
      return { ...known, name: `browser session of ${known.name}`, via: 'session' };
    }
    // Each time: what the cookie says of the key was true when it was made.
    const key = await keys.find(holder.apiKeyId);
    return key === undefined
      ? 'stranger'
      : { ...key, name: `browser session of ${key.name}`, via: 'session', expiresAt };
  };

  return async ({ headers: { authorization }, cookies, socket }) => {
    if (authorization === undefined) return bySession(cookies[sessionCookie], socket);
    const text = bearerToken(authorization);
    if (text === undefined) return 'refused';
    const known = await keys.identify(text);
    if (known !== 'unknown') return known;
    const holder = (await tokens?.(text)) ?? 'refused';
    return holder === 'refused' ? 'refused' : memberIdentity(db, holder);
  };
}
