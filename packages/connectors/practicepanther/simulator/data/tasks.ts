import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { belonging, type FirmParts } from './belonging.js';
import { idSpace } from './identifiers.js';
import { TASK_PRIORITIES, TASK_STATUSES, type Task } from './record-shapes.js';
import type { Source } from './source.js';
import { noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatDateOnly, formatVendorTime } from './timestamps.js';
import { TASK_SUBJECTS, TASK_TAGS } from './words.js';

const DAY = 86_400_000;

/** Makes the tasks. Most hang on a matter, some on an account alone, a few on nothing; a few have no status. */
export function taskSource(seed: number, size: number, parts: FirmParts): Source {
  const { users, contacts } = parts;
  const ids = idSpace(seed, 'tasks');
  const times = timeline(seed, 'tasks', size);
  const belongsTo = belonging(seed, 'task', parts);
  const parent = die(seed, 'task parent');
  const subject = die(seed, 'task subject');
  const mix = die(seed, 'task mix');
  const note = die(seed, 'task note');
  const assigned = die(seed, 'task users');

  const subjectOf = (slot: number): string => `${oneOf(TASK_SUBJECTS, subject(slot))} #${1 + (subject(slot) % 900)}`;

  function derive(slot: number): Task {
    const roll = mix(slot);
    const created = times.createdMs(slot);
    return {
      id: ids.idOf(slot),
      ...belongsTo(slot),
      subject: subjectOf(slot),
      notes: noteOf(note(slot)),
      priority: oneOf(TASK_PRIORITIES, slot < 3 ? slot : roll),
      // The first slots go through all statuses and the missing one, for the smallest data sets.
      status: slot === 4 || oneIn(50, roll >>> 3) ? null : oneOf(TASK_STATUSES, slot < 4 ? slot : roll >>> 9),
      due_date: oneIn(6, roll >>> 5) ? null : formatDateOnly(created + (1 + (roll % 60)) * DAY),
      assigned_to_users: users.assigned(assigned(slot)),
      assigned_to_contacts:
        oneIn(4, roll >>> 7) && contacts.size > 0 ? [contacts.reference(parent(slot) % contacts.size)] : [],
      tags: oneIn(4, roll >>> 11) ? [oneOf(TASK_TAGS, roll >>> 13)] : [],
      created_at: formatVendorTime(created),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  return { size, ids, ...times, sortKey: subjectOf, derive };
}
