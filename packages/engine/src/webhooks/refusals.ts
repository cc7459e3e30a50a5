import type { Delivery, WebhookMessage } from '@syncline/connector-kit';
import type { Source } from './known-keys.js';

/** How far a header's time may be from ours: nobody needs longer to send. */
const headerMinutes = 5;
/** How old a signed event may be: retries go on for a day. The ledger knows events for longer than that. */
const oldestHours = 72;
/** A clock that is ahead of ours. */
const aheadMinutes = 60;

/**
 * Why the time that a sender gives outside of what is signed is not believed; undefined where it is, and where he gives
 * none: vendors do not have to.
 */
export function lateHeader(source: Source, headers: Delivery['headers'], now: Date): string | undefined {
  const sentAt = source.proof === 'signature' ? source.sentAt?.(headers) : undefined;
  if (sentAt === undefined) return undefined;
  if (sentAt === 'unreadable') return 'The time of sending cannot be read';
  const minutes = Math.abs(now.getTime() - sentAt.getTime()) / 60_000;
  return minutes > headerMinutes ? `The time of sending is more than ${headerMinutes} minutes away` : undefined;
}

/** Why the time within what is signed speaks for a replay; undefined where it does not, and where nothing is signed. */
export function lateEvent(message: WebhookMessage, now: Date): string | undefined {
  if (message.kind !== 'event' || !('at' in message)) return undefined;
  const minutes = (now.getTime() - message.at.getTime()) / 60_000;
  if (minutes > oldestHours * 60) return `The event is older than ${oldestHours} hours`;
  return minutes < -aheadMinutes ? `The event is more than ${aheadMinutes} minutes ahead of the time here` : undefined;
}
