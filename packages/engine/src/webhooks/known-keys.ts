import { type Connector, isSyncError, type SyncSettings } from '@syncline/connector-kit';
import { type Connection, findConnectionById, listConnections, readSecrets, readWebhookKeys } from '@syncline/store';
import { credentialsOf, settingsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';

/** How a vendor tells of changes. */
export type Source = NonNullable<Connector['webhooks']>;

/**
 * A connection that deliveries may be for, with the keys that they may be signed with; for a vendor that does not sign,
 * digests of the tokens that its path may have.
 */
export interface Receiver {
  readonly connection: Connection;
  readonly settings: SyncSettings;
  /** The newest one of handshakes; without any, those that came with the credentials. A delivery proves that it is in use. */
  readonly current: readonly string[];
  /** Others that are good as well: of the handshake before, while its time lasts, and of the credentials. */
  readonly others: readonly string[];
  readonly handshakeAt: Date | null;
}

/** Whom deliveries at a path may be for: a connection by its id, or those of an organization. */
export type Address =
  | {
      readonly connectionId: string;
      /** Where the path has one: what proves a delivery that is not signed. */
      readonly token?: string;
    }
  | { readonly organizationId: string };

export interface KnownKeys {
  /** `fresh` where what is remembered did not do. */
  receivers(connector: Connector, address: Address, fresh: boolean): Promise<Receivers>;
  forget(): void;
}

/** Whom a delivery may be for. */
export interface Receivers {
  readonly receivers: readonly Receiver[];
  /** They were read just now: reading them again would tell nothing. */
  readonly isFresh: boolean;
}

/** So that a burst does not open the same secrets again and again; short, because new keys and settings should count. */
const rememberMs = 5_000;
/** Who sends what nobody has signed must not have them opened for each time either. */
const freshMs = 1_000;
/** A reading that takes longer may be on a line to Postgres that has gone silent: the next one does not wait for it. */
const patienceMs = 1_000;
const mostRemembered = 1_000;
/** Connections of one organization at one vendor that share a path. */
const mostReceivers = 20;

/** Reads and remembers, for some seconds, whose keys a delivery may be signed with. */
export function rememberKeys(ctx: Pick<EngineContext, 'db' | 'vault' | 'log'>): KnownKeys {
  const remembered = new Map<string, { readonly receivers: readonly Receiver[]; readonly at: number }>();
  const underway = new Map<string, { readonly reading: Promise<readonly Receiver[]>; readonly at: number }>();
  const open = async (key: string, connector: Connector, address: Address) => {
    const at = performance.now();
    const reading = readReceivers(ctx, connector, address);
    underway.set(key, { reading, at });
    try {
      const receivers = await reading;
      // What was begun before somebody had all of it forgotten may be of before.
      if (underway.get(key)?.reading !== reading) return receivers;
      remembered.delete(key);
      if (receivers.length > 0) remembered.set(key, { receivers, at });
      if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value ?? '');
      return receivers;
    } finally {
      if (underway.get(key)?.reading === reading) underway.delete(key);
    }
  };
  return {
    receivers: async (connector, address, fresh) => {
      const key = `${connector.id} ${'connectionId' in address ? address.connectionId : address.organizationId}`;
      const known = remembered.get(key);
      const age = known === undefined ? Number.POSITIVE_INFINITY : performance.now() - known.at;
      if (known !== undefined && age < (fresh ? freshMs : rememberMs)) {
        return { receivers: known.receivers, isFresh: age < freshMs };
      }
      // Those that come while the keys are being read wait for that one reading.
      const begun = underway.get(key);
      const isShared = begun !== undefined && performance.now() - begun.at < patienceMs;
      return { receivers: await (isShared ? begun.reading : open(key, connector, address)), isFresh: true };
    },
    forget: () => {
      remembered.clear();
      underway.clear();
    },
  };
}

async function readReceivers(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'log'>,
  connector: Connector,
  address: Address,
): Promise<readonly Receiver[]> {
  const connections = await connectionsAt(ctx, connector, address);
  const opened = await Promise.all(connections.map((connection) => receiverOf(ctx, connector, connection)));
  return opened.filter((receiver) => receiver !== undefined);
}

/** The connections themselves, as they are now. */
export async function connectionsAt(
  { db }: Pick<EngineContext, 'db'>,
  connector: Connector,
  address: Address,
): Promise<readonly Connection[]> {
  if ('organizationId' in address) {
    return (await listConnections(db, address.organizationId, connector.id)).slice(0, mostReceivers);
  }
  const found = await findConnectionById(db, address.connectionId);
  return found?.connector === connector.id ? [found] : [];
}

/** Keys that came with the credentials. Throws SyncError CONNECTION_SETTINGS_INVALID. */
export function keysGiven(connector: Connector, credentials: unknown): readonly string[] {
  const { webhooks } = connector;
  return webhooks?.proof === 'signature' ? webhooks.keys(credentialsOf(connector, credentials)) : [];
}

async function receiverOf(
  { db, vault, log }: Pick<EngineContext, 'db' | 'vault' | 'log'>,
  connector: Connector,
  connection: Connection,
): Promise<Receiver | undefined> {
  try {
    const settings = settingsOf(connector, connection);
    const [{ credentials }, keys] = await Promise.all([
      readSecrets(db, vault, connection),
      readWebhookKeys(db, vault, connection),
    ]);
    const given = keysGiven(connector, credentials);
    return {
      connection,
      settings,
      current: keys.newest === undefined ? given : [keys.newest],
      others: [...(keys.before === undefined ? [] : [keys.before]), ...given],
      handshakeAt: keys.handshakeAt,
    };
  } catch (error) {
    // One connection that cannot be read must not keep deliveries from another at the same path.
    if (!isSyncError(error)) throw error;
    log.warn(
      { event: 'webhook.refused', connectionId: connection.id, code: error.code },
      'a connection takes no webhooks',
    );
    return undefined;
  }
}
