import { die, oneIn, oneOf } from '../../../simulation/dice.js';
import { belonging, type FirmParts } from './belonging.js';
import { idSpace } from './identifiers.js';
import type { Email, EmailAddress, UserReference } from './record-shapes.js';
import type { Source } from './source.js';
import { emailOf, noteOf } from './texts.js';
import { timeline } from './timeline.js';
import { formatVendorTime } from './timestamps.js';
import { EMAIL_SUBJECTS, LAST_NAMES, TASK_TAGS } from './words.js';

/** Makes the emails that were filed on matters. */
export function emailSource(seed: number, size: number, parts: FirmParts): Source {
  const ids = idSpace(seed, 'emails');
  const files = idSpace(seed, 'email attachments');
  const times = timeline(seed, 'emails', size);
  const belongsTo = belonging(seed, 'email', parts);
  const subject = die(seed, 'email subject');
  const text = die(seed, 'email text');
  const people = die(seed, 'email people');
  const mix = die(seed, 'email mix');

  const subjectOf = (slot: number): string | null =>
    oneIn(40, subject(slot)) ? null : `${oneOf(EMAIL_SUBJECTS, subject(slot))} #${1 + (subject(slot) % 900)}`;

  /** Somebody outside of the firm. */
  function client(roll: number): EmailAddress {
    const name = oneOf(LAST_NAMES, roll);
    return { address: emailOf(name, roll), display_name: oneIn(5, roll) ? null : name };
  }

  function derive(slot: number): Email {
    const roll = mix(slot);
    const created = times.createdMs(slot);
    const [author] = parts.users.assigned(people(slot));
    const own = author === undefined ? null : ownAddress(author);
    const theirs = client(people(slot) >>> 3);
    const isSent = oneIn(2, roll >>> 7);
    const body = oneIn(30, roll >>> 9) ? null : noteOf(text(slot));
    return {
      id: ids.idOf(slot),
      subject: subjectOf(slot),
      cc: oneIn(5, roll >>> 2) ? [client(people(slot) >>> 9)] : [],
      to: isSent ? [theirs] : own === null ? [] : [own],
      from: isSent ? own : theirs,
      body_text: body,
      body_html: oneIn(6, roll >>> 12) ? null : `<div dir="auto">${body ?? ''}<br/>— Mail ${slot + 1}</div>`,
      external_message_id: oneIn(20, roll) ? null : `<m${slot + 1}.${roll % 9973}@firm.example>`,
      external_thread_id: oneIn(3, roll >>> 5) ? `thread-${roll % 997}` : null,
      ...belongsTo(slot),
      date: oneIn(50, roll >>> 3) ? null : formatVendorTime(created - (roll % 600) * 1000),
      tags: oneIn(5, roll >>> 11) ? [oneOf(TASK_TAGS, roll >>> 13)] : [],
      attachments: oneIn(4, roll >>> 6) ? [{ id: files.idOf(slot), file_name: `draft “${roll % 90}”.pdf` }] : [],
      created_at: formatVendorTime(created),
      updated_at: formatVendorTime(times.updatedMs(slot)),
    };
  }

  return { size, ids, ...times, sortKey: subjectOf, derive };
}

function ownAddress({ email_address: address, display_name }: UserReference): EmailAddress {
  return { address, display_name };
}
