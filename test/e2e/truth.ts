import { isDeepStrictEqual } from 'node:util';
import type { Simulator } from '@syncline/connectors/practicepanther/simulator';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { columnsOfActivities, time } from './truth-of-activities.js';

type Row = Record<string, unknown>;

/** In the order in which a full sync goes through them. */
export const tables = {
  users: 'pp_users',
  customfields: 'custom_fields',
  accounts: 'accounts',
  contacts: 'contacts',
  matters: 'exchanges',
  tasks: 'tasks',
  notes: 'notes',
  emails: 'emails',
  events: 'events',
  timeentries: 'time_entries',
} as const;
export type SyncedEntity = keyof typeof tables;
export const entities = Object.keys(tables) as SyncedEntity[];

const keyColumn = {
  users: 'pp_user_id',
  customfields: 'pp_custom_field_id',
  accounts: 'pp_account_id',
  contacts: 'pp_contact_id',
  matters: 'pp_matter_id',
  tasks: 'pp_task_id',
  notes: 'pp_note_id',
  emails: 'pp_email_id',
  events: 'pp_event_id',
  timeentries: 'pp_time_entry_id',
} as const;

const linkedAccount = ', (select pp_account_id from accounts a where a.id = t.account_id) as linked_account';
const linkedExchange = ', (select pp_matter_id from exchanges e where e.id = t.exchange_id) as linked_exchange';
const linkColumns: Partial<Record<SyncedEntity, string>> = {
  contacts: linkedAccount,
  matters: `${linkedAccount}, (select pp_contact_id from contacts c where c.id = t.client_id) as linked_client`,
  tasks: linkedAccount + linkedExchange,
  notes: linkedAccount + linkedExchange,
  emails: linkedAccount + linkedExchange,
  events: linkedAccount + linkedExchange,
  timeentries: `${linkedAccount}${linkedExchange}, (select pp_user_id from pp_users u where u.id = t.user_id) as linked_user`,
};

/** All rows of an entity's table by vendor id, with links turned into the vendor ids they lead to. */
export async function rowsOf(bed: TestBed, entity: SyncedEntity): Promise<Map<string, Row>> {
  const query = sql<Row>`select t.* ${sql.raw(linkColumns[entity] ?? '')} from ${sql.table(tables[entity])} t`;
  const { rows } = await query.execute(bed.db);
  return new Map(rows.map((row) => [String(row[keyColumn[entity]]), row]));
}

/** Which physical version of each row is stored: changes whenever a row is rewritten, even with the same content. */
export async function versions(bed: TestBed): Promise<Record<string, Record<string, unknown>>> {
  const all: Record<string, Record<string, unknown>> = {};
  for (const entity of entities) {
    const { rows } = await sql<{ key: string; version: string }>`
      select ${sql.ref(keyColumn[entity])} as key, xmin::text || ctid::text as version
      from ${sql.table(tables[entity])}`.execute(bed.db);
    all[entity] = Object.fromEntries(rows.map(({ key, version }) => [key, version]));
  }
  return all;
}

/**
 * Compares every table with the simulator's own store, record by record: the untouched record, the mapped columns, and
 * the links. The expectations are written out here and do not use the connector's mapping.
 *
 * What the vendor has deleted has to be marked, and nothing else may be; `gone` may hold ids that are not marked yet.
 * Children of what is gone keep their links.
 */
export async function expectTruth(
  bed: TestBed,
  simulator: Simulator,
  gone: ReadonlySet<string> = new Set(),
  only: readonly SyncedEntity[] = entities,
): Promise<void> {
  const accounts = new Map(simulator.store.records('accounts').map((account) => [String(account['id']), account]));
  const primaryOf = new Map<string, string>();
  for (const contact of simulator.store.records('contacts')) {
    if (contact['is_primary_contact']) primaryOf.set(refOf(contact, 'account_ref') ?? '', String(contact['id']));
  }
  const [parents, contacts] = await Promise.all([knownParents(bed), deletedContacts(bed)]);
  for (const entity of only) {
    const rows = await rowsOf(bed, entity);
    const records = simulator.store.records(entity);
    for (const record of records) {
      const id = String(record['id']);
      const row = rows.get(id);
      if (row === undefined) throw new Error(`${entity} ${id} is missing`);
      if (!isDeepStrictEqual(row['pp_data'], record)) expect(row['pp_data']).toEqual(record);
      const wanted: Row = { ...columnsOf[entity](record, accounts), ...linksOf(entity, record, parents, primaryOf) };
      const client = row['linked_client'];
      const mayStay = wanted['linked_client'] === null && contacts.has(String(client));
      if (mayStay || gone.has(String(client))) wanted['linked_client'] = client;
      if (entity === 'customfields') wanted['scope'] = simulator.store.scopeOf(id);
      // A body is asked for when its email changes; once there, it is the vendor's.
      if (entity === 'emails' && row['body_html'] !== null) {
        wanted['body_html'] = simulator.store.record('emails', id)?.['body_html'] ?? '';
      }
      const found = Object.fromEntries(Object.keys(wanted).map((column) => [column, row[column]]));
      if (!isDeepStrictEqual(found, wanted)) expect(found, `${entity} ${id}`).toEqual(wanted);
      rows.delete(id);
    }
    expect(
      [...rows].filter(([id, row]) => row['deleted_at'] === null && !gone.has(id)).map(([id]) => id),
      `${entity} that the vendor does not have, and that are not marked`,
    ).toEqual([]);
  }
}

