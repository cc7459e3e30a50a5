import { listMembers } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { keysetPage, keysetQuery, nextCursorSchema, placeIn } from '../../keyset.js';
import { memberAnswer, memberSchema } from './member-answer.js';

const placeSchema = z.object({ micros: z.string().regex(/^\d{1,18}$/), id: z.guid() });

/** Who has come with tokens, those who came first last. */
export function getMembers(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    ...keysetQuery,
    search: z.string().trim().min(1).max(200).optional().describe('A part of the name, the address or the subject'),
    blocked: z.enum(['true', 'false']).optional().describe('Those who are shut out, or those who are not'),
  });
  app.get(
    '/api/v1/members',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'getMembers',
        tags: ['organizations'],
        summary: 'The people who have come with tokens of the identity provider',
        querystring,
        response: {
          200: z
            .object({ data: z.array(memberSchema), nextCursor: nextCursorSchema })
            .describe('A page; who came for the first time last comes first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { limit, cursor, search, blocked } = request.query;
      const isBlocked = blocked === undefined ? undefined : blocked === 'true';
      const filter = { search, isBlocked, after: placeIn(cursor, placeSchema) };
      const found = await listMembers(ctx.db, ctx.organizationId, filter, limit + 1);
      const { rows, nextCursor } = keysetPage(found, limit, ({ place }) => place);
      return { data: rows.map(memberAnswer), nextCursor };
    },
  );
}
