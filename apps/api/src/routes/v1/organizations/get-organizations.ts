import { listOrganizations } from '@syncline/store';
import { z } from 'zod';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { organizationAnswer, organizationSchema } from './organization-answer.js';

/** All organizations, a page at a time. */
export function getOrganizations(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    search: z.string().trim().min(1).max(200).optional().describe('A part of the name, the slug or the external id'),
  });
  const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
  app.get(
    '/api/v1/organizations',
    {
      config: { access: 'platform' },
      schema: {
        operationId: 'getOrganizations',
        tags: ['organizations'],
        summary: 'The organizations',
        querystring,
        response: {
          200: z.object({ data: z.array(organizationSchema), pagination }).describe('A page, by slug'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const { page, limit, search } = request.query;
      const { organizations, total } = await listOrganizations(api.db, { limit, offset: (page - 1) * limit, search });
      const totalPages = Math.ceil(total / limit);
      return { data: organizations.map(organizationAnswer), pagination: { page, limit, total, totalPages } };
    },
  );
}
