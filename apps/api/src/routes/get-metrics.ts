import { SyncError } from '@syncline/connector-kit';
import { metricsAreOff } from '@syncline/service';
import { z } from 'zod';
import type { ApiContext, App } from '../api-context.js';
import { problemResponses } from '../problems/problem.js';

/** As prom-client writes it. */
const textFormat = 'text/plain; version=0.0.4; charset=utf-8';

/** Numbers for Prometheus: what this process does, and how the fleet is, of all organizations together. */
export function getMetrics(app: App, { metricsDoor }: Pick<ApiContext, 'metricsDoor'>): void {
  app.get(
    '/metrics',
    {
      config: { access: 'metrics' },
      logLevel: 'warn',
      schema: {
        operationId: 'getMetrics',
        tags: ['health'],
        summary: 'Numbers for Prometheus',
        description: 'There are none, which is answered with 404, where that token is not set: docs/metrics.md.',
        response: {
          200: { description: 'As Prometheus reads them', content: { [textFormat]: { schema: z.string() } } },
          ...problemResponses('NOT_FOUND'),
        },
      },
    },
    async (_request, reply) => {
      // The door in front of every route has said so already.
      if (metricsDoor === undefined) throw new SyncError('NOT_FOUND', metricsAreOff);
      return reply.type(metricsDoor.contentType).send(await metricsDoor.text());
    },
  );
}
