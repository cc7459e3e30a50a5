import { type AuditView, countAudit, listAudit } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';

const entrySchema = z
  .object({
    id: z.int(),
    createdAt: z.iso.datetime(),
    actor: z.string().describe('How somebody came in'),
    address: z.string().nullable().describe('From where; null in entries of older releases'),
    action: z.string().describe('sync.trigger, syncs.stop, schedule.change, item.retry…'),
    subjectKind: z.string(),
    subjectId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).describe('Ids, counts and words; never contents of records'),
  })
  .meta({ id: 'AuditEntry', description: 'Something that somebody did by hand' });

/** What people did by hand, a page at a time, the latest first. */
export function getAudit(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    action: z.string().max(100).optional(),
    actor: z.string().max(400).optional().describe('Exactly who'),
    search: z.string().trim().min(1).max(200).optional().describe('A part of who, in whatever case'),
    since: z.iso
      .datetime({ offset: true, error: 'has to be a time such as 2026-01-31T00:00:00Z' })
      .optional()
      .describe('This moment and later'),
    until: z.iso
      .datetime({ offset: true, error: 'has to be a time such as 2026-01-31T00:00:00Z' })
      .optional()
      .describe('Before this moment'),
  });
  const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
  app.get(
    '/api/v1/audit',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getAudit',
        tags: ['maintenance'],
        summary: 'Who did what by hand, when and from where',
        querystring,
        response: {
          200: z.object({ data: z.array(entrySchema), pagination }).describe('A page, the latest first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { page, limit, since, until, ...named } = request.query;
      const filter = { ...named, since: moment(since), until: moment(until) };
      const [entries, total] = await Promise.all([
        listAudit(ctx.db, ctx.organizationId, filter, { limit, offset: (page - 1) * limit }),
        countAudit(ctx.db, ctx.organizationId, filter),
      ]);
      const totalPages = Math.ceil(total / limit);
      return { data: entries.map(entryAnswer), pagination: { page, limit, total, totalPages } };
    },
  );
}

function moment(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function entryAnswer({ createdAt, details, ...same }: AuditView): z.infer<typeof entrySchema> {
  return { ...same, createdAt: createdAt.toISOString(), details: { ...details } };
}
