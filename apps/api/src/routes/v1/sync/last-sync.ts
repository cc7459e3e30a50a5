import { listJobs } from '@syncline/store';
import type { TenantContext } from '../../../access/caller.js';

/** When the last sync of the organization, or of one connection, began or was asked for; null when there was none. */
export async function lastSyncAt(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  connectionId?: string,
): Promise<string | null> {
  const [last] = await listJobs(ctx.db, ctx.organizationId, { connectionId }, { limit: 1, offset: 0 });
  return last === undefined ? null : (last.startedAt ?? last.createdAt).toISOString();
}
