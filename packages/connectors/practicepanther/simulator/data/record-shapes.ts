/** Shapes as the vendor serves them. Type aliases, not interfaces: they must pass as open JSON records. */
export type AccountReference = { id: string; display_name: string | null };
export type MatterReference = { id: string; display_name: string | null };
export type UserReference = { id: string; display_name: string; email_address: string };
export type ContactReference = { account_ref: AccountReference; id: string; display_name: string | null };

/** The value types of custom fields; each uses one slot of a value and leaves the others at rest. */
export type CustomFieldType =
  | 'TextBox'
  | 'Date'
  | 'DateTime'
  | 'Number'
  | 'Currency'
  | 'TextEditor'
  | 'DropDownList'
  | 'Checkbox'
  | 'Contact';

export const CUSTOM_FIELD_SCOPES = ['company', 'matter', 'contact'] as const;
export type CustomFieldScope = (typeof CUSTOM_FIELD_SCOPES)[number];

export type CustomFieldReference = { id: string; label: string; value_type: CustomFieldType };

export type CustomFieldValue = {
  custom_field_ref: CustomFieldReference;
  value_boolean: boolean;
  contact_ref: ContactReference | null;
  value_date_time: string | null;
  value_number: number | null;
  value_string: string | null;
};

/** An account without the contacts nested in it: those are put in when it is served. */
export type AccountFields = {
  id: string;
  display_name: string;
  number: number;
  company_name: string | null;
  address_street_1: string | null;
  address_street_2: string | null;
  address_city: string | null;
  address_state: string | null;
  address_country: string | null;
  address_zip_code: string | null;
  tags: readonly string[];
  company_custom_field_values: readonly CustomFieldValue[];
  assigned_to_users: readonly UserReference[];
  created_at: string;
  updated_at: string;
  notes: string | null;
};

export type Contact = {
  id: string;
  account_ref: AccountReference;
  is_primary_contact: boolean;
  display_name: string | null;
  first_name: string | null;
  middle_name: string | null;
  last_name: string | null;
  phone_mobile: string | null;
  phone_home: string | null;
  phone_fax: string | null;
  phone_work: string | null;
  email: string | null;
  notes: string | null;
  custom_field_values: readonly CustomFieldValue[];
  status: 'Active' | 'Archived';
};

export type Matter = {
  id: string;
  account_ref: AccountReference | null;
  number: number;
  display_name: string;
  name: string;
  notes: string | null;
  rate: string;
  open_date: string | null;
  close_date: string | null;
  statute_of_limitation_date: string | null;
  tags: readonly string[];
  status: MatterStatus;
  assigned_to_users: readonly UserReference[];
  custom_field_values: readonly CustomFieldValue[];
  created_at: string;
  updated_at: string;
};

export type Task = {
  id: string;
  account_ref: AccountReference | null;
  matter_ref: MatterReference | null;
  subject: string;
  notes: string | null;
  priority: TaskPriority;
  status: TaskStatus | null;
  due_date: string | null;
  assigned_to_users: readonly UserReference[];
  assigned_to_contacts: readonly ContactReference[];
  tags: readonly string[];
  created_at: string;
  updated_at: string;
};

export type Note = {
  id: string;
  account_ref: AccountReference | null;
  matter_ref: MatterReference | null;
  subject: string;
  note: string | null;
  assigned_to_users: readonly UserReference[];
  date: string | null;
  tags: readonly string[];
  created_at: string;
  updated_at: string;
};

export type EmailAddress = { address: string | null; display_name: string | null };

/** `body_html` is served for a single email only. */
export type Email = {
  id: string;
  subject: string | null;
  cc: readonly EmailAddress[];
  to: readonly EmailAddress[];
  from: EmailAddress | null;
  body_text: string | null;
  body_html: string | null;
  external_message_id: string | null;
  external_thread_id: string | null;
  account_ref: AccountReference | null;
  matter_ref: MatterReference | null;
  date: string | null;
  tags: readonly string[];
  attachments: readonly { id: string; file_name: string }[];
  created_at: string;
  updated_at: string;
};

export type CalendarEvent = {
  id: string;
  account_ref: AccountReference | null;
  matter_ref: MatterReference | null;
  subject: string;
  location: string | null;
  notes: string | null;
  is_all_day: boolean;
  start_date_time: string;
  end_date_time: string;
  tags: readonly string[];
  assigned_to_users: readonly UserReference[];
  assigned_to_contacts: readonly ContactReference[];
  created_at: string;
  updated_at: string;
};

export type TimeEntry = {
  id: string;
  is_billable: boolean;
  is_billed: boolean;
  date: string;
  hours: number;
  rate: number | null;
  description: string | null;
  private_notes: string | null;
  account_ref: AccountReference | null;
  matter_ref: MatterReference | null;
  billed_by_user_ref: UserReference | null;
  item_ref: { id: string; name: string } | null;
  task_code: string | null;
  created_at: string;
  updated_at: string;
};

/** `scope` is what the vendor knows from the list that is asked; it is never served. */
export type CustomField = {
  id: string;
  label: string;
  value_type: CustomFieldType;
  dropdown_list_values: string | null;
  help_text: string | null;
  tooltip: string | null;
  scope: CustomFieldScope;
};

export type User = {
  id: string;
  is_active: boolean;
  display_name: string;
  first_name: string;
  last_name: string;
  middle_name: string | null;
  email: string;
  created_at: string;
  updated_at: string;
};

export const CONTACT_STATUSES = ['Active', 'Archived'] as const;
export const MATTER_STATUSES = ['Open', 'Pending', 'Closed', 'Archived'] as const;
export const TASK_STATUSES = ['NotCompleted', 'InProgress', 'Completed', 'Conditional'] as const;
export const TASK_PRIORITIES = ['Low', 'Medium', 'High'] as const;
export type MatterStatus = (typeof MATTER_STATUSES)[number];
type TaskStatus = (typeof TASK_STATUSES)[number];
type TaskPriority = (typeof TASK_PRIORITIES)[number];
