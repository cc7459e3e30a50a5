import { SyncError } from '@syncline/connector-kit';
import { guideStatus, isLive, type ProgressWatch, startSync } from '@syncline/engine';
import { type JobView, listJobs, readProgress } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { waitUntil } from '../../../live/wait-until.js';
import { failureResponses } from '../../../problems/failure.js';
import { jobUrl } from '../../v1/get-sync-job.js';
import { startFailures } from '../../v1/sync/start-failures.js';
import { chooseConnection, connectionIdSchema } from '../choose-connection.js';
import { failureOfSync } from './failure-of-sync.js';
import { clientConnector, clientEntity, readStatsWithErrors, statsWithErrors } from './sync-stats.js';

/** How long the end of a sync is waited for, in seconds: below the minute after which proxies give up. */
const [usualWait, longestWait] = [25, 60];
/** For what comes before and after the wait. */
const besidesMs = 15_000;
const hour = 3_600_000;

const body = z
  .strictObject({
    type: z.enum(['incremental', 'full']).default('incremental').describe('What changed since the last sync, or all'),
    hoursBack: z
      .number()
      .gt(0)
      .max(8_760)
      .optional()
      .describe('Reads at least what changed in so many hours. Never less than what changed since the last sync'),
    wait: z.number().min(0).max(longestWait).default(usualWait).describe('Seconds until the answer, at most'),
    connectionId: connectionIdSchema,
  })
  .meta({ examples: [{ type: 'incremental', hoursBack: 2 }, { type: 'full' }] });

const told = {
  success: z.literal(true),
  message: z.string(),
  jobId: z.guid(),
  mode: z.enum(['incremental', 'full', 'backfill']).describe('How the clients are read in fact'),
  statusUrl: z.string(),
  stats: statsWithErrors,
  timestamp: z.iso.datetime(),
};

/** Syncs the client list, and waits for the end if that comes soon. */
export function postClientsSync(app: App, api: ApiContext, watch: ProgressWatch): void {
  app.post(
    '/api/admin/clients/sync',
    {
      handlerTimeout: longestWait * 1_000 + besidesMs,
      config: { access: 'operator' },
      schema: {
        operationId: 'postClientsSync',
        tags: ['client sync'],
        summary: 'Sync the clients of Notion',
        description: `Answers when the sync has ended, or with 202 after \`wait\` seconds (${usualWait}); it goes on by itself. A sync that ends as failed is answered with its own error.`,
        body,
        response: {
          200: z.object(told).describe('The sync has read everything; `stats.errors` has what it could not keep'),
          202: z
            .object({ ...told, enqueued: z.boolean().describe('False while Redis is away: it starts when it is back') })
            .describe('The sync goes on; follow it at `statusUrl`'),
          ...failureResponses(
            ...startFailures,
            'CONNECTION_AMBIGUOUS',
            'SYNC_NOT_RUNNING',
            'UPSTREAM_AUTH',
            'UPSTREAM_UNREACHABLE',
            'UPSTREAM_TIMEOUT',
            'UPSTREAM_RATE_LIMITED',
          ),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { type, hoursBack, wait, connectionId } = request.body;
      const connection = await chooseConnection(ctx, connectionId, clientConnector);
      const by = actorOf(request);
      const { jobId, enqueued } = await startSync(ctx, connection, {
        ...{ syncType: clientEntity, entities: [clientEntity], mode: type },
        since: hoursBack === undefined ? undefined : new Date(Date.now() - hoursBack * hour),
        ...{ trigger: 'manual', triggeredBy: by.actor, by },
      });
      const statusUrl = jobUrl(jobId);
      reply.header('location', statusUrl);
      // While Redis is away nobody begins it.
      if (enqueued && wait > 0) {
        await waitUntil(watch, {
          jobId,
          read: () => readProgress(ctx.db, ctx.organizationId, jobId),
          isFarEnough: (job) => !isLive(guideStatus(job)),
          longestMs: wait * 1_000,
          answer: reply.raw,
        });
      }
      const [job] = await listJobs(ctx.db, ctx.organizationId, { id: jobId }, { limit: 1, offset: 0 });
      if (job === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'The connection was deleted meanwhile');
      const failure = failureOfSync(job);
      if (failure !== undefined) throw failure;
      const stats = await readStatsWithErrors(ctx, job);
      const mode = job.entities[0]?.mode ?? type;
      const answer = { success: true as const, jobId, mode, statusUrl, stats, timestamp: new Date().toISOString() };
      const isRunning = isLive(guideStatus({ status: job.status, runs: job.entities }));
      if (!isRunning)
        return { ...answer, message: `${inWords(job)} completed${stats.errors.length > 0 ? ' with errors' : ''}` };
      const state = enqueued ? 'is still running' : 'is kept, and starts when Redis is back';
      return reply.code(202).send({ ...answer, enqueued, message: `${inWords(job)} ${state}` });
    },
  );
}

/** What kind of sync it is in fact, and why if that is not what was asked for. */
function inWords({ mode, entities: [run] }: JobView): string {
  const reason = run?.modeReason;
  return `${run?.mode ?? mode} client sync${reason ? ` (${reason})` : ''}`;
}
