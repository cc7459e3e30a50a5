import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type Connector,
  type Delivery,
  type SignedWebhooks,
  SyncError,
  type SyncSettings,
} from '@syncline/connector-kit';
import { acceptWebhookKey, type Connection, listAwaiting, recordAudit } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { type Address, connectionsAt, type KnownKeys } from './known-keys.js';

export interface Offer {
  readonly source: SignedWebhooks<SyncSettings, unknown>;
  readonly connector: Connector;
  readonly address: Address;
  readonly delivery: Delivery;
  readonly key: string;
}

/**
 * Keeps the key that a vendor offers, with the one connection that awaits it: by what Postgres says now, for the connection
 * may just have been made. One that was taken already may be offered again: the vendor may not have heard our answer.
 *
 * Throws SyncError WEBHOOK_NOT_AWAITED, and WEBHOOK_REFUSED for an offer whose own signature is wrong.
 */
export async function acceptHandshake(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'log'>,
  keys: KnownKeys,
  offer: Offer,
): Promise<void> {
  const connections = await connectionsAt(ctx, offer.connector, offer.address);
  const awaiting = await listAwaiting(ctx.db, connections);
  const [only, ...others] = connections.filter(({ id }) => awaiting.includes(id));
  if (others.length > 0) {
    throw new SyncError('WEBHOOK_NOT_AWAITED', 'More than one connection at this address awaits a verification');
  }
  // Not every offer is signed; a signature that is there has to be right.
  if (only !== undefined && offer.source.checkSignature(offer.delivery, offer.key) === 'wrong') {
    throw new SyncError('WEBHOOK_REFUSED', 'The signature does not belong to the key that is offered');
  }
  if (only !== undefined && (await keep(ctx, only, offer.key))) {
    keys.forget();
    ctx.log.info({ event: 'webhook.key_told', connectionId: only.id }, 'the vendor has told the key of its webhooks');
    return;
  }
  // Somebody else has taken it in this moment, perhaps the same one.
  if (only !== undefined) keys.forget();
  const { receivers } = await keys.receivers(offer.connector, offer.address, true);
  if (receivers.some(({ current }) => current.some((one) => isSame(one, offer.key)))) return;
  throw new SyncError('WEBHOOK_NOT_AWAITED', 'No connection at this address awaits a verification');
}

async function keep(ctx: Pick<EngineContext, 'db' | 'vault'>, connection: Connection, key: string): Promise<boolean> {
  return ctx.db.transaction().execute(async (trx) => {
    if (!(await acceptWebhookKey(trx, ctx.vault, connection, key))) return false;
    const entry = { action: 'webhook.key', subjectKind: 'connection', subjectId: connection.id };
    await recordAudit(trx, { organizationId: connection.organizationId, actor: 'the vendor', ...entry });
    return true;
  });
}

/** In a time that does not tell how much of it was right. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
