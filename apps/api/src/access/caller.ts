import { type Db, forTenant } from '@syncline/store';
import type { FastifyRequest } from 'fastify';
import type { ApiContext } from '../api-context.js';

/** Who asks, and for whom; set by the hook that lets a request in (require-access.ts). */
interface Caller {
  /** How they came in, in words for the history and the audit log. */
  readonly name: string;
  /** The organization that this request is about. */
  readonly organizationId: string;
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
 * Throws Error (a bug) on a route that anybody may ask: it has no organization.
 */
export function tenantOf(api: ApiContext, request: Pick<FastifyRequest, 'caller'>): TenantContext {
  const { caller } = request;
  if (caller === undefined) throw new Error('a public route has no tenant');
  const { organizationId } = caller;
  return { ...api, organizationId, db: api.rowSecurity ? forTenant(api.db, organizationId) : api.db };
}
