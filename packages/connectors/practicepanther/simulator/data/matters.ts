import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import type { AccountSource } from './accounts.js';
import type { ContactSource } from './contacts.js';
import { customFields } from './custom-fields.js';
import { idSpace } from './identifiers.js';
import { MATTER_STATUSES, type Matter, type MatterReference, type MatterStatus } from './record-shapes.js';
import type { Source } from './source.js';
import { noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatDateOnly, formatVendorTime } from './timestamps.js';
import type { UserSource } from './users.js';
import { MATTER_TAGS, MATTER_TOPICS, RATES } from './words.js';

const DAY = 86_400_000;
/** Weights by repetition: most matters are open or closed. */
const STATUS_MIX: readonly MatterStatus[] = ['Open', 'Open', 'Open', 'Closed', 'Closed', 'Pending', 'Archived', 'Open'];

/** The matters of the firm, and what tasks need to know of them. */
export interface MatterSource extends Source {
  /** The account a matter belongs to, or undefined in a firm without accounts. */
  accountOf(slot: number): number | undefined;
  reference(slot: number): MatterReference;
}

/** Makes the matters. */
export function matterSource(
  seed: number,
  size: number,
  parts: { users: UserSource; accounts: AccountSource; contacts: ContactSource },
): MatterSource {
  const { users, accounts, contacts } = parts;
  const ids = idSpace(seed, 'matters');
  const times = timeline(seed, 'matters', size);
  const values = customFields(seed, 'matter');
  const client = die(seed, 'matter account');
  const agent = die(seed, 'matter contact');
  const topic = die(seed, 'matter topic');
  const mix = die(seed, 'matter mix');
  const note = die(seed, 'matter note');
  const assigned = die(seed, 'matter users');
  const stride = coprimeStride(size);

  // The number must not grow with the time of change, or the default order would hide a missing $orderby.
  const numberOf = (slot: number): number => 1001 + (slot < size ? (slot * stride) % size : slot);
  const accountOf = (slot: number): number | undefined =>
    accounts.size > 0 ? client(slot) % accounts.size : undefined;

  function nameOf(slot: number): string {
    const account = accountOf(slot);
    const subject = oneOf(MATTER_TOPICS, topic(slot));
    return account === undefined || oneIn(6, topic(slot)) ? subject : `${accounts.displayName(account)} - ${subject}`;
  }

  function derive(slot: number): Matter {
    const account = accountOf(slot);
    const roll = mix(slot);
    const created = times.createdMs(slot);
    const name = nameOf(slot);
    // The first slots go through all statuses, so that the smallest data set has each of them.
    const status = slot < MATTER_STATUSES.length ? oneOf(MATTER_STATUSES, slot) : oneOf(STATUS_MIX, roll);
    const ended = status === 'Closed' || status === 'Archived';
    return {
      id: ids.idOf(slot),
      account_ref: account === undefined ? null : accounts.reference(account),
      number: numberOf(slot),
      display_name: `${numberOf(slot)} - ${name}`,
      name,
      notes: noteOf(note(slot)),
      rate: oneOf(RATES, roll >>> 4),
      open_date: oneIn(9, roll >>> 6) ? null : formatDateOnly(created),
      close_date: ended && !oneIn(7, roll >>> 8) ? formatDateOnly(times.updatedMs(slot)) : null,
      statute_of_limitation_date: oneIn(5, roll >>> 10) ? formatDateOnly(created + 730 * DAY) : null,
      tags: oneIn(3, roll >>> 12) ? [oneOf(MATTER_TAGS, roll >>> 14)] : [],
      status,
      assigned_to_users: users.assigned(assigned(slot)),
      custom_field_values: values(slot, () =>
        contacts.size > 0 ? contacts.reference(agent(slot) % contacts.size) : null,
      ),
      created_at: formatVendorTime(created),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  return {
    size,
    ids,
    ...times,
    sortKey: numberOf,
    derive,
    accountOf,
    reference: (slot) => ({ id: ids.idOf(slot), display_name: `${numberOf(slot)} - ${nameOf(slot)}` }),
  };
}

/** A step near the golden section that shares no factor with `size`: walking by it visits every number once. */
function coprimeStride(size: number): number {
  let stride = Math.max(1, Math.floor(size * 0.618));
  const shared = (a: number, b: number): number => (b === 0 ? a : shared(b, a % b));
  while (size > 0 && shared(stride, size) !== 1) stride++;
  return stride;
}
