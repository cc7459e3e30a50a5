import { SyncError } from '@syncline/connector-kit';
import { type EntityOverview, readEntities } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { freshnessAnswer, freshnessSchema } from '../overview/overview-answer.js';
import { connectionIdOf, connectionParams } from './connection-answer.js';

const instant = z.iso.datetime().nullable();
const count = z.int().min(0);

const entitySchema = z
  .object({
    entity: z.string(),
    table: z.string(),
    rows: count
      .nullable()
      .describe('Live ones, of this connection; null for an adopted table that tenants may not read'),
    rowsAreEstimated: z.boolean().describe('They are counted up to ten thousand'),
    deletedRows: count.nullable().describe('Marked as deleted; null where rows are estimated'),
    watermark: instant.describe('Up to when it is known to be complete'),
    lastSyncedAt: instant.describe('When its last run ended that read all that it was to read'),
    freshness: freshnessSchema,
    lastRun: z
      .object({
        jobId: z.guid(),
        status: z.enum(['pending', 'running', 'succeeded', 'partial', 'failed', 'skipped', 'cancelled']),
        mode: z.enum(['full', 'incremental', 'backfill']),
        endedAt: instant,
      })
      .nullable(),
    openFailedItems: count,
    drift: z
      .object({
        ...{ verificationId: z.guid(), endedAt: instant, missing: count, extra: count, different: count },
        repaired: z.boolean().describe('A repair has put it right since; nobody has looked again'),
      })
      .nullable()
      .describe('What the last verification found that was done with it'),
    isEnabled: z.boolean().describe('A schedule that is in force brings it'),
  })
  .meta({ id: 'EntityOverview', description: 'How an entity of a connection is doing' });

/** What a connection consists of, entity by entity. */
export function getConnectionEntities(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/connections/:id/entities',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getConnectionEntities',
        tags: ['connections'],
        summary: "A connection's entities: rows, how old they are, and what is left to repair",
        params: connectionParams,
        response: {
          200: z.object({ data: z.array(entitySchema) }).describe('In the order in which they are synced'),
          ...problemResponses('CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connection = await findConnection(ctx.db, ctx.organizationId, connectionIdOf(request.params));
      if (connection === undefined) {
        throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      }
      return { data: (await readEntities(ctx, connection)).map(entityAnswer) };
    },
  );
}

function entityAnswer(one: EntityOverview): z.infer<typeof entitySchema> {
  const { entity, table, counts, watermark, lastSyncedAt, freshness, lastRun, openFailedItems, drift, isEnabled } = one;
  return {
    ...{ entity, table, openFailedItems, isEnabled },
    rows: counts?.rows ?? null,
    rowsAreEstimated: counts?.isEstimated ?? false,
    deletedRows: counts?.deleted ?? null,
    watermark: watermark?.toISOString() ?? null,
    lastSyncedAt: lastSyncedAt?.toISOString() ?? null,
    freshness: freshnessAnswer(freshness),
    lastRun: lastRun && { ...lastRun, endedAt: lastRun.endedAt?.toISOString() ?? null },
    drift: drift && { ...drift, endedAt: drift.endedAt?.toISOString() ?? null },
  };
}
