import { SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext } from '../../../api-context.js';

export const organizationParams = z.object({ organization_id: z.string() });

/** The context of the organization that the path names. Throws SyncError NOT_FOUND for another's, as for one that is none. */
export async function tenantOfPath(
  api: ApiContext,
  request: Parameters<typeof tenantOf>[1],
  organizationId: string,
): Promise<TenantContext> {
  const ctx = tenantOf(api, request);
  if (organizationId === ctx.organizationId) return ctx;
  throw new SyncError('NOT_FOUND', 'There is no such organization');
}
