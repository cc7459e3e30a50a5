import { SyncError } from '@syncline/connector-kit';
import { aboutConnection, testConnection } from '@syncline/engine';
import { z } from 'zod';
import { tenantOfPath } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses, failureSchema } from '../../../problems/failure.js';
import { failureTypeOf } from '../../../problems/failure-types.js';
import { organizationParams } from '../sync/organization-name.js';
import { clinikoConnection, connectionQuery } from './vendor.js';

const timeoutMs = 20_000;

const tested = z.object({
  success: z.boolean(),
  connection_status: z.enum(['healthy', 'unauthorized', 'unhealthy']),
  api_region: z.string().nullable(),
  response_time_ms: z.int().min(0),
  test_timestamp: z.iso.datetime(),
  error: z.string().optional().describe('Without success'),
  details: failureSchema.shape.details.optional().describe('Without success'),
});

/** The one request of these that reaches the vendor. A vendor that refuses is an answer (success false), not an error. */
export function getClinikoTestConnection(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/cliniko/test-connection/:organization_id',
    {
      handlerTimeout: timeoutMs + 5_000,
      config: { access: 'operator' },
      schema: {
        operationId: 'getClinikoTestConnection',
        tags: ['cliniko'],
        summary: 'Whether Cliniko can be reached with the stored credentials',
        params: organizationParams,
        querystring: z.strictObject(connectionQuery),
        response: {
          200: tested.describe('The test was made; `success` says what came of it'),
          ...failureResponses(
            'NOT_FOUND',
            'VALIDATION_FAILED',
            'CONNECTION_NOT_FOUND',
            'CONNECTION_AMBIGUOUS',
            'BUDGET_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = await tenantOfPath(api, request, request.params.organization_id);
      const connection = await clinikoConnection(ctx, request.query.connection_id);
      if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'Cliniko has not been set up yet');
      const result = await testConnection(ctx, connection, timeoutMs);
      // Credentials that cannot be read are the test's outcome, and tell no region.
      const about = await aboutConnection(ctx, connection).catch(() => undefined);
      const shared = {
        api_region: about?.['region'] ?? null,
        response_time_ms: result.roundTripMs,
        test_timestamp: new Date().toISOString(),
      };
      if (result.ok) return { success: true, connection_status: 'healthy' as const, ...shared };
      const { code, message, entry, resumeAt } = result.error;
      // Our Redis, not the vendor: the test could not be made.
      if (code === 'BUDGET_UNAVAILABLE') throw result.error;
      const seconds = resumeAt && Math.max(1, Math.ceil((resumeAt.getTime() - Date.now()) / 1_000));
      return {
        success: false,
        connection_status: code === 'UPSTREAM_AUTH' ? ('unauthorized' as const) : ('unhealthy' as const),
        ...shared,
        error: entry.title,
        details: {
          error_type: failureTypeOf(code),
          message: `${message}. ${entry.hint}`,
          retry_after: seconds ?? null,
          error_code: code,
        },
      };
    },
  );
}
