import { SyncError } from '@syncline/connector-kit';
import { type Db, standingsOf } from '@syncline/store';
import type { Identity } from './identify-key.js';
import type { TokenHolder } from './token-check.js';

/**
 * Who somebody is that a token was made for, by what it says and by what the organizations say that it names. Asked on
 * each request, so that whoever is shut out is so at once, in every process.
 *
 * Throws SyncError FORBIDDEN for a token that gives no role or no organization here.
 */
export async function memberIdentity(db: Db, holder: TokenHolder): Promise<Identity> {
  const { issuer, subject, name, email, role, externalIds, expiresAt } = holder;
  if (role === undefined) throw new SyncError('FORBIDDEN', 'The token gives no role that is known here');
  const standings = await standingsOf(db, { issuer, subject }, externalIds);
  if (standings.length === 0) {
    throw new SyncError('FORBIDDEN', 'The token names no organization that is set up here');
  }
  const those = (blocked: boolean) =>
    standings.filter(({ isBlocked }) => isBlocked === blocked).map(({ organizationId }) => organizationId);
  return {
    ...{ name: `token of ${subject}`, role, organizations: those(false), shutOutOf: those(true) },
    ...{ limitedAs: `token:${subject}`, via: 'token', expiresAt },
    person: { issuer, subject, name, email, role },
  };
}

/** Throws SyncError MEMBER_BLOCKED for whoever every organization of their token has shut out. */
export function requireAnyOrganization({ organizations }: Pick<Identity, 'organizations'>): void {
  if (organizations !== 'all' && organizations.length === 0) throw new SyncError('MEMBER_BLOCKED');
}
