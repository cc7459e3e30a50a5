import { SyncError } from '@syncline/connector-kit';
import { type JobProgress, readProgress } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

export const syncParams = z.object({ sync_id: z.string().describe('The id that the start of the sync answered with') });

/**
 * How far a sync of the caller's organization is. An id of another's, or one that cannot be one, is as unknown as any
 * other. Throws SyncError NOT_FOUND.
 */
export async function findProgress(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  params: z.infer<typeof syncParams>,
): Promise<JobProgress> {
  const id = z.guid().safeParse(params.sync_id);
  const job = id.success ? await readProgress(ctx.db, ctx.organizationId, id.data) : undefined;
  if (job === undefined) throw new SyncError('NOT_FOUND', 'There is no sync with this id');
  return job;
}
