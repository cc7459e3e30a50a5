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
