import { isSyncError } from '@syncline/connector-kit';
import { type Db, isShutOut } from '@syncline/store';
import type { Authenticate } from './authenticate.js';
import type { Caller } from './caller.js';
import type { Identity } from './identify-key.js';

interface Gate {
  readonly db: Db;
  readonly authenticate: Authenticate;
}

/**
 * How to find out, while an answer lasts, whether its caller would still be let in to that organization. Undefined for
 * the platform, which nobody shuts out. What it returns rejects with whatever Postgres says when it is away.
 *
 * A token is not asked for its end: those of some providers are good for a minute, and the answer has an end of its own.
 */
export function stillIn(
  { db, authenticate }: Gate,
  { apiKeyId, person, via }: Identity,
  request: Parameters<Authenticate>[0],
  organizationId: string | undefined,
): Caller['isStillIn'] {
  if (person !== undefined && via === 'token') {
    return async () => organizationId === undefined || !(await isShutOut(db, organizationId, person));
  }
  if (apiKeyId === undefined && person === undefined) return undefined;
  return async () => {
    const known = await authenticate(request).catch(refusedOrAway);
    if (typeof known !== 'object') return false;
    const { organizations } = known;
    return organizationId === undefined || organizations === 'all' || organizations.includes(organizationId);
  };
}

function refusedOrAway(error: unknown): 'refused' {
  if (isSyncError(error, 'FORBIDDEN')) return 'refused';
  throw error;
}
