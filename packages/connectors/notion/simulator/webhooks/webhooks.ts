import { randomUUID } from 'node:crypto';
import type { VendorClock } from '../../../simulation/vendor-clock.js';
import type { StoreChange } from '../changes.js';
import type { Agency } from '../data/agency.js';
import { Courier, type Parcel } from './courier.js';
import { envelopeOf, foreignHappening, type Happening, happeningsOf, strangeHappening } from './events.js';
import { HeldBack } from './held-back.js';
import { letterOf } from './letter.js';
import { type Fate, fateOf, forge } from './mischief.js';
import { newToken, type Subscription, Subscriptions } from './subscriptions.js';
import { type DeliveryKind, type DeliveryReport, Tally } from './tally.js';
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
  readonly #courier: Courier;
  readonly #window: UpdateWindow;
  readonly #held: HeldBack;
  readonly #tally = new Tally();
  readonly #subscriptions = new Subscriptions();
  #next = 0;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    this.#settings = { ...parts.settings };
    this.#courier = new Courier(this.#settings);
    this.#window = new UpdateWindow(this.#courier, (change) => this.#publish(change));
    this.#held = new HeldBack(this.#courier);
  }

  /**
   * Makes a subscription and sends its handshake, once. Events follow when the token has come back by {@link verify}.
   * `status` is the receiver's answer, null when there was none. Throws for what is no URL.
   */
  async subscribe({ url, mode = 'signed', token = newToken() }: SubscribeRequest) {
    const { id } = this.#subscriptions.add(url, token, false);
    const letter = letterOf({ verification_token: token }, mode === 'signed' ? token : undefined);
    return { id, token, status: await this.#courier.post(url, letter) };
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
    return this.#tally.deliveries;
  }

  report() {
    const { pending } = this.#courier;
    const settings = { ...this.#settings };
    return { subscriptions: this.#subscriptions.report(), pending, ...this.#tally.report(), settings };
  }

  /** Resolves when all that has happened has been delivered, dropped or given up. */
  idle(): Promise<void> {
    return this.#courier.idle();
  }

  /** What the store tells. */
  hear(change: StoreChange): void {
    if (this.#subscriptions.verified().length > 0) this.#window.add(change, this.#settings.windowMs);
  }

  close(): void {
    this.#courier.close();
  }

  #publish(change: StoreChange): void {
    const { agency, clock, seed } = this.#parts;
    const subscriptions = this.#subscriptions.verified();
    for (const happening of happeningsOf(agency, change, clock.nowMs())) {
      for (const subscription of subscriptions) {
        const at = this.#next++;
        const fate = fateOf(this.#settings, this.#settings.seed ?? seed, at);
        const dispatch = () => this.#dispatch(subscription, happening, fate, at);
        const depart = fate.heldFor === 0 ? dispatch : () => this.#hold(at, fate, dispatch);
        this.#tally.events += 1;
        if (this.#settings.delayMs > 0) this.#courier.later(this.#settings.delayMs, depart);
        else depart();
      }
    }
  }

  #hold(at: number, { heldFor, holdMs }: Fate, dispatch: () => void): void {
    this.#tally.heldBack += 1;
    this.#held.add(at, heldFor, holdMs, dispatch);
  }

  #dispatch(subscription: Subscription, happening: Happening, fate: Fate, at: number): void {
    // Not of the seed: a receiver that remembers ids would take the events of a second start for those of the first.
    const eventId = randomUUID();
    const about = { subscriptionId: subscription.id, eventId, type: happening.type, entityId: happening.entity.id };
    const send = (kind: DeliveryKind, more: Partial<Parcel> = {}) =>
      this.#send(subscription, happening, { ...about, kind }, more);
    if (fate.isDropped) {
      this.#tally.note({ ...about, kind: 'event', attempt: 0, status: null, isDropped: true });
    } else {
      // Beside a real one and never alone: what a receiver does with it and without it has to be the same.
      if (fate.forgery !== undefined) {
        const envelope = envelopeOf(this.#parts.agency, happening, eventId, subscription.id, 1);
        const letter = forge(fate.forgery, envelope, subscription.token);
        send('forged', { compose: () => letter, attempts: 1 });
      }
      send('event', { onFirstAnswer: () => this.#held.answered(at), onGivenUp: () => (this.#tally.givenUp += 1) });
      for (let copy = 0; copy < fate.copies; copy += 1) send('copy', { attempts: 1 });
    }
    const extra = (kind: DeliveryKind, other: Happening) => {
      const itself = { eventId: randomUUID(), type: other.type, entityId: other.entity.id };
      this.#send(subscription, other, { ...about, ...itself, kind });
    };
    if (fate.strange !== undefined) extra('unknown type', strangeHappening(fate.strange, happening.atMs));
    if (fate.foreign !== undefined) extra('other source', foreignHappening(fate.foreign, happening.atMs));
  }

  #send(
    { id, url, token }: Subscription,
    happening: Happening,
    about: Omit<DeliveryReport, 'attempt' | 'status' | 'isDropped'>,
    more: Partial<Parcel> = {},
  ): void {
    this.#courier.send({
      url,
      compose: (attempt) => {
        const letter = letterOf(envelopeOf(this.#parts.agency, happening, about.eventId, id, attempt), token);
        if (!this.#settings.timestampHeader) return letter;
        return { ...letter, headers: { ...letter.headers, 'x-notion-timestamp': String(this.#parts.clock.nowMs()) } };
      },
      onAnswer: (attempt, status) => this.#tally.note({ ...about, attempt, status, isDropped: false }),
      isWanted: () => this.#subscriptions.has(id),
      ...more,
    });
  }
}
