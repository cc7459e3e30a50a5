import { alertMessage } from '@syncline/engine';
import { type AlertKind, type AlertView, alertKinds, countAlerts, countOpenAlerts, listAlerts } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';

const messageSchema = z
  .object({
    event: z.enum(['alert.raised', 'alert.cleared']),
    status: z.enum(['pending', 'delivered', 'given_up']),
    attempts: z.int(),
    nextAttemptAt: z.iso.datetime().nullable().describe('While it is pending'),
    errorCode: z.string().nullable().describe('Of the last try that did not work'),
    httpStatus: z.int().nullable().describe("The receiver's last answer"),
    endedAt: z.iso.datetime().nullable().describe('When it was taken, or given up'),
  })
  .meta({ id: 'AlertMessage', description: 'A message to the webhook' });

const alertSchema = z
  .object({
    id: z.uuid(),
    connectionId: z.uuid(),
    connectionName: z.string().nullable().describe('Null when the connection was deleted'),
    connector: z.string(),
    kind: z.enum(alertKinds),
    message: z.string(),
    detail: z.record(z.string(), z.unknown()).describe('Numbers, entities and codes, as they were when it was raised'),
    raisedAt: z.iso.datetime(),
    clearedAt: z.iso.datetime().nullable().describe('Null while it is open'),
    messages: z.array(messageSchema).describe('None where no webhook is set'),
  })
  .meta({ id: 'Alert', description: 'Something that is, or was, wrong with a connection' });

/** What is wrong with an organization's connections, the latest first. */
export function getAlerts(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    state: z
      .enum(['open', 'closed', 'all'])
      .default('open')
      .describe('closed: those that were cleared; all: these as well'),
    kind: z.enum(alertKinds).optional(),
    connectionId: z.guid().optional(),
  });
  const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
  app.get(
    '/api/v1/alerts',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getAlerts',
        tags: ['alerts'],
        summary: 'What is wrong with connections, and what was',
        querystring,
        response: {
          200: z
            .object({
              data: z.array(alertSchema),
              open: z.record(z.enum(alertKinds), z.int()).describe('How many are open, by kind'),
              pagination,
            })
            .describe('A page, the latest first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { page, limit, ...filter } = request.query;
      const [alerts, total, counts] = await Promise.all([
        listAlerts(ctx.db, ctx.organizationId, filter, { limit, offset: (page - 1) * limit }),
        countAlerts(ctx.db, ctx.organizationId, filter),
        countOpenAlerts(ctx.db, ctx.organizationId),
      ]);
      const none = { failures: 0, slow: 0, stale: 0, needs_reauth: 0, webhook_silent: 0, differences: 0, restored: 0 };
      const open: Record<AlertKind, number> = none;
      for (const { kind, open: count } of counts) open[kind] = count;
      const totalPages = Math.ceil(total / limit);
      return { data: alerts.map(alertAnswer), open, pagination: { page, limit, total, totalPages } };
    },
  );
}

function alertAnswer(alert: AlertView): z.infer<typeof alertSchema> {
  const { id, connectionId, connectionName, connector, kind, detail, raisedAt, clearedAt, messages } = alert;
  return {
    ...{ id, connectionId, connectionName, connector, kind, message: alertMessage(alert), detail: { ...detail } },
    ...{ raisedAt: raisedAt.toISOString(), clearedAt: clearedAt?.toISOString() ?? null },
    messages: messages.map((message) => ({ ...message })),
  };
}
