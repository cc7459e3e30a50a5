import { createHash, randomUUID } from 'node:crypto';
import type { WebhookMessage, WebhookTarget } from '@syncline/connector-kit';
import type { NotedDelivery, Signal } from '@syncline/store';
import type { ToldDelivery } from './delivery-intake.js';
import type { Receiver } from './known-keys.js';

/** What a proved message is to a connection. `isCurrent`: by a key, or a token, that the vendor uses now. */
export function toldDelivery(
  { connection, handshakeAt }: Receiver,
  message: WebhookMessage,
  isCurrent: boolean,
  body: Uint8Array,
): ToldDelivery {
  const verifies = isCurrent ? { handshakeAt } : undefined;
  const nothing = (outcome: NotedDelivery['outcome']) => ({ connection, outcome, onlyIfStored: new Map() });
  if (message.kind !== 'event' || typeof message.targets === 'string') {
    // What is proved and not understood is a kind of event that came later than this release.
    const why = message.kind === 'event' && message.targets === 'other_source' ? 'other_source' : 'unknown_type';
    return nothing({ kind: 'ignored', why, verifies });
  }
  if (message.targets.length === 0) return nothing({ kind: 'test', verifies });
  const onlyIfStored = new Map<string, Set<string>>();
  const signals = message.targets.map((target): Signal => {
    if (target.kind !== 'record') return syncSignal(target, 'at' in message ? 0 : unsignedRestSeconds);
    const { entity, id: vendorId } = target;
    if (target.onlyIfStored) onlyIfStored.set(entity, (onlyIfStored.get(entity) ?? new Set()).add(vendorId));
    return { entity, vendorId };
  });
  const about =
    'at' in message ? { eventId: message.id, sentAt: message.at } : { eventId: unsignedId(body), sentAt: null };
  return { connection, outcome: { kind: 'event', ...about, type: message.type, signals, verifies }, onlyIfStored };
}

/** However often somebody who knows the path asks for it: a sync a minute at most. */
const unsignedRestSeconds = 60;

function syncSignal(target: Exclude<WebhookTarget, { kind: 'record' }>, leastRest: number): Signal {
  const { entity, restSeconds = 0 } = target;
  const signal = { entity, restSeconds: Math.max(restSeconds, leastRest) };
  if (target.kind === 'entity') return { ...signal, vendorId: '' };
  const { from, to, with: others = [] } = target;
  return { ...signal, vendorId: `${from}/${to}`, span: { from, to, with: others } };
}

/**
 * For the ledger, for an operator to know a delivery again. Nobody says that bytes which come a second time are an attempt of
 * the vendor's and no other event (his numbers may all be the same), so there are no two of one id: what is told again
 * while it waits counts once, and later it is looked at again.
 */
function unsignedId(body: Uint8Array): string {
  return `${createHash('sha256').update(body).digest('hex').slice(0, 32)}/${randomUUID()}`;
}
