import { randomUUID } from 'node:crypto';
import type { VendorClock } from '../../../simulation/vendor-clock.js';
import { type Mail, Sender } from '../../../simulation/webhooks/sender.js';
import type { DeliveryKind, DeliveryReport } from '../../../simulation/webhooks/tally.js';
import type { StoreChange } from '../changes.js';
import type { Agency } from '../data/agency.js';
import { envelopeOf, foreignHappening, type Happening, happeningsOf, strangeHappening } from './events.js';
import { forge } from './forgery.js';
import { letterOf } from './letter.js';
import { newToken, type Subscription, Subscriptions } from './subscriptions.js';
import { UpdateWindow } from './update-window.js';
import type { WebhookSettings } from './webhook-settings.js';

export interface SubscribeRequest {
  readonly url: string;
  /** Whether the handshake is signed with the token that it brings; what the vendor does is not known. Default signed. */
  readonly mode?: 'signed' | 'unsigned' | undefined;
  /** Default: a new one. */
  readonly token?: string | undefined;
}

interface WebhookParts {
  readonly agency: Agency;
  readonly clock: VendorClock;
  readonly seed: number;
  readonly settings: WebhookSettings;
}

/** The sender: tells subscribers what happens in the store, as the vendor does, and as badly as it is told to. */
export class Webhooks {
  readonly #parts: WebhookParts;
  readonly #settings: WebhookSettings;
  readonly #sender: Sender;
  readonly #window: UpdateWindow;
  readonly #subscriptions = new Subscriptions();

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    this.#settings = { ...parts.settings };
    this.#sender = new Sender(this.#settings, parts.seed);
    this.#window = new UpdateWindow(this.#sender.courier, (change) => this.#publish(change));
  }

  /**
   * Makes a subscription and sends its handshake, once. Events follow when the token has come back by {@link verify}.
   * `status` is the receiver's answer, null when there was none. Throws for what is no URL.
   */
  async subscribe({ url, mode = 'signed', token = newToken() }: SubscribeRequest) {
    const { id } = this.#subscriptions.add(url, token, false);
    const letter = letterOf({ verification_token: token }, mode === 'signed' ? token : undefined);
    return { id, token, status: await this.#sender.courier.post(url, letter) };
  }

  /** The operator pastes the token in. Gives back the subscription's id. Throws when nobody was given that token. */
  verify(token: string): string {
    return this.#subscriptions.verify(token).id;
  }

  /** A subscription that was verified before, with a token that the receiver has. Gives back its id. */
  attach({ url, token }: { readonly url: string; readonly token: string }): string {
    return this.#subscriptions.add(url, token, true).id;
  }

  /** Ends one subscription, or all. What is on its way to them is not sent any more. */
  unsubscribe(id?: string): void {
    this.#subscriptions.end(id);
  }

  get settings(): Readonly<WebhookSettings> {
    return this.#settings;
  }

  /** Changes the settings that are named; without any, all return to what they were at the start. */
  set(change?: Partial<WebhookSettings>): void {
    Object.assign(this.#settings, change ?? this.#parts.settings);
  }

  /** The latest requests, oldest first, and what was dropped. */
  get deliveries(): readonly DeliveryReport[] {
    return this.#sender.tally.deliveries;
  }

  report() {
    const settings = { ...this.#settings };
    return { subscriptions: this.#subscriptions.report(), ...this.#sender.report(), settings };
  }

  /** Resolves when all that has happened has been delivered, dropped or given up. */
  idle(): Promise<void> {
    return this.#sender.courier.idle();
  }

  /** What the store tells. */
  hear(change: StoreChange): void {
    if (this.#subscriptions.verified().length > 0) this.#window.add(change, this.#settings.windowMs);
  }

  close(): void {
    this.#sender.courier.close();
  }

  #publish(change: StoreChange): void {
    const { agency, clock } = this.#parts;
    const subscriptions = this.#subscriptions.verified();
    for (const happening of happeningsOf(agency, change, clock.nowMs())) {
      for (const subscription of subscriptions) this.#sender.publish(this.#mailOf(subscription, happening));
    }
  }

  #mailOf(subscription: Subscription, happening: Happening): Mail {
    const { atMs } = happening;
    const itself = this.#addressed(subscription, happening);
    const follower = (
      name: 'unknownTypes' | 'otherSources',
      kind: DeliveryKind,
      other: (roll: number) => Happening,
    ) => ({
      ...{ name, kind, share: this.#settings[name] },
      make: (roll: number) => this.#addressed(subscription, other(roll)),
    });
    return {
      ...itself,
      url: subscription.url,
      isWanted: () => this.#subscriptions.has(subscription.id),
      forged: (roll) => {
        const envelope = envelopeOf(this.#parts.agency, happening, itself.about.eventId, subscription.id, 1);
        return { letter: forge(roll, envelope, subscription.token) };
      },
      followedBy: [
        follower('unknownTypes', 'unknown type', (roll) => strangeHappening(roll, atMs)),
        follower('otherSources', 'other source', (roll) => foreignHappening(roll, atMs)),
      ],
    };
  }

  #addressed({ id, token }: Subscription, happening: Happening): Pick<Mail, 'about' | 'compose'> {
    // Not of the seed: a receiver that remembers ids would take the events of a second start for those of the first.
    const eventId = randomUUID();
    return {
      about: { subscriptionId: id, eventId, type: happening.type, entityId: happening.entity.id },
      compose: (attempt) => {
        const letter = letterOf(envelopeOf(this.#parts.agency, happening, eventId, id, attempt), token);
        if (!this.#settings.timestampHeader) return letter;
        return { ...letter, headers: { ...letter.headers, 'x-notion-timestamp': String(this.#parts.clock.nowMs()) } };
      },
    };
  }
}
