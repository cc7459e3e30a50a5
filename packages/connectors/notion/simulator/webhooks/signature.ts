import { createHmac } from 'node:crypto';

/** `X-Notion-Signature` of these bytes. The token is taken as the text that it is, with its prefix. */
export function signatureOf(body: Buffer, token: string): string {
  return `sha256=${createHmac('sha256', token).update(body).digest('hex')}`;
}
