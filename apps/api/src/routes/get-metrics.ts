import { alertKinds, countOpenAlerts } from '@syncline/store';
import { Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import type { ApiContext, App } from '../api-context.js';
import { problemResponses } from '../problems/problem.js';

/** Numbers for Prometheus, of all organizations together: for the platform only. */
export function getMetrics(app: App, api: ApiContext): void {
  const registry = new Registry();
  new Gauge({
    name: 'syncline_alerts_open',
    help: 'Alerts that are open, by kind; docs/alerts.md says what each means',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const open = new Map((await countOpenAlerts(api.db)).map((one) => [one.kind, one.open]));
      // Those without one, too: a series that comes and goes cannot be alerted on.
      for (const kind of alertKinds) this.set({ kind }, open.get(kind) ?? 0);
    },
  });
  app.get(
    '/metrics',
    {
      config: { access: 'platform' },
      logLevel: 'warn',
      schema: {
        operationId: 'getMetrics',
        tags: ['health'],
        summary: 'Numbers for Prometheus',
        response: {
          200: { description: 'As Prometheus reads them', content: { [registry.contentType]: { schema: z.string() } } },
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
