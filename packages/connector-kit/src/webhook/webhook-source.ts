/** A delivery as it came in; nobody has vouched for it yet. */
export interface Delivery {
  /** By lower-case names; a header that came several times is what Node makes of it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body's bytes. What is signed are these and not the JSON that they stand for. */
  readonly body: Uint8Array;
}

/**
 * What a delivery tells to look at again.
 *
 * A record by its vendor id; `onlyIfStored` where it is nothing to us unless we have it already (it may have left what is
 * synced, or never have been part of it). Or something for a sync.
 */
export type WebhookTarget =
  | { readonly kind: 'record'; readonly entity: string; readonly id: string; readonly onlyIfStored?: boolean }
  | SyncTarget;

/** What a sync is started for. `restSeconds`: the next one for the same entity begins no sooner after it. */
export type SyncTarget = {
  readonly entity: string;
  readonly restSeconds?: number;
} & (
  | {
      /** A whole entity: an incremental sync of it, and of all it depends on. */
      readonly kind: 'entity';
    }
  | {
      /**
       * Some days of an entity, both included (YYYY-MM-DD), and of the entities in `with`, which are synced before it.
       * Nothing else that it depends on is read. There have to be few of them: days that are synced, and not whatever a
       * body may hold.
       */
      readonly kind: 'span';
      readonly from: string;
      readonly to: string;
      readonly with?: readonly string[];
    }
);

/** Why a delivery is of no interest: an event that we do not know, or one about something that is not synced here. */
export type WebhookIgnored = 'unknown_type' | 'other_source';

interface WebhookEvent<Target> {
  readonly kind: 'event';
  readonly type: string;
  /** Empty for one that tells of nothing, and only shows that deliveries arrive. */
  readonly targets: readonly Target[] | WebhookIgnored;
}

interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
}

/** What a signed delivery says. */
export type SignedMessage =
  /** The vendor tells the key that it will sign with. */
  | { readonly kind: 'handshake'; readonly key: string }
  | (WebhookEvent<WebhookTarget> & {
      /** The same at each attempt of the vendor to deliver it. */
      readonly id: string;
      /** By the vendor's clock, out of what is signed. */
      readonly at: Date;
    })
  | Unreadable;

/**
 * What a delivery says that nobody has signed. It has no time and no id that could be believed, and names no record:
 * whoever knows the path could name any number of them.
 */
export type UnsignedMessage = WebhookEvent<SyncTarget> | Unreadable;

export type WebhookMessage = SignedMessage | UnsignedMessage;

/** A vendor that signs what it sends, with a key that both know. */
export interface SignedWebhooks<Settings, Credentials> {
  readonly proof: 'signature';
  /** Keys that came with the credentials, where an operator was given one instead of a handshake. */
  readonly keys: (credentials: Credentials) => readonly string[];
  /** The credential that such a key is given as: left out where the others are changed, it stays; null takes it away. */
  readonly keyField?: string;
  /** Looks whether the delivery was signed with the key, in a time that tells nothing about how near it is. */
  readonly checkSignature: (delivery: Delivery, key: string) => 'valid' | 'wrong' | 'missing';
  /** When the sender says that it sent it, outside of what is signed; undefined where it says nothing. */
  readonly sentAt?: (headers: Delivery['headers']) => Date | 'unreadable' | undefined;
  /** `settings` are the connection's. Never throws for what a body may hold. */
  readonly read: (body: unknown, settings: Settings) => SignedMessage;
}

/** A vendor that does not sign. It is believed to be who it is by a path that nobody else was told. */
export interface UnsignedWebhooks<Settings> {
  readonly proof: 'path';
  /** `settings` are the connection's. Never throws for what a body may hold. */
  readonly read: (body: unknown, settings: Settings) => UnsignedMessage;
}

/**
 * How a vendor tells of changes. Pure: keys, paths, ledger, refetch are the engine's. A delivery is a signal and nothing
 * more; what it says of a record is never written, the record is asked for again.
 */
export type WebhookSource<Settings, Credentials> = SignedWebhooks<Settings, Credentials> | UnsignedWebhooks<Settings>;
