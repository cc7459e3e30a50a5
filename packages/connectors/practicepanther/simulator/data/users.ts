import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { idSpace } from './identifiers.js';
import type { User, UserReference } from './record-shapes.js';
import type { Source } from './source.js';
import { timeline } from './timeline.js';
import { formatVendorTime } from './timestamps.js';
import { FIRST_NAMES, LAST_NAMES } from './words.js';

/** The firm's users, and who of them a record is assigned to. */
export interface UserSource extends Source {
  /** None, one or two users, as references. The lists are shared: do not change them. */
  assigned(roll: number): readonly UserReference[];
  /** One user, as a reference. */
  one(roll: number): UserReference | null;
}

/** Makes the users of a firm. The first is the one the API answers as `me`. */
export function userSource(seed: number, size: number): UserSource {
  const ids = idSpace(seed, 'users');
  const times = timeline(seed, 'users', size);
  const first = die(seed, 'user first name');
  const last = die(seed, 'user last name');
  const gone = die(seed, 'user left');

  function names(slot: number): { first: string; last: string } {
    return { first: oneOf(FIRST_NAMES, first(slot)), last: oneOf(LAST_NAMES, last(slot)) };
  }
  const email = (slot: number): string => `user${slot + 1}@firm.example`;

  function derive(slot: number): User {
    const name = names(slot);
    return {
      id: ids.idOf(slot),
      is_active: slot === 0 || !oneIn(6, gone(slot)),
      display_name: `${name.first} ${name.last}`,
      first_name: name.first,
      last_name: name.last,
      middle_name: null,
      email: email(slot),
      created_at: formatVendorTime(times.createdMs(slot)),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  const references = Array.from({ length: size }, (_, slot): UserReference => {
    const name = names(slot);
    return { id: ids.idOf(slot), display_name: `${name.first} ${name.last}`, email_address: email(slot) };
  });
  // Every list a record may carry, made once: a million records share them.
  const lists: readonly UserReference[][] = [
    [],
    ...references.map((user) => [user]),
    ...references.slice(1).map((user, at) => [user, references[at] as UserReference]),
  ];

  return {
    size,
    ids,
    ...times,
    sortKey: (slot) => derive(slot).display_name,
    derive,
    assigned: (roll) => oneOf(lists, roll),
    one: (roll) => references[roll % Math.max(size, 1)] ?? null,
  };
}
