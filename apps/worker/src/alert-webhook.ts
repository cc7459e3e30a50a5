import type { Environment } from '@syncline/config';
import { isSyncError } from '@syncline/connector-kit';
import type { AlertWebhook } from '@syncline/engine';
import { checkEgress } from '@syncline/http';
import { StartError } from '@syncline/service';

type WebhookEnvironment = Pick<
  Environment,
  'SYNCLINE_ALERT_WEBHOOK_URL' | 'SYNCLINE_ALERT_WEBHOOK_SECRET' | 'SYNCLINE_EGRESS_ALLOW'
>;

/**
 * The webhook of the environment, undefined without one. What its name resolves to is looked at with every message.
 *
 * Throws StartError when the key is missing, or the address is none that may be reached.
 */
export function alertWebhookOf(environment: WebhookEnvironment): AlertWebhook | undefined {
  const { SYNCLINE_ALERT_WEBHOOK_URL: url, SYNCLINE_ALERT_WEBHOOK_SECRET: secret } = environment;
  if (url === undefined) return undefined;
  if (secret === undefined) {
    throw new StartError('SYNCLINE_ALERT_WEBHOOK_SECRET is required with SYNCLINE_ALERT_WEBHOOK_URL.');
  }
  try {
    checkEgress(url, environment.SYNCLINE_EGRESS_ALLOW);
  } catch (error) {
    if (!isSyncError(error)) throw error;
    throw new StartError(`SYNCLINE_ALERT_WEBHOOK_URL: ${error.message}. ${error.entry.hint}`, { cause: error });
  }
  return { url, secret };
}
