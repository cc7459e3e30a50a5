import { isSyncError } from '@syncline/connector-kit';
import {
  claimDelivery,
  type Delivery,
  type DeliveryFailure,
  giveUpOldDeliveries,
  noteDelivered,
  noteUndelivered,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { type AlertWebhook, webhookHeaders } from './webhook-signature.js';

type DeliveryContext = Pick<EngineContext, 'db' | 'log' | 'road' | 'alertWebhook'>;

const deadlineMs = 15_000;
/** Longer than a try can take; a process that dies in the middle of one keeps the message from others for so long. */
const claimSeconds = 60;
/** After that others have their turn, and the rest goes with the next round. */
const roundMs = 20_000;

const gone = 410;

/**
 * Sends what is due to the webhook, one message after the other, and each until the receiver answers with 2xx: at least
 * once, for a process may die between the receiver's answer and the note of it. A receiver that fails is left alone
 * until the next round. Does nothing but give up what is too old where there is no webhook (any more).
 *
 * Returns how many messages were taken.
 */
export async function deliverAlerts(ctx: DeliveryContext, signal?: AbortSignal): Promise<number> {
  const old = await giveUpOldDeliveries(ctx.db);
  if (old > 0)
    ctx.log.error(
      { event: 'alert.undeliverable', messages: old },
      'messages about alerts given up: nobody took them for a day',
    );
  const { alertWebhook } = ctx;
  const until = performance.now() + roundMs;
  for (let taken = 0; ; taken += 1) {
    if (alertWebhook === undefined || signal?.aborted || performance.now() > until) return taken;
    const delivery = await claimDelivery(ctx.db, claimSeconds);
    if (delivery === undefined || !(await deliver(ctx, alertWebhook, delivery, signal))) return taken;
  }
}

/** One try. Says whether the receiver has taken it. */
async function deliver(
  ctx: DeliveryContext,
  { url, secret }: AlertWebhook,
  delivery: Delivery,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { id: messageId, alertId, event, body, attempts } = delivery;
  const headers = { 'content-type': 'application/json', ...webhookHeaders(secret, messageId, new Date(), body) };
  let failure: DeliveryFailure;
  try {
    const { status } = await ctx.road.post({ url, headers, body, deadlineMs, signal });
    if (status >= 200 && status < 300) {
      await noteDelivered(ctx.db, messageId, status);
      ctx.log.info(
        { event: 'alert.delivered', messageId, alertId, about: event, attempts },
        'message about an alert delivered',
      );
      return true;
    }
    failure = { code: 'UPSTREAM_REJECTED', httpStatus: status, final: status === gone };
  } catch (error) {
    // Whoever stops us is no trouble of the receiver's; the message is free again when the claim ends.
    if (signal?.aborted) return false;
    if (!isSyncError(error)) throw error;
    failure = { code: error.code, httpStatus: null, final: false };
  }
  const next = await noteUndelivered(ctx.db, messageId, failure);
  // Neither address nor error: paths of webhooks are secrets.
  const { code, httpStatus } = failure;
  ctx.log.warn(
    { event: 'alert.not_delivered', messageId, alertId, about: event, attempts, code, httpStatus, next },
    'message about an alert not delivered',
  );
  return false;
}
