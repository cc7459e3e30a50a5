import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { type Day, isoDay } from './calendar.js';
import type { Merchant } from './merchants.js';

export interface Transaction {
  readonly id: number;
  readonly day: Day;
  readonly type: string;
  readonly cents: number;
  readonly cardholder: string;
  readonly authCode: string;
  readonly posEntryMode: string;
  readonly invoiceNumber: string;
  readonly rejected: string | null;
}

export interface Batch {
  readonly day: Day;
  readonly reference: string;
  readonly terminal: string;
  readonly transactions: readonly Transaction[];
}

const CARDS = ['4111********1111', '5500********0004', '3712*******1234'];
/** Every so manieth merchant has two terminals, and so two batches a day. */
const TWO_TERMINALS = 10;

/**
 * Everybody's batches, made when they are asked for: a million transactions weigh nothing. Each day that a merchant is open
 * has its share of all transactions, so that there are exactly as many as were asked for.
 */
export class Ledger {
  readonly #seed: number;
  readonly #transactions: number;
  /** Open days of all merchants before this one; the last one is of all. */
  readonly #daysBefore: number[] = [0];

  constructor(seed: number, merchants: readonly Merchant[], transactions: number | undefined) {
    this.#seed = seed;
    for (const { from, until } of merchants) this.#daysBefore.push((this.#daysBefore.at(-1) ?? 0) + until - from);
    this.#transactions = transactions ?? this.days * 10;
  }

  /** How many there are in all. */
  get transactions(): number {
    return this.days === 0 ? 0 : this.#transactions;
  }

  private get days(): number {
    return this.#daysBefore.at(-1) ?? 0;
  }

  /** A merchant's batches from one day to another, both included, by day. */
  *batches(merchant: Merchant, from: Day, to: Day): Generator<Batch> {
    const before = this.#daysBefore[merchant.at];
    if (before === undefined) return;
    for (let day = Math.max(from, merchant.from); day <= Math.min(to, merchant.until - 1); day += 1) {
      const slot = before + day - merchant.from;
      const all = Array.from({ length: this.#upTo(slot + 1) - this.#upTo(slot) }, (_, i) => this.#upTo(slot) + i);
      const terminals = merchant.at % TWO_TERMINALS === 2 ? 2 : 1;
      for (let terminal = 1; terminal <= terminals; terminal += 1) {
        const own = all.filter((number) => number % terminals === terminal - 1);
        if (own.length === 0) continue;
        yield {
          day,
          reference: `${isoDay(day).replaceAll('-', '')}${String(terminal).padStart(4, '0')}`,
          terminal: String(terminal).padStart(4, '0'),
          transactions: own.map((number) => this.#transaction(number, day)),
        };
      }
    }
  }

  /** How many transactions there are before an open day, counted over all merchants. */
  #upTo(slot: number): number {
    return this.days === 0 ? 0 : Math.floor((slot * this.#transactions) / this.days);
  }

  #transaction(number: number, day: Day): Transaction {
    const roll = die(this.#seed, 'transactions')(number);
    const isReturn = oneIn(37, roll);
    const cents = 101 + (roll % 49_999);
    return {
      id: 800_000 + number,
      day,
      type: isReturn ? 'RETURN' : 'SALE',
      cents: isReturn ? -cents : cents,
      cardholder: oneOf(CARDS, roll >>> 3),
      authCode: String(roll % 1_000_000).padStart(6, '0'),
      posEntryMode: oneOf(['SWIPED', 'CHIP', 'KEYED'], roll >>> 5),
      invoiceNumber: String(1 + (number % 900)),
      rejected: oneIn(97, roll) ? 'INVALID SEC CODE' : null,
    };
  }
}
