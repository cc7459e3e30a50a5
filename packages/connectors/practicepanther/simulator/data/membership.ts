import { die } from '../../../simulation/dice.js';

/** One account in eight is a company; only companies have more than one contact. */
const COMPANY_EVERY = 8;

/** Tells whether the account in a slot is a company. */
export function isCompany(account: number): boolean {
  return account % COMPANY_EVERY === 0;
}

/**
 * Which contacts belong to which account, primary first. The base layout is two flat arrays; what mutations
 * change is kept beside it.
 */
export class Membership {
  readonly #first: Uint32Array;
  readonly #accountOf: Uint32Array;
  readonly #changed = new Map<number, number[]>();
  readonly #joined = new Map<number, number>();

  constructor(seed: number, accounts: number, contacts: number) {
    const surplus = spreadSurplus(seed, accounts, contacts);
    this.#first = new Uint32Array(accounts + 1);
    this.#accountOf = new Uint32Array(accounts === 0 ? 0 : contacts);
    let next = 0;
    for (let account = 0; account < accounts; account++) {
      const members = Math.min(1 + (surplus[account] ?? 0), contacts - next);
      this.#accountOf.fill(account, next, next + members);
      next += members;
      this.#first[account + 1] = next;
    }
  }

  /** The contacts of an account, primary first. */
  contactsOf(account: number): readonly number[] {
    const changed = this.#changed.get(account);
    if (changed) return changed;
    const from = this.#first[account] ?? 0;
    const to = this.#first[account + 1] ?? from;
    return Array.from({ length: to - from }, (_, at) => from + at);
  }

  /** The account of a contact, also of a deleted one: it returns to it when it is restored. */
  accountOf(contact: number): number {
    return this.#joined.get(contact) ?? this.#accountOf[contact] ?? 0;
  }

  /**
   * Whether a contact came into its account as the primary one. Later promotions do not count: what other base
   * records say of a contact must not change under them.
   */
  startedAsPrimary(contact: number): boolean {
    const account = this.accountOf(contact);
    if (contact < this.#accountOf.length) return this.#first[account] === contact;
    return this.contactsOf(account)[0] === contact;
  }

  /** Puts a contact last in an account. */
  join(contact: number, account: number): void {
    this.#joined.set(contact, account);
    this.#changed.set(account, [...this.contactsOf(account).filter((member) => member !== contact), contact]);
  }

  /** Takes a contact out of its account. */
  leave(contact: number): void {
    const account = this.accountOf(contact);
    this.#changed.set(
      account,
      this.contactsOf(account).filter((member) => member !== contact),
    );
  }
}

/** Gives the contacts beyond one an account to companies, one to five at a time, starting at a seeded place. */
function spreadSurplus(seed: number, accounts: number, contacts: number): Uint32Array {
  const surplus = new Uint32Array(accounts);
  const companies = Math.ceil(accounts / COMPANY_EVERY);
  const roll = die(seed, 'contacts of a company');
  let left = accounts === 0 ? 0 : Math.max(contacts - accounts, 0);
  const start = companies === 0 ? 0 : roll(0) % companies;
  // A stride through the companies instead of the first ones: large companies are then found at every age.
  const stride = companies % 3 === 0 ? 1 : 3;
  for (let turn = 0; left > 0; turn++) {
    const account = ((start + turn * stride) % companies) * COMPANY_EVERY;
    const more = Math.min(left, 1 + (roll(turn + 1) % 5));
    surplus[account] = (surplus[account] ?? 0) + more;
    left -= more;
  }
  return surplus;
}
