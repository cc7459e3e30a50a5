import { listFindings } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { findVerification, verificationParams } from './verification-answer.js';

const instant = z.iso.datetime().nullable();

const findingSchema = z
  .object({
    entity: z.string(),
    vendorId: z.string(),
    kind: z.enum(['missing', 'extra', 'stale', 'different']),
    fields: z.array(z.string()).describe('Columns that differ, where that is known'),
    reason: z.string().nullable().describe('Why the record cannot be stored, a code of the catalogue'),
    vendorUpdatedAt: instant.describe(
      'When the record was changed; of a missing one without such a time: when the day that it is of is over everywhere',
    ),
    storedUpdatedAt: instant,
    confirmed: z.boolean().describe('The record was asked for by its id, and it is so'),
  })
  .meta({ id: 'Finding', description: 'Names and times, no contents' });

const querystring = z
  .strictObject({
    entity: z.string().max(60).optional(),
    kind: z.enum(['missing', 'extra', 'stale', 'different']).optional(),
    afterEntity: z.string().max(60).optional().describe('With `afterId`: go on behind this finding'),
    afterId: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
  })
  .refine(({ afterEntity, afterId }) => (afterEntity === undefined) === (afterId === undefined), {
    message: 'belong together: give both or neither',
    path: ['afterEntity'],
  });

/** What a verification found, one by one. */
export function getFindings(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/verifications/:id/findings',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFindings',
        tags: ['verifications'],
        summary: 'What a verification found, by entity and id',
        params: verificationParams,
        querystring,
        response: {
          200: z
            .object({
              data: z.array(findingSchema),
              next: z
                .object({ afterEntity: z.string(), afterId: z.string() })
                .nullable()
                .describe('What to ask for next; null at the end'),
            })
            .describe('A page of findings'),
          ...problemResponses('NOT_FOUND', 'VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { id } = await findVerification(ctx, request.params);
      const { afterEntity, afterId, limit, ...filter } = request.query;
      const after =
        afterEntity !== undefined && afterId !== undefined ? { entity: afterEntity, vendorId: afterId } : undefined;
      const found = await listFindings(ctx.db, ctx.organizationId, id, { ...filter, after }, limit + 1);
      const data = found.slice(0, limit).map((finding) => ({
        ...finding,
        fields: [...finding.fields],
        vendorUpdatedAt: finding.vendorUpdatedAt?.toISOString() ?? null,
        storedUpdatedAt: finding.storedUpdatedAt?.toISOString() ?? null,
      }));
      const last = found.length > limit ? data.at(-1) : undefined;
      return { data, next: last === undefined ? null : { afterEntity: last.entity, afterId: last.vendorId } };
    },
  );
}
