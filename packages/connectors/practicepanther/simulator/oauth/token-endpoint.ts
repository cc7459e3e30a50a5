import { json, Refusal, type Reply } from '../../../simulation/http/reply.js';
import type { Quirks } from '../quirks.js';
import type { TokenBook } from './token-book.js';

/** Answers `POST /oauth/token`. */
export function answerToken(
  tokens: TokenBook,
  quirks: Quirks,
  lifeSeconds: number,
  request: { method: string; contentType: string | undefined; body: string },
): Reply {
  if (request.method !== 'POST') throw new Refusal(405, { error: 'invalid_request' }, { allow: 'POST' });
  // A body that is no form has no grant_type in the vendor's eyes.
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.contentType ?? '');
  const form = new URLSearchParams(isForm ? request.body : '');
  const grant = form.get('grant_type');
  if (!['authorization_code', 'refresh_token', 'client_credentials'].includes(grant ?? ''))
    throw refuse('unsupported_grant_type');
  if (!tokens.knowsClient(form.get('client_id'), form.get('client_secret'))) throw refuse('invalid_client');

  const refreshToken = redeem(tokens, quirks, form);
  return json(
    {
      access_token: tokens.issueAccess(lifeSeconds),
      token_type: 'bearer',
      expires_in: lifeSeconds,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    },
    200,
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  );
}

/** The refresh token that a grant yields, or null for the grant that has none. */
function redeem(tokens: TokenBook, quirks: Quirks, form: URLSearchParams): string | null {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      if (quirks.rejectClientCredentials) throw refuse('unsupported_grant_type');
      return null;
    case 'authorization_code':
      return granted(tokens.redeemCode(form.get('code') ?? '', form.get('redirect_uri') ?? ''));
    default:
      return granted(tokens.rotate(form.get('refresh_token') ?? ''));
  }
}

function granted(refreshToken: string | undefined): string {
  if (refreshToken === undefined) throw refuse('invalid_grant');
  return refreshToken;
}

function refuse(error: string): Refusal {
  return new Refusal(400, { error });
}
