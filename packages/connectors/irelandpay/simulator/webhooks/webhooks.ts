import { randomUUID } from 'node:crypto';
import { oneOf } from '../../../simulation/dice.js';
import type { Letter } from '../../../simulation/webhooks/letter.js';
import { type Forged, type Mail, Sender } from '../../../simulation/webhooks/sender.js';
import type { DeliveryReport } from '../../../simulation/webhooks/tally.js';
import { rawJson } from '../api/raw-json.js';
import type { StoreChange } from '../changes.js';
import type { Quirks } from '../quirks.js';
import { type Happening, happeningOf, strangeHappening, testHappening } from './events.js';
import { type Subscription, Subscriptions } from './subscriptions.js';
import type { WebhookSettings } from './webhook-settings.js';

interface WebhookParts {
  readonly quirks: Quirks;
  readonly seed: number;
  readonly settings: WebhookSettings;
}

/** The sender: tells subscribers what happens in the books, as the vendor does, and as badly as it is told to. */
export class Webhooks {
  readonly subscriptions = new Subscriptions();
  readonly #parts: WebhookParts;
  readonly #settings: WebhookSettings;
  readonly #sender: Sender;
  /** What waits for others to be reported with, by subscription and event. */
  readonly #gathered = new Map<string, Happening[]>();
  #requests = 0;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    this.#settings = { ...parts.settings };
    this.#sender = new Sender(this.#settings, parts.seed);
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

  /** Without the addresses: they are secrets of the receivers. */
  report() {
    const subscriptions = this.subscriptions.all().map(({ id, events, status }) => ({ id, events, status }));
    return { subscriptions, ...this.#sender.report(), settings: { ...this.#settings } };
  }

  /** Resolves when all that has happened has been delivered, dropped or given up. */
  idle(): Promise<void> {
    return this.#sender.courier.idle();
  }

  /** What the store tells. */
  hear(change: StoreChange): void {
    this.#tell(happeningOf(this.#parts.quirks, change));
  }

  /** What somebody in the CRM does to see whether a subscription works. */
  test(): void {
    this.#tell(testHappening);
  }

  close(): void {
    this.#sender.courier.close();
  }

  #tell(happening: Happening): void {
    for (const subscription of this.subscriptions.all()) {
      if (!this.subscriptions.wants(subscription.id, happening.event)) continue;
      if (subscription.multiple_at_once && this.#settings.windowMs > 0) this.#gather(subscription, happening);
      else this.#publish(subscription, [happening]);
    }
  }

  #gather(subscription: Subscription, happening: Happening): void {
    const key = `${subscription.id} ${happening.event}`;
    const waiting = this.#gathered.get(key);
    if (waiting !== undefined) {
      waiting.push(happening);
      return;
    }
    const gathered = [happening];
    this.#gathered.set(key, gathered);
    this.#sender.courier.later(this.#settings.windowMs, () => {
      this.#gathered.delete(key);
      this.#publish(subscription, gathered);
    });
  }

  #publish(subscription: Subscription, happenings: readonly Happening[]): void {
    const { id, url } = subscription;
    const [{ event } = testHappening] = happenings;
    const itself = this.#addressed(subscription, happenings);
    this.#sender.publish({
      ...{ ...itself, url },
      isWanted: () => this.subscriptions.wants(id, event),
      forged: (roll) => forgedAt(url, itself.compose(1), roll),
      followedBy: [
        {
          ...{ name: 'unknownTypes', share: this.#settings.unknownTypes, kind: 'unknown type' },
          make: () => this.#addressed(subscription, [strangeHappening]),
        },
      ],
    });
  }

  #addressed({ id }: Subscription, happenings: readonly Happening[]): Pick<Mail, 'about' | 'compose'> {
    const [first = testHappening] = happenings;
    this.#requests += 1;
    const hook = { requestId: this.#settings.countRequests ? this.#requests : 1, event: first.event };
    const items = happenings.map(({ item }) => item);
    const letter = letterOf({ hook, data: first.list === undefined ? first.item : { [first.list]: items } });
    const about = happenings.map((one) => one.about).join(' ');
    return {
      about: { subscriptionId: String(id), eventId: randomUUID(), type: first.event, entityId: about },
      // The same bytes at each attempt.
      compose: () => letter,
    };
  }
}

function letterOf(content: object): Letter {
  return { body: rawJson(content).body as Buffer, headers: { 'user-agent': 'irelandpay-simulator' } };
}

const FORGERIES = ['another token', 'a part of the token', 'no token'] as const;

/** The same as somebody would send it who does not know the address, and knows where such addresses begin. */
function forgedAt(url: string, letter: Letter, roll: number): Forged {
  const at = url.lastIndexOf('/') + 1;
  const [base, token] = [url.slice(0, at), url.slice(at)];
  switch (oneOf(FORGERIES, roll)) {
    case 'another token':
      return { letter, url: `${base}${[...token].reverse().join('')}` };
    case 'a part of the token':
      return { letter, url: `${base}${token.slice(0, -1)}` };
    case 'no token':
      return { letter, url: base.slice(0, -1) };
  }
}