/** The vendor ids of accounts and matters that have a row. */
async function knownParents(bed: TestBed): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select pp_account_id as id from accounts union all select pp_matter_id from exchanges`.execute(bed.db);
  return new Set(rows.map(({ id }) => id));
}

async function deletedContacts(bed: TestBed): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select pp_contact_id as id from contacts where deleted_at is not null`.execute(bed.db);
  return new Set(rows.map(({ id }) => id));
}

function linksOf(
  entity: SyncedEntity,
  record: Row,
  known: ReadonlySet<string>,
  primaryOf: ReadonlyMap<string, string>,
) {
  if (entity === 'accounts') return {};
  // The row of what is gone keeps its children; what was gone before it was ever read has no row.
  const rowOf = (id: string | undefined) => (id !== undefined && known.has(id) ? id : null);
  if (linkColumns[entity] === undefined) return {};
  const account = refOf(record, 'account_ref');
  const links: Row = { linked_account: rowOf(account) };
  if (entity === 'matters') links['linked_client'] = (account && primaryOf.get(account)) ?? null;
  if (linkColumns[entity].includes('linked_exchange')) links['linked_exchange'] = rowOf(refOf(record, 'matter_ref'));
  if (entity === 'timeentries') links['linked_user'] = refOf(record, 'billed_by_user_ref') ?? null;
  return links;
}

const matterStatus: Row = { Open: 'PENDING', Pending: 'PENDING', Closed: 'COMPLETED', Archived: 'TERMINATED' };
const taskStatus: Row = {
  NotCompleted: 'PENDING',
  InProgress: 'IN_PROGRESS',
  Completed: 'COMPLETED',
  Conditional: 'ON_HOLD',
};

const columnsOf: Record<SyncedEntity, (record: Row, accounts: ReadonlyMap<string, Row>) => Row> = {
  ...columnsOfActivities,
  accounts: (record) => ({
    display_name: record['display_name'] ?? null,
    company_name: record['company_name'] ?? null,
    number: String(record['number']),
    address: addressOf(record),
    source_updated_at: time(record['updated_at']),
    deleted_at: null,
  }),
  contacts: (record, accounts) => {
    const account = accounts.get(refOf(record, 'account_ref') ?? '');
    return {
      first_name: record['first_name'] ?? null,
      last_name: record['last_name'] ?? null,
      email: record['email'] ?? null,
      phone: ['mobile', 'work', 'home', 'fax'].map((kind) => record[`phone_${kind}`]).find(Boolean) ?? null,
      company: account?.['company_name'] ?? null,
      address: account === undefined ? null : addressOf(account),
      deleted_at: null,
    };
  },
  matters: (record) => ({
    name: record['name'],
    status: matterStatus[String(record['status'])],
    start_date: time(record['open_date']),
    close_date: time(record['close_date']),
    exchange_value: null,
    notes: record['notes'] ?? null,
    source_updated_at: time(record['updated_at']),
    deleted_at: null,
  }),
  tasks: (record) => ({
    title: record['subject'],
    description: record['notes'] ?? null,
    status: record['status'] === null ? null : taskStatus[String(record['status'])],
    priority: record['priority'] ? String(record['priority']).toUpperCase() : null,
    due_date: time(record['due_date']),
    source_updated_at: time(record['updated_at']),
    deleted_at: null,
  }),
};

function addressOf(account: Row): Row | null {
  const parts = ['street_1', 'street_2', 'city', 'state', 'zip_code', 'country'];
  const given = parts.map((part) => [part, account[`address_${part}`]]).filter(([, value]) => value);
  return given.length === 0 ? null : Object.fromEntries(given);
}

function refOf(record: Row, field: string): string | undefined {
  const ref = record[field] as { id?: string } | null | undefined;
  return ref?.id;
}
