import { type Connector, type Delivery, SyncError } from '@syncline/connector-kit';
import type { EngineContext } from '../context.js';
import { acceptHandshake } from './accept-handshake.js';
import { type DeliveryIntake, openIntake } from './delivery-intake.js';
import {
  type Address,
  type KnownKeys,
  type Receiver,
  type Receivers,
  rememberKeys,
  type Source,
} from './known-keys.js';
import { lateEvent, lateHeader } from './refusals.js';
import { toldDelivery } from './told-delivery.js';

export interface WebhookDoor {
  /**
   * Takes a delivery in: when it resolves, what the delivery tells stands in Postgres, or is of no interest and counted.
   *
   * Throws SyncError CONNECTION_NOT_FOUND when nobody is at the address, WEBHOOK_REFUSED, WEBHOOK_NOT_AWAITED,
   * VALIDATION_FAILED for a signed body that is not JSON; and the database's error, so that the vendor tries again.
   */
  receive(connector: Connector, address: Address, delivery: Delivery): Promise<'handshake' | 'event'>;
}

/** A handshake is little more than a key. */
const mostOfAHandshake = 4_096;

/** The way in for what vendors tell. One for each process: it remembers keys, and writes deliveries together. */
export function openWebhookDoor(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors' | 'refetches' | 'log'>,
): WebhookDoor {
  const keys = rememberKeys(ctx);
  const intake = openIntake(ctx);
  return {
    receive: async (connector, address, delivery) => {
      const source = connector.webhooks;
      const known = source && (await keys.receivers(connector, address, false));
      if (source === undefined || known === undefined || known.receivers.length === 0) {
        throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection that this could be for');
      }
      // What is larger than a handshake is not parsed before somebody has vouched for it.
      const small = delivery.body.byteLength <= mostOfAHandshake ? parsed(delivery.body) : undefined;
      const key = small && handshakeIn(source, known.receivers, small.json);
      if (key !== undefined) {
        await acceptHandshake(ctx, keys, { source, connector, address, delivery, key });
        return 'handshake';
      }
      const door = { ctx, keys, intake, source, connector, address };
      await takeEvent(door, delivery, known, small);
      return 'event';
    },
  };
}

interface Doorway {
  readonly ctx: Pick<EngineContext, 'log'>;
  readonly keys: KnownKeys;
  readonly intake: DeliveryIntake;
  readonly source: Source;
  readonly connector: Connector;
  readonly address: Address;
}

async function takeEvent(
  door: Doorway,
  delivery: Delivery,
  known: Receivers,
  small: Parsed | undefined,
): Promise<void> {
  const { ctx, intake, source } = door;
  const now = new Date();
  const { receivers, signed } = await signedFor(door, delivery, known);
  const unsigned =
    signed.length === 0 ? 'The signature is missing, or is that of no key that is known here' : undefined;
  const refusal = unsigned ?? lateHeader(source, delivery.headers, now);
  if (refusal !== undefined) throw await refused(intake, receivers, refusal);
  const body = small ?? parsed(delivery.body);
  if (body === undefined) throw new SyncError('VALIDATION_FAILED', 'body: is no JSON', { field: 'body' });
  const told = signed.map(({ receiver, isCurrent }) => {
    const message = source.read(body.json, receiver.settings);
    if (message.kind === 'unreadable') {
      const { id: connectionId } = receiver.connection;
      ctx.log.warn({ connectionId, reason: message.reason }, 'a signed webhook is not understood');
    }
    return { receiver, message, isCurrent };
  });
  const late = told.map(({ message }) => lateEvent(message, now)).find((reason) => reason !== undefined);
  if (late !== undefined) throw await refused(intake, receivers, late);
  await Promise.all(
    told.map(({ receiver, message, isCurrent }) => intake.take(toldDelivery(receiver, message, isCurrent))),
  );
}

interface Parsed {
  readonly json: unknown;
}

function parsed(bytes: Uint8Array): Parsed | undefined {
  try {
    return { json: JSON.parse(Buffer.from(bytes).toString('utf8')) };
  } catch {
    return undefined;
  }
}

/** The key that a vendor offers; the same whatever the settings are. */
function handshakeIn(source: Source, [first]: readonly Receiver[], json: unknown): string | undefined {
  const message = first && source.read(json, first.settings);
  return message?.kind === 'handshake' ? message.key : undefined;
}

interface Signed {
  readonly receiver: Receiver;
  /** With the key that is to be proved. */
  readonly isCurrent: boolean;
}

/** For whom the delivery is signed. Where for nobody by what is remembered, the keys are read once more. */
async function signedFor(
  door: Doorway,
  delivery: Delivery,
  { receivers, isFresh }: Receivers,
): Promise<{ readonly receivers: readonly Receiver[]; readonly signed: readonly Signed[] }> {
  const isSigned = (key: string) => door.source.checkSignature(delivery, key) === 'valid';
  const signed = receivers.flatMap((receiver): Signed[] => {
    if (receiver.current.some(isSigned)) return [{ receiver, isCurrent: true }];
    return receiver.others.some(isSigned) ? [{ receiver, isCurrent: false }] : [];
  });
  if (signed.length > 0 || isFresh) return { receivers, signed };
  return signedFor(door, delivery, await door.keys.receivers(door.connector, door.address, true));
}

/** Counted with each connection that it could have been for, so that an operator sees it. */
async function refused(intake: DeliveryIntake, receivers: readonly Receiver[], reason: string): Promise<SyncError> {
  const take = ({ connection }: Receiver) =>
    intake.take({ connection, outcome: { kind: 'refused', reason }, onlyIfStored: new Map() });
  await Promise.all(receivers.map(take));
  return new SyncError('WEBHOOK_REFUSED', reason);
}
