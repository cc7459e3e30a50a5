import { createHash } from 'node:crypto';
import { guideStatus, isLive } from '@syncline/engine';
import { type JobProgress, readProgress } from '@syncline/store';
import { z } from 'zod';
import type { ApiContext, App } from '../../../api-context.js';
import { answerEvents, streamRoute } from '../../../live/answer-events.js';
import type { ServerEvent } from '../../../live/event-stream.js';
import type { LiveProgress } from '../../../live/live-progress.js';
import { failureResponses } from '../../../problems/failure.js';
import { findProgress, syncParams } from './find-progress.js';
import { nameOfOrganization } from './organization-name.js';
import { progressAnswer } from './progress-answer.js';

/** How far a sync is, told as it goes on, until it has ended. */
export function getProgressStream(app: App, api: ApiContext, live: LiveProgress): void {
  app.get(
    '/api/v1/sync/progress/:sync_id/stream',
    {
      ...streamRoute(live),
      config: { access: 'viewer' },
      schema: {
        operationId: 'getProgressStream',
        tags: ['sync management'],
        summary: 'Follow a sync: server-sent events',
        description:
          'An event `progress` for every change, with the fields of `GET /api/v1/sync/progress/{sync_id}` as data; the last one has a status that is final. Whoever comes back, to whichever process of the API, names the last event he saw in `Last-Event-ID` and gets what is new since; 204 means that nothing will be.',
        params: syncParams,
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        response: {
          200: {
            description: 'Events, until the sync has ended',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          204: z.null().describe('The sync has ended, and the caller has seen its last event'),
          ...failureResponses('NOT_FOUND', 'TOO_MANY_STREAMS'),
        },
      },
    },
    async (request, reply) => {
      const { ctx, job } = await findProgress(api, request, request.params);
      const organization = nameOfOrganization(request, ctx);
      const first = eventOf(job, organization);
      let seen = request.headers['last-event-id'];
      if (first.id === seen && !isLive(guideStatus(job))) return reply.code(204).send(null);

      return answerEvents(live, request, reply, ctx.organizationId, (events) => {
        const tell = (event: ServerEvent) => {
          if (event.id !== seen) events.send(event);
          seen = event.id;
        };
        tell(first);
        if (!isLive(guideStatus(job))) {
          events.end();
          return () => undefined;
        }
        return live.watch.follow(job.id, () => readProgress(ctx.db, ctx.organizationId, job.id), {
          onProgress: (now) => tell(eventOf(now, organization)),
          onEnd: () => events.end(),
        });
      });
    },
  );
}

/**
 * The id is a digest of all that counts, so that every process gives the same state the same one. The estimate moves with
 * the clock, and is no news by itself.
 */
function eventOf(job: JobProgress, organization: string): ServerEvent {
  const data = progressAnswer(job, organization);
  const { estimated_completion: _, organization_id: __, ...state } = data;
  const id = createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 16);
  return { id, event: 'progress', data };
}
