type Row = Record<string, unknown>;

export const time = (value: unknown) => (value ? new Date(`${value}Z`) : null);
const nullable = (value: unknown) => value ?? null;
/** Amounts come from Postgres as text, so that none is rounded. */
const amount = (value: unknown) => (value === null ? null : String(value));
const refId = (value: unknown) => (value as { id?: string } | null)?.id ?? null;

const whole = (record: Row) => ({ source_updated_at: time(record['updated_at']), deleted_at: null });
const belonging = (record: Row) => ({
  ...whole(record),
  pp_account_id: refId(record['account_ref']),
  pp_matter_id: refId(record['matter_ref']),
});

/** What the columns of the smaller entities have to be, written out without the connector's mapping. */
export const columnsOfActivities = {
  users: (record: Row): Row => ({
    ...whole(record),
    display_name: record['display_name'],
    first_name: record['first_name'],
    middle_name: nullable(record['middle_name']),
    last_name: record['last_name'],
    email: record['email'],
    is_active: record['is_active'],
  }),
  customfields: (record: Row): Row => ({
    label: record['label'],
    value_type: record['value_type'],
    dropdown_values: record['dropdown_list_values'] ? String(record['dropdown_list_values']).split(', ') : null,
    help_text: record['help_text'],
    tooltip: record['tooltip'],
    source_updated_at: null,
    deleted_at: null,
  }),
  notes: (record: Row): Row => ({
    ...belonging(record),
    subject: record['subject'],
    body: record['note'],
    noted_at: time(record['date']),
    assigned_to: record['assigned_to_users'],
    tags: record['tags'],
  }),
  emails: (record: Row): Row => {
    const from = record['from'] as Row | null;
    return {
      ...belonging(record),
      subject: record['subject'],
      from_address: nullable(from?.['address']),
      from_name: nullable(from?.['display_name']),
      to_addresses: record['to'],
      cc_addresses: record['cc'],
      body_text: record['body_text'],
      sent_at: time(record['date']),
      attachments: record['attachments'],
      tags: record['tags'],
      external_message_id: record['external_message_id'],
      external_thread_id: record['external_thread_id'],
    };
  },
  events: (record: Row): Row => ({
    ...belonging(record),
    subject: record['subject'],
    location: record['location'],
    notes: record['notes'],
    is_all_day: record['is_all_day'],
    starts_at: time(record['start_date_time']),
    ends_at: time(record['end_date_time']),
    assigned_to: record['assigned_to_users'],
    assigned_contacts: record['assigned_to_contacts'],
    tags: record['tags'],
  }),
  timeentries: (record: Row): Row => ({
    ...belonging(record),
    pp_user_id: refId(record['billed_by_user_ref']),
    entry_date: time(record['date']),
    hours: amount(record['hours']),
    rate: amount(record['rate']),
    is_billable: record['is_billable'],
    is_billed: record['is_billed'],
    description: record['description'],
    private_notes: record['private_notes'],
    pp_item_id: refId(record['item_ref']),
    item_name: nullable((record['item_ref'] as Row | null)?.['name']),
    task_code: record['task_code'],
  }),
};
