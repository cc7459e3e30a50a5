import { EVENT_NAMES } from '../simulator/webhooks/event-names.js';

/**
 * What the vendor's specification (OpenAPI 3.0.3, version 1.23.0) declares of the answers that a sync reads, in our own
 * words: names and types. Stricter in one thing: an answer may have no other fields, so that none is made up.
 */
type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const number: Schema = { type: 'number' };
const flag: Schema = { type: 'boolean' };
/** The example of a day: MM/DD/YYYY, although OpenAPI's `date` is YYYY-MM-DD. */
export const exampleDay = '01/21/2019';
const day: Schema = { type: 'string', format: 'date', example: exampleDay };
const moment: Schema = { type: 'string', format: 'date-time', example: '2019-01-01T12:04:40+05:00' };
/** Without an example of the vendor's; that it is digits is said by the paths, where it is an integer. */
const merchantNumber: Schema = { type: 'string', example: '520000012345678' };
/** Dollars and cents as text; of batches without an example of the vendor's. */
const money: Schema = { type: 'string', example: '91.57' };
const wholeText: Schema = { type: 'string', example: '1' };

/** What these formats are, taken together with their examples. */
export const formats = {
  date: /^(\d{2}\/\d{2}\/\d{4}|\d{4}-\d{2}-\d{2})$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/,
} as const;

function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, additionalProperties: false };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

function collection(items: Schema, more: Readonly<Record<string, Schema>> = {}): Schema {
  const links = object({ first: text, last: text, prev: text, next: text });
  const meta = object({
    ...{ current_page: integer, from: integer, last_page: text, path: text, per_page: integer, to: integer },
    total: integer,
  });
  const envelope = { data: list(items), links, meta, ...more };
  return { ...object(envelope), required: ['data', 'links', 'meta'] };
}

const merchant = {
  ...{ mid: merchantNumber, name: text, opened: day, closed: day, created: moment, modified: moment },
  ...{ first_batch: day, last_batch: day, group: text, processor: text, datasource: text, sic_code: text },
  ...{ vim: text, deactivated: day, status: text, active: text },
};

const transaction = object({
  ...{ id: integer, date: day, type: text, amount: money, cardholder: text, auth_code: text },
  ...{ pos_entry_mode: text, invoice_number: text, void_reject_chargeback: flag, reject_description: text },
});

const batch = object({
  ...{ date: day, reference_number: text, amount: money, count: wholeText, terminal_number: text },
  transactions: list(transaction),
});

const person = { user_id: integer, username: text, full_name: text };

const subscription: Schema = {
  ...object({
    ...{ id: integer, url: text, events: list({ enum: EVENT_NAMES }), options: { type: 'object' } },
    ...{ multiple_at_once: flag, status: flag, deactivation_reason: text },
  }),
  required: ['url', 'events'],
};

const lineItem = object({
  ...{ id: integer, type: { enum: ['agent', 'merchant'] }, item_id: integer },
  user: object({ ...person, class: text, is_active: integer }),
  merchant: object({ mid: merchantNumber, dba: text }),
  ...{ related_mid: integer, related_dba: text, description: text, income: integer, expense: integer },
  ...{ percentage: integer, agent_net: integer, is_recurring: flag, created: moment, modified: moment },
  agents: list(object({ ...person, agent_net: integer, percentage: integer })),
  ...{ recurring_start_date: moment, recurring_payment_count: integer, recurring_max_payment_count: integer },
  recurring_period: { enum: ['weekly', 'monthly', 'quarterly', 'yearly'] },
});

function delivery(data: Schema): Schema {
  return { ...object({ hook: object({ requestId: integer, event: text }), data }), required: ['hook', 'data'] };
}

const published = object({
  ...{ id: integer, month: integer, year: integer, sys_prin: integer, created: moment },
  created_by: object({ id: integer, name: text, userClass: text }),
  ...{ added_merchants_count: integer, rows_count: integer, revision: integer, deactivated_merchants_count: integer },
  ...{ processor_id: integer, processor_name: text, sum_transactions: integer, sum_volume: number, sum_net: number },
  sum_agent_net: integer,
});

export const specification = {
  merchants: collection(object({ ...merchant, leads: list(integer) })),
  merchant: object({ general: object(merchant), account_information: { type: 'object' }, leads: list(integer) }),
  transactions: collection(batch, { adjustments: list(object({ date: day, type: text, amount: text })) }),
  processors: object({
    processors: list(object({ name: text, datasources: list(object({ id: integer, name: text })) })),
  }),
  residualSummary: collection(
    object({
      ...{ processor_id: integer, name: text, created: moment, created_by: integer, modified: moment },
      ...{ modified_by: integer, merchants_count: integer, sum_transactions: integer, sum_sales_amount: number },
      ...{ sum_income: number, sum_expense: number, sum_net: number, sum_bps: number, sum_agent_net: integer },
    }),
  ),
  residualRows: collection(
    object({
      ...{ merchant: text, transactions: integer, sales_amount: integer, income: integer, expense: integer },
      ...{ net: integer, bps: integer, users: flag, percentage: integer, agent_net: integer, mid: integer },
    }),
  ),
  lineItems: collection(lineItem),
  subscription,
  subscriptions: collection(subscription),
  reportPublished: delivery(object({ reports: list(published) })),
  lineItemAdded: delivery(object({ line_items: list(lineItem) })),
  apiUpdated: delivery(
    object({
      ...{ version: text, update: { enum: ['required', 'optional'] }, createdAt: moment },
      details: list(object({ description: text, link: text, type: { enum: ['create', 'update'] } })),
    }),
  ),
  refusal: { ...object({ message: text }), required: ['message'] },
} satisfies Readonly<Record<string, Schema>>;
