import type { ProgressWatch } from '@syncline/engine';
import { readProgress } from '@syncline/store';
import type { ApiContext, App } from '../../../api-context.js';
import { waitUntil } from '../../../live/wait-until.js';
import { failureResponses } from '../../../problems/failure.js';
import { findProgress, syncParams } from './find-progress.js';
import { nameOfOrganization } from './organization-name.js';
import { progressAnswer, progressSchema } from './progress-answer.js';

/**
 * The guide's `monitorSync` asks again without a pause as long as a sync is `starting`, and a sync can wait in its queue
 * for hours: so that answer takes its time.
 */
const startingMs = 1_000;

/** How far a sync is. */
export function getProgress(app: App, api: ApiContext, watch: ProgressWatch): void {
  app.get(
    '/api/v1/sync/progress/:sync_id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getProgress',
        tags: ['sync management'],
        summary: 'How far a sync is',
        description: `While a sync is \`starting\` the answer comes when it has begun, or after ${startingMs / 1_000} s.`,
        params: syncParams,
        response: {
          200: { description: 'The sync', content: { 'application/json': { schema: progressSchema } } },
          ...failureResponses('NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { ctx, job } = await findProgress(api, request, request.params);
      const begun = () =>
        waitUntil(watch, {
          jobId: job.id,
          read: () => readProgress(ctx.db, ctx.organizationId, job.id),
          isFarEnough: ({ status }) => status !== 'queued',
          longestMs: startingMs,
          answer: reply.raw,
        });
      const now = job.status === 'queued' ? await begun() : job;
      return progressAnswer(now ?? job, nameOfOrganization(request, ctx));
    },
  );
}
