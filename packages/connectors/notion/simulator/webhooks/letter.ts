import type { Letter } from '../../../simulation/webhooks/letter.js';
import { signatureOf } from './signature.js';

/** With a token, signed. */
export function letterOf(content: object, token: string | undefined): Letter {
  const body = Buffer.from(JSON.stringify(content));
  const headers: Record<string, string> = { 'user-agent': 'notion-simulator' };
  if (token !== undefined) headers['x-notion-signature'] = signatureOf(body, token);
  return { body, headers };
}
