import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { belonging, type FirmParts } from './belonging.js';
import { idSpace } from './identifiers.js';
import type { Note } from './record-shapes.js';
import type { Source } from './source.js';
import { noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatVendorTime } from './timestamps.js';
import { NOTE_SUBJECTS, TASK_TAGS } from './words.js';

/** Makes the notes that the firm takes on its matters. */
export function noteSource(seed: number, size: number, parts: FirmParts): Source {
  const ids = idSpace(seed, 'notes');
  const times = timeline(seed, 'notes', size);
  const belongsTo = belonging(seed, 'note', parts);
  const subject = die(seed, 'note subject');
  const text = die(seed, 'note text');
  const mix = die(seed, 'note mix');

  const subjectOf = (slot: number): string => `${oneOf(NOTE_SUBJECTS, subject(slot))} #${1 + (subject(slot) % 900)}`;

  function derive(slot: number): Note {
    const roll = mix(slot);
    const created = times.createdMs(slot);
    return {
      id: ids.idOf(slot),
      ...belongsTo(slot),
      subject: subjectOf(slot),
      note: noteOf(text(slot)),
      assigned_to_users: parts.users.assigned(roll),
      date: oneIn(9, roll >>> 4) ? null : formatVendorTime(created - (roll % 7200) * 1000),
      tags: oneIn(4, roll >>> 11) ? [oneOf(TASK_TAGS, roll >>> 13)] : [],
      created_at: formatVendorTime(created),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  return { size, ids, ...times, sortKey: subjectOf, derive };
}
