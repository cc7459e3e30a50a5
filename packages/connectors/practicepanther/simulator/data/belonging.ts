import { die } from '../../../simulation/dice.js';
import type { AccountSource } from './accounts.js';
import type { ContactSource } from './contacts.js';
import type { MatterSource } from './matters.js';
import type { AccountReference, MatterReference } from './record-shapes.js';
import type { UserSource } from './users.js';

/** Who and what activities are about. */
export interface FirmParts {
  readonly users: UserSource;
  readonly accounts: AccountSource;
  readonly contacts: ContactSource;
  readonly matters: MatterSource;
}

/** What an activity (a task, a note, an email, an event) belongs to. */
export interface Belonging {
  readonly account_ref: AccountReference | null;
  readonly matter_ref: MatterReference | null;
}

/** Hangs the activities of one kind on something: most on a matter, some on an account alone, a few on nothing. */
export function belonging(seed: number, name: string, { accounts, matters }: FirmParts): (slot: number) => Belonging {
  const parent = die(seed, `${name} parent`);
  const link = die(seed, `${name} link`);
  return (slot) => {
    const kind = link(slot) % 20;
    const matter = kind < 17 && matters.size > 0 ? parent(slot) % matters.size : undefined;
    const account =
      matter !== undefined ? matters.accountOf(matter) : accounts.size > 0 ? parent(slot) % accounts.size : undefined;
    return {
      account_ref: account === undefined || kind === 19 || kind === 16 ? null : accounts.reference(account),
      matter_ref: matter === undefined ? null : matters.reference(matter),
    };
  };
}
