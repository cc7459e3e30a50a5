import { defineEntity, instant, optionalDecimal, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { reference, timestamps, vendorId } from '../shapes.js';

const timeEntry = z.object({
  id: vendorId,
  account_ref: reference,
  matter_ref: reference,
  billed_by_user_ref: reference,
  item_ref: z.object({ id: vendorId, name: optionalText }).nullish(),
  is_billable: z.boolean().nullish(),
  is_billed: z.boolean().nullish(),
  date: optionalText,
  hours: optionalDecimal,
  rate: optionalDecimal,
  description: optionalText,
  private_notes: optionalText,
  task_code: optionalText,
  ...timestamps,
});

/** Hours worked on a matter. The vendor gives no amount; it is hours times rate. */
export const timeEntries = defineEntity({
  name: 'timeentries',
  dependsOn: ['users', 'matters'],
  table: {
    name: 'time_entries',
    key: 'pp_time_entry_id',
    raw: 'pp_data',
    columns: {
      pp_matter_id: 'text',
      pp_account_id: 'text',
      pp_user_id: 'text',
      entry_date: 'timestamptz',
      hours: 'numeric',
      rate: 'numeric',
      is_billable: 'boolean',
      is_billed: 'boolean',
      description: 'text',
      private_notes: 'text',
      pp_item_id: 'text',
      item_name: 'text',
      task_code: 'text',
    },
    references: [
      { entity: 'matters', from: 'pp_matter_id', to: 'pp_matter_id', take: { exchange_id: 'id' } },
      { entity: 'accounts', from: 'pp_account_id', to: 'pp_account_id', take: { account_id: 'id' } },
      { entity: 'users', from: 'pp_user_id', to: 'pp_user_id', take: { user_id: 'id' } },
    ],
  },
  mapping: {
    schema: timeEntry,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, flag) => ({
      pp_matter_id: record.matter_ref?.id,
      pp_account_id: record.account_ref?.id,
      pp_user_id: record.billed_by_user_ref?.id,
      entry_date: instant(record.date, 'date', flag),
      hours: record.hours,
      rate: record.rate,
      is_billable: record.is_billable,
      is_billed: record.is_billed,
      description: record.description,
      private_notes: record.private_notes,
      pp_item_id: record.item_ref?.id,
      item_name: record.item_ref?.name,
      task_code: record.task_code,
    }),
  },
  fetchPage: (request) => walkPage({ path: 'timeentries', timed: true, archivable: false }, request),
  fetchOne: fetchFrom('timeentries'),
});
