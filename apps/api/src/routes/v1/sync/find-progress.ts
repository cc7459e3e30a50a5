import { isSyncError, SyncError } from '@syncline/connector-kit';
import { type JobProgress, organizationOfJob, readProgress } from '@syncline/store';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, type TenantContext, tenantOf, tenantOfPath } from '../../../access/caller.js';
import type { ApiContext } from '../../../api-context.js';

export const syncParams = z.object({ sync_id: z.string().describe('The id that the start of the sync answered with') });

export interface FoundSync {
  readonly ctx: TenantContext;
  readonly job: JobProgress;
}

const unknown = () => new SyncError('NOT_FOUND', 'There is no sync with this id');

/**
 * How far a sync is, and the context of the organization it belongs to. Whoever may act for several organizations need
 * not name it: the guide's clients do not. An id of somebody else's, or one that cannot be one, is as unknown as any other.
 *
 * Throws SyncError NOT_FOUND.
 */
export async function findProgress(
  api: ApiContext,
  request: Pick<FastifyRequest, 'caller'>,
  params: z.infer<typeof syncParams>,
): Promise<FoundSync> {
  const id = z.guid().safeParse(params.sync_id);
  if (!id.success) throw unknown();
  const ctx = await tenantOfSync(api, request, id.data);
  const job = await readProgress(ctx.db, ctx.organizationId, id.data);
  if (job === undefined) throw unknown();
  return { ctx, job };
}

async function tenantOfSync(
  api: ApiContext,
  request: Pick<FastifyRequest, 'caller'>,
  id: string,
): Promise<TenantContext> {
  const { isNamed, organizations } = callerOf(request);
  if (isNamed || (organizations !== 'all' && organizations.length === 1)) return tenantOf(api, request);
  const organizationId = await organizationOfJob(api.db, id);
  if (organizationId === undefined) throw unknown();
  try {
    return await tenantOfPath(api, request, organizationId);
  } catch (error) {
    throw isSyncError(error, 'ORGANIZATION_NOT_FOUND') ? unknown() : error;
  }
}
