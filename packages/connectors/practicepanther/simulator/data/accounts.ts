import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { customFields } from './custom-fields.js';
import { idSpace } from './identifiers.js';
import { isCompany } from './membership.js';
import { fullName, type PersonName, people } from './people.js';
import type { AccountFields, AccountReference } from './record-shapes.js';
import type { Source } from './source.js';
import { noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatVendorTime } from './timestamps.js';
import type { UserSource } from './users.js';
import { ACCOUNT_TAGS, COMPANY_HEADS, COMPANY_TAILS, PLACES, STREETS } from './words.js';

/** The accounts of the firm, and what other records need to know of them. */
export interface AccountSource extends Source {
  displayName(slot: number): string;
  reference(slot: number): AccountReference;
  /** The person an account that is no company stands for; its primary contact carries this name. */
  person(slot: number): PersonName;
  archived(slot: number): boolean;
}

/** Makes the accounts, without the contacts nested in them. */
export function accountSource(seed: number, size: number, users: UserSource): AccountSource {
  const ids = idSpace(seed, 'accounts');
  const times = timeline(seed, 'accounts', size);
  const person = people(seed, 'account');
  const values = customFields(seed, 'company');
  const head = die(seed, 'company head');
  const tail = die(seed, 'company tail');
  const place = die(seed, 'account place');
  const gaps = die(seed, 'account gaps');
  const note = die(seed, 'account note');
  const assigned = die(seed, 'account users');
  const archive = die(seed, 'account archived');

  function displayName(slot: number): string {
    if (!isCompany(slot)) return fullName(person(slot)) ?? `Client ${1001 + slot}`;
    return `${oneOf(COMPANY_HEADS, head(slot))} ${oneOf(COMPANY_TAILS, tail(slot))}`;
  }

  function derive(slot: number): AccountFields {
    const company = isCompany(slot);
    const [city, state, zip, country] = oneOf(PLACES, place(slot));
    const gap = gaps(slot);
    const known = !oneIn(5, gap);
    const name = displayName(slot);
    return {
      id: ids.idOf(slot),
      display_name: name,
      number: 1001 + slot,
      company_name: company ? name : null,
      address_street_1: known ? `${1 + (gap % 900)} ${oneOf(STREETS, gap >>> 4)}` : null,
      address_street_2: oneIn(4, gap >>> 3) ? `Suite ${gap % 60}` : oneIn(9, gap >>> 5) ? '' : null,
      address_city: known ? city : null,
      address_state: known ? state : null,
      address_country: known || oneIn(2, gap >>> 7) ? country : null,
      address_zip_code: known ? zip : null,
      tags: oneIn(3, gap >>> 9) ? [oneOf(ACCOUNT_TAGS, gap >>> 11)] : [],
      company_custom_field_values: company ? values(slot, () => null) : [],
      assigned_to_users: users.assigned(assigned(slot)),
      created_at: formatVendorTime(times.createdMs(slot)),
      updated_at: formatVendorTime(times.updatedMs(slot)),
      notes: company ? noteOf(note(slot)) : null,
    };
  }

  return {
    size,
    ids,
    ...times,
    sortKey: displayName,
    derive,
    displayName,
    reference: (slot) => ({ id: ids.idOf(slot), display_name: displayName(slot) }),
    person,
    // A fixed slot besides the roll: an archived client exists in the smallest data set too.
    archived: (slot) => slot === 3 || oneIn(17, archive(slot)),
  };
}
