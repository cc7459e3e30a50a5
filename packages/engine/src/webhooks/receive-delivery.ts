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
import { isPathToken } from './path-token.js';
import { lateEvent, lateHeader } from './refusals.js';
import { toldDelivery } from './told-delivery.js';

export interface WebhookDoor {
  /**
   * Takes a delivery in: when it resolves, what the delivery tells stands in Postgres, or is of no interest and counted.
   *
   * Throws SyncError CONNECTION_NOT_FOUND when nobody is at the address, or nobody with that token, WEBHOOK_REFUSED,
   * WEBHOOK_NOT_AWAITED, VALIDATION_FAILED for a proved body that is not JSON; and the database's error, so that the vendor
   * tries again.
   */
  receive(connector: Connector, address: Address, delivery: Delivery): Promise<'handshake' | 'event'>;
  /** Forgets what it remembers of keys: somebody has changed one here. Other processes have noticed within seconds. */
  forget(): void;
}

/** A handshake is little more than a key. */
const mostOfAHandshake = 4_096;

/** The way in for what vendors tell. One for each process: it remembers keys, and writes deliveries together. */
export function openWebhookDoor(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors' | 'refetches' | 'log' | 'metrics'>,
): WebhookDoor {
  const keys = rememberKeys(ctx);
  const intake = openIntake(ctx);
  return {
    forget: () => keys.forget(),
    receive: async (connector, address, delivery) => {
      const source = connector.webhooks;
      // Each vendor has one kind of path: with a token what is signed would not be asked for its signature.
      if (source === undefined || (source.proof === 'path') !== (tokenIn(address) !== undefined)) throw nobody();
      const known = await keys.receivers(connector, address, false);
      if (known.receivers.length === 0) throw nobody();
      const door = { ctx, keys, intake, source, connector, address };
      if (source.proof === 'path') {
        await takeEvent(door, delivery, known, undefined);
        return 'event';
      }
      // What is larger than a handshake is not parsed before somebody has vouched for it.
      const small = delivery.body.byteLength <= mostOfAHandshake ? parsed(delivery.body) : undefined;
      const key = small && handshakeIn(source, known.receivers, small.json);
      if (key !== undefined) {
        await acceptHandshake(ctx, keys, { source, connector, address, delivery, key });
        return 'handshake';
      }
      await takeEvent(door, delivery, known, small);
      return 'event';
    },
  };
}

function tokenIn(address: Address): string | undefined {
  return 'token' in address ? address.token : undefined;
}

/** Whether there is such a connection is told to nobody who does not know its token. */
function nobody(): SyncError {
  return new SyncError('CONNECTION_NOT_FOUND', 'There is no connection that this could be for');
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
  const { receivers, proved } = await provedFor(door, delivery, known);
  if (proved.length === 0 && source.proof === 'path') {
    await refused(intake, receivers, 'The path has a token that is not known here');
    throw nobody();
  }
  const unsigned =
    proved.length === 0 ? 'The signature is missing, or is that of no key that is known here' : undefined;
  const refusal = unsigned ?? lateHeader(source, delivery.headers, now);
  if (refusal !== undefined) throw await refused(intake, receivers, refusal);
  const body = small ?? parsed(delivery.body);
  if (body === undefined) throw new SyncError('VALIDATION_FAILED', 'body: is no JSON', { field: 'body' });
  const told = proved.map(({ receiver, isCurrent }) => {
    const message = source.read(body.json, receiver.settings);
    if (message.kind === 'unreadable') {
      const { organizationId, id: connectionId } = receiver.connection;
      ctx.log.warn(
        { event: 'webhook.not_understood', organizationId, connectionId, reason: message.reason },
        'a webhook is not understood',
      );
    }
    return { receiver, message, isCurrent };
  });
  const late = told.map(({ message }) => lateEvent(message, now)).find((reason) => reason !== undefined);
  if (late !== undefined) throw await refused(intake, receivers, late);
  await Promise.all(
    told.map(({ receiver, message, isCurrent }) =>
      intake.take(toldDelivery(receiver, message, isCurrent, delivery.body)),
    ),
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
function handshakeIn(
  source: Extract<Source, { proof: 'signature' }>,
  [first]: readonly Receiver[],
  json: unknown,
): string | undefined {
  const message = first && source.read(json, first.settings);
  return message?.kind === 'handshake' ? message.key : undefined;
}

interface Proved {
  readonly receiver: Receiver;
  /** By the key, or the token, that is to be seen in use. */
  readonly isCurrent: boolean;
}

/** For whom the delivery is signed, or has the token. Where for nobody by what is remembered, the keys are read once more. */
async function provedFor(
  door: Doorway,
  delivery: Delivery,
  { receivers, isFresh }: Receivers,
): Promise<{ readonly receivers: readonly Receiver[]; readonly proved: readonly Proved[] }> {
  const { source } = door;
  const token = tokenIn(door.address) ?? '';
  const proves = (key: string) =>
    source.proof === 'path' ? isPathToken(token, key) : source.checkSignature(delivery, key) === 'valid';
  const proved = receivers.flatMap((receiver): Proved[] => {
    if (receiver.current.some(proves)) return [{ receiver, isCurrent: true }];
    return receiver.others.some(proves) ? [{ receiver, isCurrent: false }] : [];
  });
  if (proved.length > 0 || isFresh) return { receivers, proved };
  return provedFor(door, delivery, await door.keys.receivers(door.connector, door.address, true));
}

/** Counted with each connection that it could have been for, so that an operator sees it. */
async function refused(intake: DeliveryIntake, receivers: readonly Receiver[], reason: string): Promise<SyncError> {
  const take = ({ connection }: Receiver) =>
    intake.take({ connection, outcome: { kind: 'refused', reason }, onlyIfStored: new Map() });
  await Promise.all(receivers.map(take));
  return new SyncError('WEBHOOK_REFUSED', reason);
}
