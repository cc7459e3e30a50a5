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
 * synced, or never have been part of it). Or a whole entity, of which an incremental sync is started.
 */
export type WebhookTarget =
  | { readonly kind: 'record'; readonly entity: string; readonly id: string; readonly onlyIfStored?: boolean }
  | { readonly kind: 'entity'; readonly entity: string };

/** Why a delivery is of no interest: an event that we do not know, or one about something that is not synced here. */
export type WebhookIgnored = 'unknown_type' | 'other_source';

/** What a delivery says. */
export type WebhookMessage =
  /** The vendor tells the key that it will sign with. */
  | { readonly kind: 'handshake'; readonly key: string }
  | {
      readonly kind: 'event';
      /** The same at each attempt of the vendor to deliver it. */
      readonly id: string;
      readonly type: string;
      /** By the vendor's clock, out of what is signed. */
      readonly at: Date;
      readonly targets: readonly WebhookTarget[] | WebhookIgnored;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * How a vendor tells of changes. Pure: keys, ledger, refetch are the engine's. A delivery is a signal and nothing more;
 * what it says of a record is never written, the record is asked for again.
 */
export interface WebhookSource<Settings, Credentials> {
  /** Keys that came with the credentials, where an operator was given one instead of a handshake. */
  readonly keys: (credentials: Credentials) => readonly string[];
  /** The credential that such a key is given as: left out where the others are changed, it stays; null takes it away. */
  readonly keyField?: string;
  /** Looks whether the delivery was signed with the key, in a time that tells nothing about how near it is. */
  readonly checkSignature: (delivery: Delivery, key: string) => 'valid' | 'wrong' | 'missing';
  /** When the sender says that it sent it, outside of what is signed; undefined where it says nothing. */
  readonly sentAt?: (headers: Delivery['headers']) => Date | 'unreadable' | undefined;
  /** `settings` are the connection's. Never throws for what a body may hold. */
  readonly read: (body: unknown, settings: Settings) => WebhookMessage;
}
