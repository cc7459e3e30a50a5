import { die, oneOf } from '../../../simulation/dice.js';
import type { Entity, VendorRecord } from '../data/entities.js';
import { TASK_PRIORITIES } from '../data/record-shapes.js';
import { phoneOf } from '../data/texts.js';
import { formatDateOnly, formatVendorTime } from '../data/timestamps.js';
import { type ChangeContext, changeFields } from './record-changes.js';

/** Edits a record as a person in the firm would. The same seed and slot make the same edit, and always a real one. */
export function editRecord(context: ChangeContext, entity: Entity, slot: number, seed: number): void {
  const roll = die(seed, `edit of ${entity}`);
  const record = context.tables.of[entity].read(slot);
  // The mark names the edit, so that no edit can leave a record as it was.
  const mark = `edit ${roll(slot).toString(36)}`;
  const fields = editedFields(entity, record, { mark, roll: (part) => roll(slot * 8 + part), context });
  changeFields(context, entity, slot, { fields });
}

/** Marks a task as completed. */
export function completeTask(context: ChangeContext, slot: number): void {
  changeFields(context, 'tasks', slot, { fields: { status: 'Completed' } });
}

/** Archives a record the way the vendor can: a matter by status, a client by its account, a user by `is_active`. */
export function archiveRecord(context: ChangeContext, entity: Entity, slot: number): void {
  const { members } = context.tables;
  if (!['users', 'accounts', 'contacts', 'matters'].includes(entity)) {
    throw new Error(`The vendor has no archived ${entity}.`);
  }
  if (entity === 'matters' || entity === 'users') {
    const fields = entity === 'matters' ? { status: 'Archived' } : { is_active: false };
    changeFields(context, entity, slot, { fields });
    return;
  }
  const account = entity === 'accounts' ? slot : members.accountOf(slot);
  for (const contact of members.contactsOf(account)) {
    changeFields(context, 'contacts', contact, { fields: { status: 'Archived' }, touch: false });
  }
  changeFields(context, 'accounts', account, {});
}

interface Edit {
  readonly mark: string;
  readonly roll: (part: number) => number;
  readonly context: ChangeContext;
}

function editedFields(entity: Entity, record: VendorRecord, { mark, roll, context }: Edit): VendorRecord {
  switch (entity) {
    case 'users':
      return { middle_name: mark };
    case 'customfields':
      return { label: marked(record.label, mark), help_text: mark };
    case 'accounts':
      return { address_street_2: `c/o ${mark}`, tags: roll(1) % 2 === 0 ? ['VIP', mark] : [mark] };
    case 'contacts':
      return {
        phone_mobile: phoneOf(roll(1)),
        notes: `<p>${mark}</p>`,
        middle_name: oneOf([null, 'Æ.', 'Lee'], roll(2)),
      };
    case 'matters': {
      const name = marked(record.name, mark);
      const status = oneOf(['Open', 'Pending', 'Closed', record.status], roll(1));
      return { name, display_name: `${String(record.number)} - ${name}`, status, notes: mark };
    }
    case 'tasks':
      return {
        subject: marked(record.subject, mark),
        priority: oneOf(TASK_PRIORITIES, roll(1)),
        due_date: roll(2) % 5 === 0 ? null : formatDateOnly(Date.UTC(2026, roll(2) % 12, 1 + (roll(3) % 28))),
      };
    case 'notes':
      return { subject: marked(record.subject, mark), note: `<p>${mark}</p>` };
    case 'emails':
      return { tags: [mark], body_text: mark, body_html: `<p>${mark}</p>` };
    case 'events':
      return { subject: marked(record.subject, mark), ...movedBy(context, roll(1) % 60) };
    case 'timeentries':
      return { description: marked(record.description, mark), hours: (1 + (roll(1) % 80)) / 10, is_billed: true };
  }
}

/** The text with the mark of this edit, instead of that of an earlier one. */
function marked(text: unknown, mark: string): string {
  return `${String(text ?? '').replace(/ \(edit \w+\)$/, '')} (${mark})`;
}

/** An event of an hour, so many days from the vendor's now. */
function movedBy({ clock }: ChangeContext, days: number): VendorRecord {
  const start = clock.nowMs() + days * 86_400_000;
  return { start_date_time: formatVendorTime(start), end_date_time: formatVendorTime(start + 3_600_000) };
}
