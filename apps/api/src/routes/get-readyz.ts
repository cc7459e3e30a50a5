import { readiness } from '@syncline/service';
import { z } from 'zod';
import type { ApiContext, App } from '../api-context.js';

const ready = z.object({
  status: z.enum(['ok', 'unavailable']),
  checks: z
    .object({ postgres: z.string(), redis: z.string(), migrations: z.string(), installation: z.string() })
    .describe('`ok`, or why not'),
});

/** Whether requests can be served: what a load balancer asks. */
export function getReadyz(app: App, ctx: ApiContext): void {
  const check = readiness(ctx);
  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        operationId: 'getReadyz',
        tags: ['health'],
        summary: 'Whether Postgres and Redis can be used',
        security: [],
        response: { 200: ready.describe('Both can be used'), 503: ready.describe('At least one cannot') },
      },
    },
    async (_request, reply) => {
      const checks = await check();
      const ok = Object.values(checks).every((result) => result === 'ok');
      return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'unavailable', checks });
    },
  );
}
