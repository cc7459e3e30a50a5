import { badParameter } from '../../../simulation/http/reply.js';
import type { Entity, VendorRecord } from '../data/entities.js';
import { CONTACT_STATUSES, MATTER_STATUSES, TASK_STATUSES } from '../data/record-shapes.js';
import { readVendorTime } from '../data/timestamps.js';
import { fieldOf } from '../store/sort-order.js';
import type { Tables } from '../store/tables.js';
import { instantParameter } from './fields.js';

type Test = (slot: number) => boolean;
/** Turns the value of one query parameter into a test of records. */
type NamedFilter = (tables: Tables, value: string, name: string) => Test;

const ownRecord = (tables: Tables, entity: Entity): ((slot: number) => VendorRecord) => {
  return (slot) => tables.of[entity].read(slot);
};

/** The account a record hangs on; itself for an account. */
function accountRecord(tables: Tables, entity: Entity): (slot: number) => VendorRecord | undefined {
  const { accounts } = tables.of;
  if (entity === 'accounts') return (slot) => accounts.read(slot);
  if (entity === 'contacts') return (slot) => accounts.read(tables.members.accountOf(slot));
  return (slot) => {
    const id = fieldOf(tables.of[entity].read(slot), 'account_ref/id');
    const account = typeof id === 'string' ? accounts.slotOf(id) : undefined;
    return account === undefined ? undefined : accounts.read(account);
  };
}

const has = (list: unknown, fits: (item: unknown) => boolean): boolean => Array.isArray(list) && list.some(fits);
const sameText = (left: unknown, right: string): boolean => String(left).toLowerCase() === right.toLowerCase();

function refersTo(entity: Entity, path: string): NamedFilter {
  return (tables, value) => (slot) => sameText(fieldOf(ownRecord(tables, entity)(slot), path), value);
}

function assignedTo(entity: Entity): NamedFilter {
  return (tables, value) => {
    const record = entity === 'contacts' ? accountRecord(tables, entity) : ownRecord(tables, entity);
    return (slot) => has(record(slot)?.assigned_to_users, (user) => sameText(fieldOf(user, 'id'), value));
  };
}

function tagged(entity: Entity, whose: 'own' | 'account'): NamedFilter {
  return (tables, value) => {
    const record = whose === 'own' ? ownRecord(tables, entity) : accountRecord(tables, entity);
    return (slot) => has(record(slot)?.tags, (tag) => sameText(tag, value));
  };
}

function withStatus(entity: Entity, statuses: readonly string[]): NamedFilter {
  return (tables, value, name) => {
    const status = statuses.find((known) => sameText(known, value));
    if (!status) throw badParameter(name, value);
    return (slot) => ownRecord(tables, entity)(slot).status === status;
  };
}

function containing(entity: Entity, fields: readonly string[]): NamedFilter {
  return (tables, value) => {
    const wanted = value.toLowerCase();
    return (slot) => {
      const record = ownRecord(tables, entity)(slot);
      return fields.some((field) =>
        String(record[field] ?? '')
          .toLowerCase()
          .includes(wanted),
      );
    };
  };
}

function dated(entity: Entity, field: string, side: 'from' | 'to'): NamedFilter {
  return (tables, value, name) => {
    const bound = instantParameter(name, value);
    return (slot) => {
      const date = readVendorTime(ownRecord(tables, entity)(slot)[field]);
      return date !== undefined && (side === 'from' ? date >= bound : date <= bound);
    };
  };
}

/** What the lists of tasks, notes, emails and events have in common. */
function ofActivity(entity: Entity): Readonly<Record<string, NamedFilter>> {
  return {
    assigned_to_user_id: assignedTo(entity),
    account_id: refersTo(entity, 'account_ref/id'),
    matter_id: refersTo(entity, 'matter_ref/id'),
    activity_tag: tagged(entity, 'own'),
  };
}

const companyName: NamedFilter = (tables, value) => {
  const account = accountRecord(tables, 'contacts');
  return (slot) =>
    String(account(slot)?.company_name ?? '')
      .toLowerCase()
      .includes(value.toLowerCase());
};

/** The named filters of each list, besides `created_since` and `updated_since` which all of them have. */
export const NAMED_FILTERS: Readonly<Record<Entity, Readonly<Record<string, NamedFilter>>>> = {
  accounts: {
    assigned_to_user_id: assignedTo('accounts'),
    account_tag: tagged('accounts', 'own'),
    search_text: containing('accounts', ['display_name', 'company_name', 'notes']),
  },
  contacts: {
    assigned_to_user_id: assignedTo('contacts'),
    account_id: refersTo('contacts', 'account_ref/id'),
    status: withStatus('contacts', CONTACT_STATUSES),
    search_text: containing('contacts', ['display_name', 'email', 'notes']),
    account_tag: tagged('contacts', 'account'),
    company_name: companyName,
  },
  matters: {
    assigned_to_user_id: assignedTo('matters'),
    account_id: refersTo('matters', 'account_ref/id'),
    status: withStatus('matters', MATTER_STATUSES),
    search_text: containing('matters', ['display_name', 'notes']),
    account_tag: tagged('matters', 'account'),
    matter_tag: tagged('matters', 'own'),
  },
  tasks: {
    ...ofActivity('tasks'),
    status: withStatus('tasks', TASK_STATUSES),
    due_date_from: dated('tasks', 'due_date', 'from'),
    due_date_to: dated('tasks', 'due_date', 'to'),
  },
  notes: {
    ...ofActivity('notes'),
    date_from: dated('notes', 'date', 'from'),
    date_to: dated('notes', 'date', 'to'),
  },
  emails: {
    ...ofActivity('emails'),
    external_message_id: refersTo('emails', 'external_message_id'),
  },
  events: {
    ...ofActivity('events'),
    date_from: dated('events', 'start_date_time', 'from'),
    date_to: dated('events', 'start_date_time', 'to'),
  },
  timeentries: {
    account_id: refersTo('timeentries', 'account_ref/id'),
    matter_id: refersTo('timeentries', 'matter_ref/id'),
    user_id: refersTo('timeentries', 'billed_by_user_ref/id'),
    item_id: refersTo('timeentries', 'item_ref/id'),
    date_from: dated('timeentries', 'date', 'from'),
    date_to: dated('timeentries', 'date', 'to'),
  },
  users: {
    email_address: refersTo('users', 'email'),
  },
  customfields: {},
};
