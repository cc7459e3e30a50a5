import { isSyncError, SyncError } from '@syncline/connector-kit';
import type { Address, WebhookDoor } from '@syncline/engine';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createFailureThrottle } from '../../access/failure-throttle.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { connectorWithWebhooks, webhookConnector } from './webhook-connector.js';

/** Vendors tell ids, not records. */
const bodyLimit = 256 * 1024;
/** A vendor does not wait for long, and an answer that nobody hears is none: better 503 in time. */
const handlerTimeout = 5_000;
/** Wrong tokens from one address. */
const failuresAMinute = 60;

const answer = z.object({ success: z.literal(true), message: z.string(), timestamp: z.iso.datetime() });

/**
 * Where vendors deliver. Anybody may call: who has the key of the connection has signed the body, and nothing is believed
 * before that is checked, over the bytes as they came. Vendors that do not sign have a path that nobody can guess, and are
 * not believed in anything.
 */
export function webhookRoutes(scope: App, api: ApiContext, door: WebhookDoor): void {
  const throttle = createFailureThrottle(failuresAMinute);
  // The bytes, not what they stand for: nobody but the vendor knows how he writes his JSON.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const answered = {
    200: answer.describe('It stands in Postgres, or is of no interest here. What it tells of is fetched soon'),
    ...problemResponses(
      'WEBHOOK_REFUSED',
      'WEBHOOK_NOT_AWAITED',
      'CONNECTION_NOT_FOUND',
      'VALIDATION_FAILED',
      'PAYLOAD_TOO_LARGE',
      'DATABASE_UNAVAILABLE',
    ),
  };
  const about = {
    tags: ['webhooks'],
    security: [],
    description:
      'Signed by the vendor, over the raw body; for Notion `X-Notion-Signature`. A body with a `verification_token` alone is the handshake: it is accepted while a connection awaits it (`POST /api/v1/connections/{id}/webhook`).',
  };
  scope.post(
    '/api/webhooks/:connector',
    {
      config: { access: 'public' },
      bodyLimit,
      handlerTimeout,
      schema: {
        operationId: 'postWebhook',
        summary: 'A delivery of a vendor, for the default organization',
        params: z.object({ connector: webhookConnector }),
        response: answered,
        ...about,
      },
    },
    async (request) => {
      return receive(request, request.params.connector, { organizationId: api.defaultOrganizationId });
    },
  );
  scope.post(
    '/api/webhooks/:connector/:connection',
    {
      config: { access: 'public' },
      bodyLimit,
      handlerTimeout,
      schema: {
        operationId: 'postWebhookOfConnection',
        summary: 'A delivery of a vendor, for one connection',
        params: z.object({ connector: webhookConnector, connection: z.string().describe('The id of a connection') }),
        response: answered,
        ...about,
      },
    },
    async (request) => {
      const id = z.guid().safeParse(request.params.connection);
      if (!id.success) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection that this could be for');
      return receive(request, request.params.connector, { connectionId: id.data });
    },
  );
  scope.post(
    '/api/webhooks/:connector/:connection/:token',
    {
      config: { access: 'public' },
      bodyLimit,
      handlerTimeout,
      schema: {
        operationId: 'postWebhookOfPath',
        summary: 'A delivery of a vendor that does not sign, for one connection',
        params: z.object({
          connector: webhookConnector,
          connection: z.string().describe('The id of a connection'),
          token: z.string().describe('What `POST /api/v1/connections/{id}/webhook` has made. It stands in no log'),
        }),
        response: answered,
        ...about,
        description:
          'Nothing is believed but that something has happened: what the delivery is about is asked for again, at most once a minute. A wrong token is answered as an unknown connection is.',
      },
    },
    async (request) => {
      const { connector, connection, token } = request.params;
      const now = Date.now();
      if (throttle.isBlocked(request.ip, now)) {
        const resumeAt = new Date(now + 60_000);
        throw new SyncError('TOO_MANY_REQUESTS', 'Too many wrong paths came from this address', { resumeAt });
      }
      try {
        const id = z.guid().safeParse(connection);
        if (!id.success) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection that this could be for');
        return await receive(request, connector, { connectionId: id.data, token });
      } catch (error) {
        if (isSyncError(error, 'CONNECTION_NOT_FOUND')) throttle.noteFailure(request.ip, now);
        throw error;
      }
    },
  );

  async function receive(
    request: FastifyRequest,
    connectorId: string,
    address: Address,
  ): Promise<z.infer<typeof answer>> {
    const { body, headers } = request;
    const connector = connectorWithWebhooks(api, connectorId);
    if (!(body instanceof Buffer)) throw new SyncError('VALIDATION_FAILED', 'body: is missing', { field: 'body' });
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      const message = 'Content-Encoding: a delivery has to come as it was signed';
      throw new SyncError('VALIDATION_FAILED', message, { field: 'Content-Encoding' });
    }
    const kind = await door.receive(connector, address, { headers, body });
    const message = kind === 'handshake' ? 'The verification token is kept; paste it at the vendor' : 'Received';
    return { success: true, message, timestamp: new Date().toISOString() };
  }
}
