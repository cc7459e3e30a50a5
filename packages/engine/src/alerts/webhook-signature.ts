import { createHmac } from 'node:crypto';

/** Where messages about alerts go. */
export interface AlertWebhook {
  readonly url: string;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
}

/**
 * The headers by which a receiver knows that a message is ours, new, and perhaps one that came before (Standard
 * Webhooks). `at` is the time of this try.
 */
export function webhookHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
