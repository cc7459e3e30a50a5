import type { WebhookMessage } from '@syncline/connector-kit';
import type { NotedDelivery } from '@syncline/store';
import type { ToldDelivery } from './delivery-intake.js';
import type { Receiver } from './known-keys.js';

/** What a signed message is to a connection. `isCurrent`: signed with a key that the vendor uses now. */
export function toldDelivery(
  { connection, handshakeAt }: Receiver,
  message: WebhookMessage,
  isCurrent: boolean,
): ToldDelivery {
  const verifies = isCurrent ? { handshakeAt } : undefined;
  if (message.kind !== 'event' || typeof message.targets === 'string') {
    // What is signed and not understood is a kind of event that came later than this release.
    const why = message.kind === 'event' && message.targets === 'other_source' ? 'other_source' : 'unknown_type';
    return { connection, outcome: { kind: 'ignored', why, verifies }, onlyIfStored: new Map() };
  }
  const onlyIfStored = new Map<string, Set<string>>();
  const signals = message.targets.map((target) => {
    if (target.kind === 'entity') return { entity: target.entity, vendorId: '' };
    const { entity, id: vendorId } = target;
    if (target.onlyIfStored) onlyIfStored.set(entity, (onlyIfStored.get(entity) ?? new Set()).add(vendorId));
    return { entity, vendorId };
  });
  const { id: eventId, type, at: sentAt } = message;
  const outcome: NotedDelivery['outcome'] = { kind: 'event', eventId, type, sentAt, signals, verifies };
  return { connection, outcome, onlyIfStored };
}
