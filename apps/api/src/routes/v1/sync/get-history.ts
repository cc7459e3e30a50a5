import { listJobs, readHistoryTotals } from '@syncline/store';
import { z } from 'zod';
import { tenantOfPath } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { historyAnswer, historySchema } from './history-answer.js';
import { nameOfOrganization, organizationParams } from './organization-name.js';

/** An organization's syncs in numbers, and the last of them. */
export function getHistory(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/sync/history/:organization_id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getHistory',
        tags: ['sync management'],
        summary: 'The history of syncs',
        params: organizationParams,
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(10) }),
        response: {
          200: { description: 'The history', content: { 'application/json': { schema: historySchema } } },
          ...failureResponses('NOT_FOUND', 'VALIDATION_FAILED'),
        },
      },
    },
    async (request) => {
      const ctx = await tenantOfPath(api, request, request.params.organization_id);
      const [totals, recent] = await Promise.all([
        readHistoryTotals(ctx.db, ctx.organizationId),
        listJobs(ctx.db, ctx.organizationId, {}, { limit: request.query.limit, offset: 0 }),
      ]);
      return historyAnswer(nameOfOrganization(request, ctx), totals, recent);
    },
  );
}
