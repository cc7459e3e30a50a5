import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { belonging, type FirmParts } from './belonging.js';
import { idSpace } from './identifiers.js';
import type { CalendarEvent } from './record-shapes.js';
import type { Source } from './source.js';
import { noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatDateOnly, formatVendorTime } from './timestamps.js';
import { EVENT_PLACES, EVENT_SUBJECTS, TASK_TAGS } from './words.js';

const DAY = 86_400_000;
const QUARTER_OF_AN_HOUR = 900_000;

/** Makes the firm's calendar. Events lie up to four months after their creation; a few lie before it. */
export function eventSource(seed: number, size: number, parts: FirmParts): Source {
  const { users, contacts } = parts;
  const ids = idSpace(seed, 'events');
  const times = timeline(seed, 'events', size);
  const belongsTo = belonging(seed, 'event', parts);
  const subject = die(seed, 'event subject');
  const when = die(seed, 'event when');
  const note = die(seed, 'event note');
  const mix = die(seed, 'event mix');

  const subjectOf = (slot: number): string => `${oneOf(EVENT_SUBJECTS, subject(slot))} #${1 + (subject(slot) % 900)}`;

  function derive(slot: number): CalendarEvent {
    const roll = mix(slot);
    const created = times.createdMs(slot);
    const start = quarter(created + ((when(slot) % 130) - 10) * DAY);
    const isAllDay = oneIn(4, roll);
    return {
      id: ids.idOf(slot),
      ...belongsTo(slot),
      subject: subjectOf(slot),
      location: oneIn(3, roll >>> 4) ? null : oneOf(EVENT_PLACES, roll >>> 6),
      notes: noteOf(note(slot)),
      is_all_day: isAllDay,
      start_date_time: isAllDay ? formatDateOnly(start) : formatVendorTime(start),
      end_date_time: isAllDay
        ? formatDateOnly(start + (roll % 3) * DAY)
        : formatVendorTime(start + (1 + (roll % 12)) * QUARTER_OF_AN_HOUR),
      tags: oneIn(4, roll >>> 11) ? [oneOf(TASK_TAGS, roll >>> 13)] : [],
      assigned_to_users: users.assigned(roll >>> 2),
      assigned_to_contacts:
        oneIn(4, roll >>> 7) && contacts.size > 0 ? [contacts.reference(when(slot) % contacts.size)] : [],
      created_at: formatVendorTime(created),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  return { size, ids, ...times, sortKey: subjectOf, derive };
}

function quarter(ms: number): number {
  return Math.floor(ms / QUARTER_OF_AN_HOUR) * QUARTER_OF_AN_HOUR;
}
