import { type Die, die, oneIn, oneOf } from '../../../simulation/dice.js';
import { FIRST_NAMES, LAST_NAMES, MIDDLE_NAMES } from './words.js';

/** The parts of a name; each may be missing, as the vendor's data shows. */
export type PersonName = { first: string | null; middle: string | null; last: string | null };

/** Makes the names of one group of people, addressed by index. */
export function people(seed: number, group: string): (index: number) => PersonName {
  const first: Die = die(seed, `${group} first name`);
  const middle: Die = die(seed, `${group} middle name`);
  const last: Die = die(seed, `${group} last name`);
  const gap: Die = die(seed, `${group} name gap`);
  return (index) => {
    const missing = gap(index) % 40;
    return {
      first: missing === 1 || missing === 3 ? null : missing === 4 ? '' : oneOf(FIRST_NAMES, first(index)),
      middle: oneIn(6, middle(index)) ? oneOf(MIDDLE_NAMES, middle(index + 1)) : null,
      last: missing === 2 || missing === 3 ? null : oneOf(LAST_NAMES, last(index)),
    };
  };
}

/** The name in one line, or null where no part is known. */
export function fullName(name: PersonName): string | null {
  const known: string[] = [];
  if (name.first) known.push(name.first);
  if (name.middle) known.push(name.middle);
  if (name.last) known.push(name.last);
  return known.length > 0 ? known.join(' ') : null;
}
