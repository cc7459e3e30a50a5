import { SyncError } from '@syncline/connector-kit';
import { recordAudit, renameOrganization } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import {
  organizationAnswer,
  organizationAt,
  organizationFields,
  organizationParams,
  organizationSchema,
} from './organization-answer.js';

/** Gives an organization other names. Nothing else about it can be changed: it is what its rows belong to. */
export function patchOrganization(app: App, api: ApiContext): void {
  const body = z
    .strictObject(organizationFields)
    .partial()
    .refine((given) => Object.keys(given).length > 0, 'names nothing to change')
    .meta({ examples: [{ name: 'North Clinic Ltd' }, { externalId: null }] });
  app.patch(
    '/api/v1/organizations/:id',
    {
      config: { access: 'platform' },
      schema: {
        operationId: 'patchOrganization',
        tags: ['organizations'],
        summary: 'Rename an organization',
        description: 'What is left out stays. Tokens know it by its externalId, so that another one shuts them out.',
        params: organizationParams,
        body,
        response: {
          200: { description: 'The organization', content: { 'application/json': { schema: organizationSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const { id } = await organizationAt(api, request.params.id);
      const change = request.body;
      const renamed = await api.db.transaction().execute(async (trx) => {
        const organization = await renameOrganization(trx, id, change);
        if (organization === undefined) throw new SyncError('ORGANIZATION_NOT_FOUND');
        const entry = { action: 'organization.rename', subjectKind: 'organization', subjectId: id, details: change };
        await recordAudit(trx, { organizationId: id, ...actorOf(request), ...entry });
        return organization;
      });
      return organizationAnswer(renamed);
    },
  );
}
