import { SyncError } from '@syncline/connector-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Authenticate } from '../../../access/authenticate.js';
import { unnamedOrganization } from '../../../access/caller.js';
import type { FailureThrottle } from '../../../access/failure-throttle.js';
import type { NoteComing } from '../../../access/member-notes.js';
import { type SessionHolder, type Sessions, sessionCookie } from '../../../access/session.js';
import { giveSession } from '../../../access/session-cookie.js';
import type { NewHolder } from '../../../access/session-holder.js';
import type { ApiContext } from '../../../api-context.js';
import type { LimitRequest } from '../../../limits/limit-requests.js';
import { sessionAnswer, type sessionSchema } from './session-answer.js';

/** What signing in takes. */
export interface SignIn {
  readonly sessions: Sessions;
  readonly holderOf: (text: string) => Promise<NewHolder | 'refused'>;
  readonly authenticate: Authenticate;
  /** Wrong keys from one address, in this form and in the one without scripts. */
  readonly throttle: FailureThrottle;
  readonly limit: LimitRequest;
  readonly noteComing: NoteComing;
}

/** Gives the browser a session, and says what GET would say with it. */
export async function signIn(
  ctx: ApiContext,
  { sessions, authenticate }: Pick<SignIn, 'sessions' | 'authenticate'>,
  holder: SessionHolder,
  noLaterThan: Date | null,
  [request, reply]: readonly [FastifyRequest, FastifyReply],
): Promise<z.infer<typeof sessionSchema>> {
  const session = sessions.issue(holder, new Date(), noLaterThan);
  const identity = await authenticate({
    ...{ headers: {}, cookies: { [sessionCookie]: session.token } },
    socket: request.socket,
  });
  if (typeof identity !== 'object') throw new SyncError('UNAUTHENTICATED', 'What you signed in with has just ended');
  const organizationId = unnamedOrganization(identity, ctx.defaultOrganizationId);
  const answer = await sessionAnswer(ctx.db, { ...identity, organizationId });
  giveSession(request, reply, session);
  return answer;
}
