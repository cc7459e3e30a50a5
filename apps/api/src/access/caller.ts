import { SyncError } from '@syncline/connector-kit';
import { type Db, forTenant, type Organization, type PersonSeen, resolveOrganization } from '@syncline/store';
import type { FastifyRequest } from 'fastify';
import type { ApiContext } from '../api-context.js';
import type { Role } from './role.js';

/** Who asks, and for whom; set by the hook that lets a request in (require-access.ts). */
export interface Caller {
  /** How they came in, in words for the history and the audit log. */
  readonly name: string;
  readonly role: Role;
  /** Organizations that they may act for. */
  readonly organizations: 'all' | readonly string[];
  /** Whose requests are counted together against the limit; undefined: they are not limited. */
  readonly limitedAs: string | undefined;
  /** A browser's session, which the browser brings without anybody's will; a key; or a token of the identity provider. */
  readonly via: 'session' | 'key' | 'token';
  /** When what they came in with is over; null for a key without an end. */
  readonly expiresAt: Date | null;
  /** The organization that this request is about; undefined while several are possible. */
  readonly organizationId: string | undefined;
  /** It was named in X-Organization-ID. */
  readonly isNamed: boolean;
  /** Whoever a token was made for, itself or by a session; undefined for keys. */
  readonly person?: PersonSeen | undefined;
  /** Organizations that their token names, and that have shut them out. */
  readonly shutOutOf?: readonly string[] | undefined;
  /**
   * Whether what somebody came in with still opens the organization that it opened; undefined for the platform. For
   * answers that last.
   */
  readonly isStillIn?: (() => Promise<boolean>) | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on public routes only. */
    caller: Caller | undefined;
  }
}

/** What a route works with: the services, for one organization. */
export interface TenantContext extends ApiContext {
  readonly organizationId: string;
  /** Sees that organization's rows only, where the database has the role for it. */
  readonly db: Db;
}

/**
 * The context of a request: all that a route reads or changes goes through it, so that it is the caller's organization's.
 *
 * Throws SyncError ORGANIZATION_REQUIRED when the caller may act for several and named none, and Error (a bug) on a
 * route that anybody may ask: it has no organization.
 */
export function tenantOf(api: ApiContext, request: Pick<FastifyRequest, 'caller'>): TenantContext {
  const { organizationId } = callerOf(request);
  if (organizationId === undefined) throw new SyncError('ORGANIZATION_REQUIRED');
  return tenantContext(api, organizationId);
}

/**
 * The context of a request whose path names the organization, in any of its names.
 *
 * Throws SyncError ORGANIZATION_NOT_FOUND, for one that the caller may not act for as for one that is not there, and
 * VALIDATION_FAILED when X-Organization-ID names another one.
 */
export async function tenantOfPath(
  api: ApiContext,
  request: Pick<FastifyRequest, 'caller'>,
  organization: string,
): Promise<TenantContext & { readonly organization: Organization }> {
  const caller = callerOf(request);
  const found = await organizationFor(api.db, caller, organization);
  if (caller.isNamed && caller.organizationId !== found.id) {
    throw new SyncError('VALIDATION_FAILED', 'X-Organization-ID names another organization than the path', {
      field: 'X-Organization-ID',
    });
  }
  return { ...tenantContext(api, found.id), organization: found };
}

/**
 * The organization of that name, if the caller may act for it. Throws SyncError ORGANIZATION_NOT_FOUND, and MEMBER_BLOCKED
 * for one that has shut the caller out: their token names it, so that nothing is given away.
 */
export async function organizationFor(
  db: Db,
  { organizations, shutOutOf = [] }: Pick<Caller, 'organizations' | 'shutOutOf'>,
  name: string,
): Promise<Organization> {
  // Looked for before it is judged, so that the time says nothing about what exists.
  const found = await resolveOrganization(db, name);
  if (found !== undefined && shutOutOf.includes(found.id)) throw new SyncError('MEMBER_BLOCKED');
  if (found === undefined || (organizations !== 'all' && !organizations.includes(found.id))) {
    throw new SyncError('ORGANIZATION_NOT_FOUND');
  }
  return found;
}

/** The organization that somebody asks for who names none: the only one, for the platform the default one. */
export function unnamedOrganization(
  { organizations }: Pick<Caller, 'organizations'>,
  defaultOrganizationId: string,
): string | undefined {
  if (organizations === 'all') return defaultOrganizationId;
  return organizations.length === 1 ? organizations[0] : undefined;
}

export function callerOf({ caller }: Pick<FastifyRequest, 'caller'>): Caller {
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
}

/** The one place where a route's services become those of a tenant. */
function tenantContext(api: ApiContext, organizationId: string): TenantContext {
  return { ...api, organizationId, db: api.rowSecurity ? forTenant(api.db, organizationId) : api.db };
}
