import { SyncError } from '@syncline/connector-kit';
import { explainJob } from '@syncline/engine';
import { listJobs } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { jobAnswer, jobSchema } from './job-answer.js';

/** Where a job can be followed. */
export function jobUrl(jobId: string): string {
  return `/api/v1/sync/jobs/${jobId}`;
}

/** One job with its entity runs. An id that cannot be one is as unknown as any other. */
export function getSyncJob(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/sync/jobs/:id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncJob',
        tags: ['sync'],
        summary: 'A sync job, how far it is, and why it does not move',
        params: z.object({ id: z.string().describe('The id that the trigger answered with') }),
        response: {
          200: { description: 'The job', content: { 'application/json': { schema: jobSchema } } },
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = z.guid().safeParse(request.params.id);
      const [job] = id.success
        ? await listJobs(ctx.db, ctx.organizationId, { id: id.data }, { limit: 1, offset: 0 })
        : [];
      if (job === undefined) throw new SyncError('NOT_FOUND', 'There is no sync job with this id');
      return jobAnswer(job, await explainJob(ctx, ctx.organizationId, job));
    },
  );
}
