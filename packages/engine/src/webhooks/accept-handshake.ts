import { createHash, timingSafeEqual } from 'node:crypto';
import { type Delivery, SyncError } from '@syncline/connector-kit';
import { acceptWebhookKey, listAwaiting, recordAudit } from '@syncline/store';
import type { EngineContext } from '../context.js';
import type { Receiver, Source } from './known-keys.js';

/**
 * Keeps the key that a vendor offers, with the one connection that awaits it. One that was taken already may be offered
 * again: the vendor may not have heard our answer.
 *
 * Throws SyncError WEBHOOK_NOT_AWAITED, and WEBHOOK_REFUSED for an offer whose own signature is wrong.
 */
export async function acceptHandshake(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'log'>,
  source: Source,
  receivers: readonly Receiver[],
  delivery: Delivery,
  key: string,
): Promise<void> {
  const awaiting = await listAwaiting(
    ctx.db,
    receivers.map(({ connection }) => connection),
  );
  const [only, ...others] = receivers.filter(({ connection }) => awaiting.includes(connection.id));
  if (only === undefined && receivers.some(({ current }) => current.some((one) => isSame(one, key)))) return;
  if (only === undefined || others.length > 0) {
    const why = only === undefined ? 'No connection' : 'More than one connection';
    throw new SyncError('WEBHOOK_NOT_AWAITED', `${why} at this address awaits a verification`);
  }
  // Not every offer is signed; a signature that is there has to be right.
  if (source.checkSignature(delivery, key) === 'wrong') {
    throw new SyncError('WEBHOOK_REFUSED', 'The signature does not belong to the key that is offered');
  }
  const { connection } = only;
  if (!(await acceptWebhookKey(ctx.db, ctx.vault, connection, key))) {
    throw new SyncError('WEBHOOK_NOT_AWAITED', 'No connection at this address awaits a verification any more');
  }
  const entry = { action: 'webhook.key', subjectKind: 'connection', subjectId: connection.id };
  await recordAudit(ctx.db, { organizationId: connection.organizationId, actor: 'the vendor', ...entry });
  ctx.log.info({ connectionId: connection.id }, 'the vendor has told the key of its webhooks');
}

/** In a time that does not tell how much of it was right. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
