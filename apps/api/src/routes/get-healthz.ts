import { z } from 'zod';
import type { App } from '../api-context.js';

/** The process is there. Says nothing about its services: a restart would not bring those back. */
export function getHealthz(app: App): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        operationId: 'getHealthz',
        tags: ['health'],
        summary: 'Whether the process lives',
        security: [],
        response: { 200: z.object({ status: z.literal('ok') }).describe('It does') },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
}
