import { SyncError } from '@syncline/connector-kit';
import { readHistory } from '@syncline/engine';
import { findConnection, type JobFilter, type JobView, listJobs } from '@syncline/store';
import { z } from 'zod';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { chooseConnection, connectionIdSchema } from '../choose-connection.js';
import { enhancedAnswer, enhancedHistoryAnswer, enhancedSchema } from './enhanced-answer.js';
import { enhancedConnector } from './start-enhanced-sync.js';

/** How far a sync of Ireland Pay is, by the enhanced sync document: the one with the id, or the latest. */
export function getEnhancedSync(app: App, api: ApiContext): void {
  app.get(
    '/api/sync-irelandpay-crm/enhanced',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getEnhancedSync',
        tags: ['sync'],
        summary: 'How far a sync of Ireland Pay is',
        querystring: z.strictObject({
          syncId: z.string().optional().describe('What the start answered with; without it, the latest sync'),
          connectionId: connectionIdSchema,
        }),
        response: {
          200: enhancedSchema.describe('The sync'),
          ...problemResponses(
            'VALIDATION_FAILED',
            'NOT_FOUND',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { syncId, connectionId } = request.query;
      return syncId === undefined ? latest(ctx, connectionId) : byId(ctx, syncId);
    },
  );
}

type Answer = ReturnType<typeof enhancedAnswer>;

async function latest(ctx: TenantContext, connectionId: string | undefined): Promise<Answer> {
  const connection = await chooseConnection(ctx, connectionId, enhancedConnector);
  const job = await first(ctx, { connectionId: connection.id, exceptSyncType: 'history' });
  if (job === undefined) throw new SyncError('NOT_FOUND', 'There has been no sync of this connection yet');
  return enhancedAnswer(job, new Date());
}

/**
 * A sync, or a history. An id of somebody else's, of another vendor's sync, or one that cannot be one, is as unknown as any
 * other.
 */
async function byId(ctx: TenantContext, syncId: string): Promise<Answer> {
  const id = z.guid().safeParse(syncId);
  const history = id.success ? await readHistory(ctx, ctx.organizationId, { id: id.data }) : undefined;
  if (history !== undefined) {
    const window = history.jobId === null ? undefined : await first(ctx, { id: history.jobId });
    return enhancedHistoryAnswer(history, window, new Date());
  }
  const job = id.success ? await first(ctx, { id: id.data }) : undefined;
  const connection = job && (await findConnection(ctx.db, ctx.organizationId, job.connectionId));
  if (job !== undefined && connection?.connector === enhancedConnector) {
    return enhancedAnswer(job, new Date());
  }
  throw new SyncError('NOT_FOUND', 'There is no sync with this id');
}

async function first(ctx: TenantContext, filter: JobFilter): Promise<JobView | undefined> {
  const [job] = await listJobs(ctx.db, ctx.organizationId, filter, { limit: 1, offset: 0 });
  return job;
}
