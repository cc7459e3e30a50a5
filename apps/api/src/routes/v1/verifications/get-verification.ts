import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import {
  findVerification,
  verificationAnswer,
  verificationParams,
  verificationReportSchema,
} from './verification-answer.js';

/** One verification: how far it is, and what it found, with the checksums. */
export function getVerification(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/verifications/:id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getVerification',
        tags: ['verifications'],
        summary: 'A verification: how far it is, counts and checksums of both sides',
        params: verificationParams,
        response: {
          200: { description: 'The report', content: { 'application/json': { schema: verificationReportSchema } } },
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      return verificationAnswer(await findVerification(ctx, request.params));
    },
  );
}
