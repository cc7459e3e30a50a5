import { Refusal, type Reply } from '../../../simulation/http/reply.js';
import type { TokenBook } from './token-book.js';

/** Answers `GET /oauth/authorize`: the user, who always agrees, is sent back with a code. */
export function answerAuthorize(tokens: TokenBook, clientId: string, query: URLSearchParams): Reply {
  const redirectUri = query.get('redirect_uri') ?? '';
  if (query.get('client_id') !== clientId) throw new Refusal(400, { error: 'invalid_client' });
  if (query.get('response_type') !== 'code' || !URL.canParse(redirectUri)) {
    throw new Refusal(400, { error: 'invalid_request' });
  }
  const target = new URL(redirectUri);
  target.searchParams.set('code', tokens.issueCode(redirectUri));
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return { status: 302, headers: { location: target.href }, body: Buffer.alloc(0) };
}
