import { SyncError } from '@syncline/connector-kit';
import { insertApiKey, recordAudit } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { makeApiKey } from '../../../access/api-key-text.js';
import { callerOf, tenantOf } from '../../../access/caller.js';
import { keyRoles, reaches } from '../../../access/role.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { apiKeyAnswer, apiKeySchema } from './api-key-answer.js';

/** Makes a key and tells it, this once. */
export function postApiKey(app: App, api: ApiContext): void {
  const body = z
    .strictObject({
      name: z.string().trim().min(1).max(100).describe('What it is for: the audit log names it'),
      role: z.enum(keyRoles),
      expiresAt: z.iso
        .datetime({ offset: true, error: 'has to be a time such as 2027-01-31T00:00:00Z' })
        .optional()
        .describe('It opens nothing from then on. Left out: until it is revoked'),
    })
    .meta({ examples: [{ name: 'dashboard', role: 'viewer' }] });
  const made = apiKeySchema.extend({
    key: z.string().describe('The whole key. It is not kept: nobody can tell it again'),
  });
  app.post(
    '/api/v1/api-keys',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postApiKey',
        tags: ['organizations'],
        summary: 'Make an API key',
        body,
        response: {
          201: made.describe('The key, shown once'),
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const { name, role, expiresAt: until } = request.body;
      const ctx = tenantOf(api, request);
      if (!reaches(callerOf(request).role, role)) throw new SyncError('FORBIDDEN', 'No key may do more than its maker');
      const expiresAt = until === undefined ? null : new Date(until);
      if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
        throw new SyncError('VALIDATION_FAILED', 'expiresAt is over already', { field: 'expiresAt' });
      }
      const { text, prefix, secretHash } = makeApiKey();
      const { organizationId } = ctx;
      const by = actorOf(request);
      const key = await ctx.db.transaction().execute(async (trx) => {
        const given = { organizationId, name, role, prefix, secretHash, createdBy: by.actor, expiresAt };
        const inserted = await insertApiKey(trx, given);
        const details = { name, role, prefix, expiresAt: until ?? null };
        const entry = { action: 'api-key.create', subjectKind: 'api_key', subjectId: inserted.id, details };
        await recordAudit(trx, { organizationId, ...by, ...entry });
        return inserted;
      });
      reply.code(201);
      return { ...apiKeyAnswer(key), key: text };
    },
  );
}
