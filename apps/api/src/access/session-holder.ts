import { type Db, standingsOf } from '@syncline/store';
import type { Identity, Keys } from './identify-key.js';
import { memberIdentity, requireAnyOrganization } from './identify-member.js';
import type { SessionHolder } from './session.js';
import type { TokenCheck } from './token-check.js';

/** Whose session is to be opened, and who that is. */
export interface NewHolder {
  readonly identity: Identity;
  readonly holder: SessionHolder;
}

/**
 * Makes what finds out whose session somebody may open who brings this text: a key, or a token of the identity provider.
 * `refused`: it opens nothing. Rejects with SyncError FORBIDDEN for a token that is good and gives nothing here,
 * MEMBER_BLOCKED for whoever is shut out, IDENTITY_PROVIDER_UNAVAILABLE, and whatever Postgres says when it is away.
 */
export function sessionHolders(
  keys: Keys,
  { db, tokens }: { readonly db: Db; readonly tokens: TokenCheck | undefined },
): (text: string) => Promise<NewHolder | 'refused'> {
  return async (text) => {
    const known = await keys.identify(text);
    if (typeof known === 'object') {
      return { identity: known, holder: known.apiKeyId === undefined ? 'platform' : { apiKeyId: known.apiKeyId } };
    }
    const token = known === 'unknown' && tokens !== undefined ? await tokens(text) : 'refused';
    if (token === 'refused') return 'refused';
    const identity = await memberIdentity(db, token);
    requireAnyOrganization(identity);
    const { issuer, subject, role, externalIds } = token;
    if (role === undefined) return 'refused';
    // A token may name a hundred organizations of which one is set up here: the cookie holds that one.
    const here = (await standingsOf(db, token, externalIds)).map(({ externalId }) => externalId);
    return { identity, holder: { member: { issuer, subject, role, externalIds: here } } };
  };
}
