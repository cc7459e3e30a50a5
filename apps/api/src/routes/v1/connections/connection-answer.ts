import { SyncError } from '@syncline/connector-kit';
import { noticesOf } from '@syncline/engine';
import { type ConnectionView, listConnectionViews } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';

const instant = z.iso.datetime();

export const connectionParams = z.object({ id: z.string().describe('The id of a connection') });

/** What a connection may be given. Credentials and settings are looked at closer by its connector. */
export const connectionFields = {
  name: z.string().trim().min(1).max(60).describe('Known by it, among those of its connector'),
  credentials: z
    .record(z.string().max(100), z.unknown())
    .describe('As the connector needs them. Kept encrypted, and never told again'),
};

export const connectionSchema = z
  .object({
    id: z.guid(),
    connector: z.string(),
    name: z.string(),
    status: z
      .enum(['active', 'paused', 'needs_reauth', 'error'])
      .describe(
        'needs_reauth: the vendor refuses the credentials. error: the last sync failed; the next one tries again',
      ),
    statusReason: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()).describe("What was set; for the rest the connector's defaults count"),
    notices: z
      .array(z.string())
      .describe('What is not as it was when the last sync looked at the account: a property that was removed, say'),
    hasCredentials: z.boolean(),
    fromEnvironment: z
      .boolean()
      .describe(
        'Variables describe it: each start brings what they say back, also when it was changed or deleted here',
      ),
    lastSync: z
      .object({
        jobId: z.guid(),
        status: z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']),
        createdAt: instant,
        endedAt: instant.nullable(),
      })
      .nullable(),
    nextSyncAt: instant.nullable().describe('When a schedule starts one; null when none does'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Connection', description: 'What is set up at a vendor, without what opens it' });

type Telling = Pick<TenantContext, 'db' | 'organizationId' | 'schedules' | 'connectors'>;

function connectionAnswer({ schedules, connectors }: Telling, view: ConnectionView): z.infer<typeof connectionSchema> {
  const { lastSync, lastSyncEndedAt, nextSyncAt, createdAt, updatedAt, settings, ...same } = view;
  return {
    ...same,
    settings: { ...settings },
    notices: [...noticesOf(connectors, view)],
    lastSync: lastSync && {
      ...{ jobId: lastSync.jobId, status: lastSync.status, createdAt: lastSync.createdAt.toISOString() },
      endedAt: lastSyncEndedAt?.toISOString() ?? null,
    },
    // Schedules keep their times while the scheduler is off, and start nothing.
    nextSyncAt: (schedules && nextSyncAt?.toISOString()) ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** All connections of the organization, as they are told. */
export async function connectionAnswers(ctx: Telling) {
  return (await listConnectionViews(ctx.db, ctx.organizationId)).map((view) => connectionAnswer(ctx, view));
}

/** One as it is told. Throws SyncError CONNECTION_NOT_FOUND. */
export async function connectionAnswerOf(ctx: Telling, id: string) {
  const [view] = await listConnectionViews(ctx.db, ctx.organizationId, id);
  if (view === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  return connectionAnswer(ctx, view);
}

/** The id in a path; one that cannot be one is as unknown as any other. Throws SyncError CONNECTION_NOT_FOUND. */
export function connectionIdOf(params: z.infer<typeof connectionParams>): string {
  const id = z.guid().safeParse(params.id);
  if (!id.success) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  return id.data;
}
