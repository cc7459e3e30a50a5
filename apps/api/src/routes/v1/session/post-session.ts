import { SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { requestOrigin } from '../../../access/same-origin.js';
import { longestToken } from '../../../access/token-check.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { sessionSchema } from './session-answer.js';
import { type SignIn, signIn } from './sign-in.js';

/** Trades a key, or a token of the identity provider, for a session cookie. */
export function postSession(app: App, ctx: ApiContext, door: SignIn): void {
  const body = z
    .strictObject({
      key: z
        .string()
        .trim()
        .min(1)
        .max(longestToken)
        .describe('An API key, the platform key, or a token of the identity provider'),
    })
    .meta({ examples: [{ key: 'syncline_…' }] });
  app.post(
    '/api/v1/session',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'postSession',
        tags: ['session'],
        summary: 'Sign a browser in with a key or a token',
        description:
          'Sets a cookie that no script can read, good for twelve hours and no longer than the key or the token. With it, requests that ' +
          'change something have to come from pages of this host. Ten wrong keys a minute block an address.',
        security: [],
        body,
        response: {
          200: sessionSchema.describe('Who that is; the cookie is set'),
          ...problemResponses(...(['VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'] as const)),
        },
      },
    },
    async (request, reply) => {
      const now = Date.now();
      // Another site could sign a visitor in as somebody else, or use up the visitor's attempts.
      if (requestOrigin(request.headers) === 'other')
        throw new SyncError('FORBIDDEN', 'Sign in from a page of this host');
      if (door.throttle.isBlocked(request.ip, now)) {
        const resumeAt = new Date(now + 60_000);
        throw new SyncError('TOO_MANY_REQUESTS', 'Too many wrong keys came from this address', { resumeAt });
      }
      const found = await door.holderOf(request.body.key);
      if (found === 'refused') {
        door.throttle.noteFailure(request.ip, now);
        request.log.warn({ event: 'login.refused', ip: request.ip }, 'sign-in refused');
        throw new SyncError('UNAUTHENTICATED', 'That key opens nothing here');
      }
      const { identity, holder } = found;
      await door.limit(identity.limitedAs, reply);
      door.noteComing(identity, now);
      return signIn(ctx, door, holder, identity.expiresAt, [request, reply]);
    },
  );
}
