import { SyncError } from '@syncline/connector-kit';
import { beginWebhook, dropWebhookKey, hasWebhookKey, unprovenWebhookKey, type WebhookDoor } from '@syncline/engine';
import { findConnection, readWebhookHealth } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { webhookAnswer, webhookPath, webhookSchema } from '../../webhooks/webhook-answer.js';
import { connectorWithWebhooks } from '../../webhooks/webhook-connector.js';
import { connectionIdOf, connectionParams } from './connection-answer.js';
import { getWebhookDeliveries } from './get-webhook-deliveries.js';

const setUpSchema = webhookSchema
  .extend({
    verificationToken: z
      .string()
      .nullable()
      .describe('What the vendor has offered, to be pasted there; null as soon as a delivery has proved it'),
    secretPath: z
      .string()
      .nullable()
      .describe(
        'Of a vendor that does not sign: `path` with its token, in the answer that has made it and in no other one. Who knows it can have syncs started',
      ),
  })
  .meta({ id: 'WebhookSetUp' });

const path = '/api/v1/connections/:id/webhook';
const answered = {
  200: setUpSchema.describe("How the connection's webhook is set up"),
  ...problemResponses(
    'CONNECTION_NOT_FOUND',
    'VALIDATION_FAILED',
    'CREDENTIALS_UNREADABLE',
    'CONNECTION_SETTINGS_INVALID',
    'DATABASE_UNAVAILABLE',
  ),
};

/** Agreeing with a vendor on the key of a connection's webhooks. */
export function connectionWebhookRoutes(app: App, api: ApiContext, door: WebhookDoor): void {
  getWebhookDeliveries(app, api);
  app.get(
    path,
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'getConnectionWebhook',
        tags: ['webhooks'],
        summary: "How a connection's webhook is set up, with the token to paste",
        params: connectionParams,
        response: answered,
      },
    },
    async (request) => setUpOf(tenantOf(api, request), connectionIdOf(request.params), undefined),
  );
  app.post(
    path,
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postConnectionWebhook',
        tags: ['webhooks'],
        summary: 'Await the verification of a new subscription, or make a path for it',
        description:
          'For an hour the connection accepts the token that the vendor sends when a subscription to `path` is created. For a vendor that does not sign, a new `secretPath` is made for the subscription. A token that a delivery has proved goes on for a day beside the new one.',
        params: connectionParams,
        response: answered,
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      const token = await beginWebhook(ctx, ctx.organizationId, id, actorOf(request));
      door.forget();
      return setUpOf(ctx, id, token);
    },
  );
  app.delete(
    path,
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'deleteConnectionWebhook',
        tags: ['webhooks'],
        summary: 'Forget the tokens of verifications and of paths',
        description: 'Deliveries that are signed with them, or come to such a path, are refused within seconds.',
        params: connectionParams,
        response: answered,
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      await dropWebhookKey(ctx, ctx.organizationId, id, actorOf(request));
      door.forget();
      return setUpOf(ctx, id, undefined);
    },
  );
}

async function setUpOf(
  ctx: TenantContext,
  id: string,
  token: string | undefined,
): Promise<z.infer<typeof setUpSchema>> {
  const verificationToken = (await unprovenWebhookKey(ctx, ctx.organizationId, id)) ?? null;
  const connection = await findConnection(ctx.db, ctx.organizationId, id);
  if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  const [health] = await readWebhookHealth(ctx.db, ctx.organizationId, [id]);
  const { proof } = connectorWithWebhooks(ctx, connection.connector).webhooks;
  const answer = webhookAnswer(connection, proof, health, await hasWebhookKey(ctx, connection));
  return { ...answer, verificationToken, secretPath: token === undefined ? null : webhookPath(connection, token) };
}
