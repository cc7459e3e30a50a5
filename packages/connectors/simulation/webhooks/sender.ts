import { die, fraction } from '../dice.js';
import { Courier, type Parcel } from './courier.js';
import { HeldBack } from './held-back.js';
import type { Letter } from './letter.js';
import type { SenderSettings } from './sender-settings.js';
import { type DeliveryKind, type DeliveryReport, Tally } from './tally.js';

/** An event for one receiver. */
export interface Mail {
  readonly url: string;
  readonly about: Pick<DeliveryReport, 'subscriptionId' | 'eventId' | 'type' | 'entityId'>;
  /** The request of an attempt, from 1 on. */
  readonly compose: (attempt: number) => Letter;
  /** False once the receiver does not want it any more. */
  readonly isWanted: () => boolean;
  /** What somebody sends beside it who is not the vendor. */
  readonly forged: (roll: number) => Forged;
  /** What the vendor sends after it, each with what its share of the settings is; at once, and with no mischief of its own. */
  readonly followedBy?: readonly Follower[];
}

export interface Forged {
  readonly letter: Letter;
  /** Default: where the event goes. */
  readonly url?: string;
}

interface Follower {
  /** Names the die, so that it strikes the same events whatever else is sent. */
  readonly name: string;
  readonly share: number;
  readonly kind: DeliveryKind;
  readonly make: (roll: number) => Pick<Mail, 'about' | 'compose'>;
}

/** Sends events to those who want them, and as badly as it is told to. */
export class Sender {
  readonly courier: Courier;
  readonly tally = new Tally();
  readonly #settings: Readonly<SenderSettings>;
  readonly #seed: number;
  readonly #held: HeldBack;
  #next = 0;

  /** `settings` may change at any time. */
  constructor(settings: Readonly<SenderSettings>, seed: number) {
    this.#settings = settings;
    this.#seed = seed;
    this.courier = new Courier(settings);
    this.#held = new HeldBack(this.courier);
  }

  publish(mail: Mail): void {
    const at = this.#next++;
    const { delayMs, holdMs } = this.#settings;
    // By the seed, whatever else is sent and however long it takes.
    const roll = (what: string) => die(this.#settings.seed ?? this.#seed, `webhook ${what}`)(at);
    const isDropped = fraction(roll('drop')) < this.#settings.drop;
    const isHeld = fraction(roll('reorder')) < this.#settings.reorder && !isDropped;
    const dispatch = () => this.#dispatch(mail, at, roll, isDropped);
    const depart = () => {
      if (!isHeld) return dispatch();
      this.tally.heldBack += 1;
      this.#held.add(at, 1 + (roll('held for') % 4), holdMs * (1 + fraction(roll('hold'))), dispatch);
    };
    this.tally.events += 1;
    if (delayMs > 0) this.courier.later(delayMs, depart);
    else depart();
  }

  report() {
    return { pending: this.courier.pending, ...this.tally.report(), settings: { ...this.#settings } };
  }

  #dispatch(mail: Mail, at: number, roll: (what: string) => number, isDropped: boolean): void {
    const strikes = (what: string, share: number) => fraction(roll(what)) < share;
    if (isDropped) {
      this.tally.note({ ...mail.about, kind: 'event', attempt: 0, status: null, isDropped: true });
    } else {
      // Beside a real one and never alone: what a receiver does with it and without it has to be the same.
      if (strikes('forge', this.#settings.forge)) {
        const { letter, url = mail.url } = mail.forged(roll('forgery'));
        this.#send(mail, 'forged', { url, compose: () => letter, attempts: 1 });
      }
      const onGivenUp = () => (this.tally.givenUp += 1);
      this.#send(mail, 'event', { onFirstAnswer: () => this.#held.answered(at), onGivenUp });
      const copies = strikes('duplicate', this.#settings.duplicate) ? 1 + (roll('copies') % 2) : 0;
      for (let copy = 0; copy < copies; copy += 1) this.#send(mail, 'copy', { attempts: 1 });
    }
    for (const { name, share, kind, make } of mail.followedBy ?? []) {
      if (strikes(name, share)) this.#send({ ...mail, ...make(roll(`${name} what`)) }, kind);
    }
  }

  #send({ url, about, compose, isWanted }: Mail, kind: DeliveryKind, more: Partial<Parcel> = {}): void {
    this.courier.send({
      ...{ url, compose, isWanted },
      onAnswer: (attempt, status) => this.tally.note({ ...about, kind, attempt, status, isDropped: false }),
      ...more,
    });
  }
}
