import { SyncError } from '@syncline/connector-kit';
import { type MetricsDoor, metricsAreOff } from '@syncline/service';
import type { Db } from '@syncline/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LimitRequest } from '../limits/limit-requests.js';
import { sendProblem } from '../problems/send-problem.js';
import type { Authenticate } from './authenticate.js';
import { type Caller, organizationFor, unnamedOrganization } from './caller.js';
import type { FailureThrottle } from './failure-throttle.js';
import type { Identity } from './identify-key.js';
import { requireAnyOrganization } from './identify-member.js';
import type { NoteComing } from './member-notes.js';
import { type Access, reaches } from './role.js';
import { requestOrigin } from './same-origin.js';
import { stillIn } from './still-in.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const pagesForBrowsers = /^\/($|admin\/queues($|[/?])|docs($|[/?]))/;

export interface Door {
  readonly db: Db;
  readonly defaultOrganizationId: string;
  readonly authenticate: Authenticate;
  readonly throttle: FailureThrottle;
  readonly limit: LimitRequest;
  readonly noteComing: NoteComing;
  readonly metricsDoor?: MetricsDoor | undefined;
}

/**
 * The hook that closes the server: finds out who asks, whether the route is for them, and for which organization they
 * ask. 401, 429, 403 and 404 in this order, so that somebody without the role learns nothing of organizations.
 *
 * It answers by itself instead of throwing, because plugins (Bull Board) bring error handlers of their own.
 */
export function requireAccess(door: Door) {
  const { db, defaultOrganizationId, authenticate, throttle, limit, noteComing } = door;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const needed = accessOf(request);
    if (needed === 'public') return undefined;
    try {
      const now = Date.now();
      if (request.headers.authorization !== undefined && throttle.isBlocked(request.ip, now)) throw tooManyFailures();
      if (needed === 'metrics') {
        requireMetricsToken(door, request, now);
        return undefined;
      }
      const identity = await authenticate(request);
      if (identity === 'refused') throttle.noteFailure(request.ip, now);
      if (identity === 'refused' || identity === 'stranger') return refuse(request, reply);
      // Before anything is refused: what is refused costs as much as what is not.
      await limit(identity.limitedAs, reply);
      requireAnyOrganization(identity);
      requireOwnPages(identity, request);
      if (!reaches(identity.role, needed)) {
        throw new SyncError('FORBIDDEN', `This needs the role ${needed}, and yours is ${identity.role}`);
      }
      noteComing(identity, now);
      const caller = await withOrganization(db, identity, request, defaultOrganizationId);
      const isStillIn = stillIn({ db, authenticate }, identity, request, caller.organizationId);
      request.caller = isStillIn === undefined ? caller : { ...caller, isStillIn };
      return undefined;
    } catch (error) {
      return sendProblem(request, reply, error);
    }
  };
}

/** What the route declares. What is not there is for whoever has any key; a route that says nothing, for the platform. */
function accessOf(request: FastifyRequest): Access {
  return request.is404 ? 'viewer' : (request.routeOptions.config.access ?? 'platform');
}

/** A cookie is sent by the browser without anybody's will; the request itself has to come from our own pages. */
function requireOwnPages({ via }: Identity, { method, headers }: FastifyRequest): void {
  if (via !== 'session' || safeMethods.has(method) || requestOrigin(headers) === 'same') return;
  throw new SyncError('FORBIDDEN', 'With a session cookie, requests that change something have to come from this host');
}

async function withOrganization(
  db: Db,
  identity: Identity,
  request: FastifyRequest,
  defaultOrganizationId: string,
): Promise<Caller> {
  const { apiKeyId: _, ...same } = identity;
  const named = request.headers['x-organization-id'];
  if (named !== undefined) {
    const { id } = await organizationFor(db, identity, String(named));
    return { ...same, organizationId: id, isNamed: true };
  }
  return { ...same, organizationId: unnamedOrganization(identity, defaultOrganizationId), isNamed: false };
}

/** Throws SyncError NOT_FOUND where nothing is measured, UNAUTHENTICATED for whoever has not the token. */
function requireMetricsToken({ metricsDoor, throttle }: Door, { headers, ip }: FastifyRequest, now: number): void {
  if (metricsDoor === undefined) throw new SyncError('NOT_FOUND', metricsAreOff);
  if (metricsDoor.isAllowed(headers.authorization)) return;
  if (headers.authorization !== undefined) throttle.noteFailure(ip, now);
  throw new SyncError('UNAUTHENTICATED', 'This takes the token of SYNCLINE_METRICS_TOKEN, and no other');
}

function tooManyFailures(): SyncError {
  const resumeAt = new Date(Date.now() + 60_000);
  return new SyncError('TOO_MANY_REQUESTS', 'Too many wrong keys came from this address', { resumeAt });
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (wantsPage && pagesForBrowsers.test(request.url)) {
    return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 302);
  }
  return sendProblem(request, reply, new SyncError('UNAUTHENTICATED'));
}
