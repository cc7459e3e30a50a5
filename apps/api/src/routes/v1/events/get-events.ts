import { type ChangingThing, readNow } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { answerEvents, streamRoute } from '../../../live/answer-events.js';
import type { EventStream, ServerEvent } from '../../../live/event-stream.js';
import type { LiveProgress } from '../../../live/live-progress.js';
import { problemResponses } from '../../../problems/problem.js';
import { changedSince, idOf, type Seen, seenIn, tellNow } from './event-answer.js';

/** What happens in an organization, told as it happens. */
export function getEvents(app: App, api: ApiContext, live: LiveProgress): void {
  app.get(
    '/api/v1/events',
    {
      ...streamRoute(live),
      config: { access: 'viewer' },
      schema: {
        operationId: 'getEvents',
        tags: ['sync'],
        summary: 'Follow everything: server-sent events',
        description:
          'An event `jobs` with how far every live sync is, and how those ended that did so within the last minute; and an event `changed` with what has to be read anew. Whoever comes back, to whichever process of the API, names the last event he saw in `Last-Event-ID` and is told at once what is new since.',
        headers: z.object({ 'last-event-id': z.string().max(200).optional() }),
        response: {
          200: {
            description: 'Events, until the client goes, or for a quarter of an hour',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...problemResponses('TOO_MANY_STREAMS'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { organizationId } = ctx;
      const named = request.headers['last-event-id'];
      return answerEvents(live, request, reply, organizationId, (events) => {
        let seen: Seen | undefined = seenIn(named);
        const isStranger = named !== undefined && seen === undefined;
        return live.now.follow(organizationId, () => readNow(ctx.db, organizationId), {
          onProgress: (state) => {
            const { jobs, seen: now } = tellNow(state);
            // Whoever begins has read all that else a moment ago.
            const what = seen === undefined && !isStranger ? [] : changedSince(seen ?? nothing, now);
            if (what.length > 0) tellChanged(events, idOf({ ...now, jobs: seen?.jobs ?? '' }), what);
            if (seen?.jobs !== now.jobs) events.send({ id: idOf(now), event: 'jobs', data: { jobs } });
            seen = now;
          },
          onEnd: () => events.end(),
        });
      });
    },
  );
}

const nothing: Seen = {
  jobs: '',
  marks: {
    ...{ 'failed-items': '', alerts: '', connections: '', schedules: '' },
    ...{ webhooks: '', verifications: '', stop: '' },
  },
};

/** To a client that is slow: with all that has changed since it was told last. */
function tellChanged(events: EventStream, id: string, what: readonly ChangingThing[]): void {
  const event: ServerEvent = { id, event: 'changed', data: { what } };
  events.send(event, (waiting) => ({
    ...event,
    data: { what: [...new Set([...(waiting.data as { what: readonly ChangingThing[] }).what, ...what])] },
  }));
}
