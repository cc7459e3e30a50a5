import { createOrganization, recordAudit } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { organizationAnswer, organizationFields, organizationSchema } from './organization-answer.js';

/** Makes an organization. It has neither keys nor connections yet. */
export function postOrganization(app: App, api: ApiContext): void {
  const { slug, name, externalId } = organizationFields;
  const body = z.strictObject({ slug, name, externalId: externalId.default(null) }).meta({
    examples: [{ slug: 'north-clinic', name: 'North Clinic', externalId: 'org_2xwHiNrj68eaRUlX10anlXGvzX7' }],
  });
  app.post(
    '/api/v1/organizations',
    {
      config: { access: 'platform' },
      schema: {
        operationId: 'postOrganization',
        tags: ['organizations'],
        summary: 'Make an organization',
        description: 'Its first API key comes from POST /api/v1/api-keys with the platform key and X-Organization-ID.',
        body,
        response: {
          201: { description: 'The organization', content: { 'application/json': { schema: organizationSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const made = await api.db.transaction().execute(async (trx) => {
        const organization = await createOrganization(trx, request.body);
        const entry = { action: 'organization.create', subjectKind: 'organization', subjectId: organization.id };
        await recordAudit(trx, { organizationId: organization.id, ...actorOf(request), ...entry });
        return organization;
      });
      reply.code(201);
      return organizationAnswer(made);
    },
  );
}
