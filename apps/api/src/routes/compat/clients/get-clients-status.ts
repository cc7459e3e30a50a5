import { readTableSummary } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';

const count = z.int().min(0);
const instant = z.iso.datetime();
const recent = 10;

const answer = z.object({
  success: z.literal(true),
  data: z.object({
    totalClients: count.describe('Those that are not deleted'),
    clientsWithEmail: count,
    clientsWithPageInfo: count,
    lastUpdated: instant.nullable().describe('When a client was last edited at Notion; null without any'),
    recentUpdates: z
      .array(
        z.object({
          name: z.string().nullable(),
          slug: z.string().nullable(),
          lastUpdated: instant,
          hasEmail: z.boolean(),
        }),
      )
      .describe(`The ${recent} that were edited last, newest first`),
  }),
  timestamp: instant,
});

/** The client list in numbers, of all connections of the organization. */
export function getClientsStatus(app: App, api: ApiContext): void {
  app.get(
    '/api/admin/clients/status',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getClientsStatus',
        tags: ['client sync'],
        summary: 'The clients in numbers, and those that changed last',
        response: { 200: answer.describe('As the table has them'), ...failureResponses() },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { rows, filled, latest } = await readTableSummary(ctx.db, ctx.organizationId, {
        table: 'clients',
        filled: ['contact_email', 'client_page_info'],
        shown: ['name', 'slug', 'contact_email'],
        latest: recent,
      });
      return {
        success: true as const,
        data: {
          totalClients: rows,
          clientsWithEmail: filled['contact_email'] ?? 0,
          clientsWithPageInfo: filled['client_page_info'] ?? 0,
          lastUpdated: latest[0]?.changedAt.toISOString() ?? null,
          recentUpdates: latest.map(({ changedAt, values }) => ({
            name: text(values['name']),
            slug: text(values['slug']),
            lastUpdated: changedAt.toISOString(),
            hasEmail: text(values['contact_email']) !== null,
          })),
        },
        timestamp: new Date().toISOString(),
      };
    },
  );
}

/** Null for none, and for an empty one, which counts as none. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
