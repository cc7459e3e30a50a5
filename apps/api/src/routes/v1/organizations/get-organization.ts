import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { organizationAnswer, organizationAt, organizationParams, organizationSchema } from './organization-answer.js';

/** One organization, by any of its names. */
export function getOrganization(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/organizations/:id',
    {
      config: { access: 'platform' },
      schema: {
        operationId: 'getOrganization',
        tags: ['organizations'],
        summary: 'An organization',
        params: organizationParams,
        response: {
          200: { description: 'The organization', content: { 'application/json': { schema: organizationSchema } } },
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => organizationAnswer(await organizationAt(api, request.params.id)),
  );
}
