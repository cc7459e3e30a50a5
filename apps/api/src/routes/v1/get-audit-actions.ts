import { listAuditActions } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';

/** What people have done at all: what the audit log can be asked for. */
export function getAuditActions(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/audit/actions',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getAuditActions',
        tags: ['maintenance'],
        summary: 'The kinds of deeds that are in the audit log',
        response: {
          200: z.object({ data: z.array(z.string()) }).describe('By the alphabet'),
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      return { data: await listAuditActions(ctx.db, ctx.organizationId) };
    },
  );
}
