import { aboutConnection, guideStatus } from '@syncline/engine';
import {
  type Connection,
  countLiveRows,
  type JobStatus,
  listJobs,
  listSchedules,
  readStop,
  readTokenHealth,
} from '@syncline/store';
import { z } from 'zod';
import { type TenantContext, tenantOfPath } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { lastSyncAt } from '../sync/last-sync.js';
import { nameOfOrganization, organizationParams } from '../sync/organization-name.js';
import { clinikoConnection, connectionQuery } from './vendor.js';

const answer = z.object({
  organization_id: z.string(),
  cliniko_connected: z.boolean(),
  connection_id: z.guid().nullable(),
  api_region: z.string().nullable(),
  last_sync: z.iso.datetime().nullable().describe('When the last sync began'),
  total_patients: z.int().min(0).describe('Those that are not deleted'),
  sync_enabled: z.boolean().describe('Whether syncs of it start by themselves'),
  credentials_valid: z.boolean().describe('False since Cliniko refused them, until they are changed'),
  sync_status: z
    .enum(['healthy', 'degraded', 'failing', 'never_synced', 'stopped', 'paused', 'needs_reauth', 'not_connected'])
    .describe('degraded: the last sync could not keep some records. failing: it could not read an entity'),
});
type Answer = z.infer<typeof answer>;

const ended: readonly JobStatus[] = ['succeeded', 'partial', 'failed'];

const notConnected: Omit<Answer, 'organization_id'> = {
  cliniko_connected: false,
  connection_id: null,
  api_region: null,
  last_sync: null,
  total_patients: 0,
  sync_enabled: false,
  credentials_valid: false,
  sync_status: 'not_connected',
};

/** How the organization's account at Cliniko stands. Asks Postgres, not Cliniko. */
export function getClinikoStatus(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/cliniko/status/:organization_id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getClinikoStatus',
        tags: ['cliniko'],
        summary: 'How the account at Cliniko stands',
        params: organizationParams,
        querystring: z.strictObject(connectionQuery),
        response: {
          200: answer.describe('How it stands; without an account, `cliniko_connected` is false'),
          ...failureResponses('NOT_FOUND', 'VALIDATION_FAILED', 'CONNECTION_NOT_FOUND', 'CONNECTION_AMBIGUOUS'),
        },
      },
    },
    async (request) => {
      const ctx = await tenantOfPath(api, request, request.params.organization_id);
      const connection = await clinikoConnection(ctx, request.query.connection_id);
      const organization_id = nameOfOrganization(request, ctx);
      return { organization_id, ...(connection === undefined ? notConnected : await readStatus(ctx, connection)) };
    },
  );
}

async function readStatus(ctx: TenantContext, connection: Connection): Promise<Omit<Answer, 'organization_id'>> {
  const { db, organizationId } = ctx;
  const about = await aboutConnection(ctx, connection).catch(() => undefined);
  const [last_sync, patients, schedules, tokens, stop, status] = await Promise.all([
    lastSyncAt(ctx, connection.id),
    countLiveRows(db, 'patients', connection),
    listSchedules(db, organizationId, { connectionId: connection.id }),
    readTokenHealth(db, connection),
    readStop(db, organizationId),
    lastOutcome(ctx, connection),
  ]);
  const active = connection.status !== 'paused' && connection.status !== 'needs_reauth' && stop === undefined;
  const held = stop !== undefined ? 'stopped' : connection.status === 'active' ? undefined : connection.status;
  const valid = connection.status !== 'needs_reauth' && tokens.failures === 0 && about !== undefined;
  return {
    cliniko_connected: valid,
    connection_id: connection.id,
    api_region: about?.['region'] ?? null,
    last_sync,
    total_patients: patients,
    sync_enabled:
      active && ctx.schedules !== undefined && schedules.some(({ enabled, mode }) => enabled && mode !== 'verify'),
    credentials_valid: valid,
    sync_status: held === undefined || held === 'error' ? status : held,
  };
}

async function lastOutcome(
  ctx: TenantContext,
  connection: Connection,
): Promise<'healthy' | 'degraded' | 'failing' | 'never_synced'> {
  const filter = { connectionId: connection.id, statuses: ended };
  const [last] = await listJobs(ctx.db, ctx.organizationId, filter, { limit: 1, offset: 0 });
  if (last === undefined) return 'never_synced';
  if (guideStatus({ status: last.status, runs: last.entities }) === 'failed') return 'failing';
  return last.status === 'partial' ? 'degraded' : 'healthy';
}
