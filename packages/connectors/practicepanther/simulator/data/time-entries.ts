import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import type { FirmParts } from './belonging.js';
import { idSpace } from './identifiers.js';
import type { TimeEntry } from './record-shapes.js';
import type { Source } from './source.js';
import { noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatDateOnly, formatVendorTime } from './timestamps.js';
import { BILLING_ITEMS, TASK_CODES, WORK_DONE } from './words.js';

/** Makes the hours that users wrote down: each on a matter, by a user. */
export function timeEntrySource(seed: number, size: number, parts: FirmParts): Source {
  const { users, accounts, matters } = parts;
  const ids = idSpace(seed, 'time entries');
  const items = idSpace(seed, 'items');
  const times = timeline(seed, 'time entries', size);
  const parent = die(seed, 'time entry matter');
  const work = die(seed, 'time entry work');
  const mix = die(seed, 'time entry mix');

  const descriptionOf = (slot: number): string | null =>
    oneIn(25, work(slot)) ? null : `${oneOf(WORK_DONE, work(slot))} #${1 + (work(slot) % 900)}`;

  function derive(slot: number): TimeEntry {
    const roll = mix(slot);
    const created = times.createdMs(slot);
    const matter = matters.size > 0 ? parent(slot) % matters.size : undefined;
    const account = matter === undefined ? undefined : matters.accountOf(matter);
    const isBillable = !oneIn(4, roll);
    const item = (roll >>> 9) % BILLING_ITEMS.length;
    return {
      id: ids.idOf(slot),
      is_billable: isBillable,
      is_billed: isBillable && oneIn(2, roll >>> 3),
      date: formatDateOnly(created),
      // Six minutes are the smallest unit that lawyers bill; 0.1 is what a double cannot say exactly.
      hours: (1 + (roll % 80)) / 10,
      rate: oneIn(12, roll >>> 5) ? null : 90 + (work(slot) % 4000) / 10,
      description: descriptionOf(slot),
      private_notes: oneIn(5, roll >>> 7) ? noteOf(work(slot)) : null,
      account_ref: account === undefined ? null : accounts.reference(account),
      matter_ref: matter === undefined ? null : matters.reference(matter),
      billed_by_user_ref: users.one(roll >>> 2),
      item_ref: oneIn(4, roll >>> 8) ? { id: items.idOf(item), name: BILLING_ITEMS[item] ?? '' } : null,
      task_code: oneIn(3, roll >>> 10) ? oneOf(TASK_CODES, roll >>> 12) : null,
      created_at: formatVendorTime(created),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  return { size, ids, ...times, sortKey: descriptionOf, derive };
}
