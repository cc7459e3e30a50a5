import { version } from '@syncline/service';
import { z } from 'zod';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';

/** What is in force for everybody who uses this installation. */
export function getInstallation(app: App, api: ApiContext): void {
  const answer = z
    .object({
      version: z.string().describe('Of the process that answers'),
      schedulesRun: z.boolean().describe('False: ENABLE_SYNC_SCHEDULER is off, and nothing starts by itself'),
      retentionDays: z.int().nullable().describe('For how long history is kept; null: for good'),
      requestsAMinute: z.int().describe('What an API key, or the owner of a token, may ask in a minute'),
      identityProvider: z.string().nullable().describe('Whose tokens are taken; null: none are'),
      rowSecurity: z.boolean().describe('Whether the database keeps organizations apart besides'),
    })
    .meta({ id: 'Installation', description: 'What is in force for everybody' });
  app.get(
    '/api/v1/installation',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getInstallation',
        tags: ['health'],
        summary: 'The version, and the limits that are in force',
        response: { 200: answer.describe('As the environment of this process says'), ...problemResponses() },
      },
    },
    async () => ({
      version,
      schedulesRun: api.schedules !== undefined,
      retentionDays: api.retentionDays ?? null,
      requestsAMinute: api.requestsAMinute,
      identityProvider: api.tokens?.issuer ?? null,
      rowSecurity: api.rowSecurity,
    }),
  );
}
