import { defineEntity, instant, optionalText, wordMap } from '@syncline/connector-kit';
import { z } from 'zod';
import { exchangeValue } from '../exchange-value.js';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import type { PracticePantherSettings } from '../settings.js';
import { reference, timestamps, vendorId } from '../shapes.js';

const matter = z.object({
  id: vendorId,
  account_ref: reference,
  name: optionalText,
  notes: optionalText,
  status: optionalText,
  open_date: optionalText,
  close_date: optionalText,
  custom_field_values: z.unknown().optional(),
  ...timestamps,
});

/** Our users' words (guide) and the vendor's (Open, Pending, Closed, Archived). */
const exchangeStatus = wordMap({
  active: 'PENDING',
  open: 'PENDING',
  pending: 'PENDING',
  in_progress: '45D',
  closed: 'COMPLETED',
  completed: 'COMPLETED',
  cancelled: 'TERMINATED',
  archived: 'TERMINATED',
});

/**
 * Matters are the user's exchanges. A matter names no contact: its client is the primary contact of its account.
 * It has no value field either: `exchange_value` is the custom field that the connection names, if it names one.
 */
export const matters = defineEntity({
  name: 'matters',
  dependsOn: ['contacts'],
  table: {
    name: 'exchanges',
    key: 'pp_matter_id',
    raw: 'pp_data',
    columns: {
      pp_account_id: 'text',
      name: 'text',
      status: 'text',
      start_date: 'timestamptz',
      close_date: 'timestamptz',
      exchange_value: 'numeric',
      notes: 'text',
    },
    words: { status: exchangeStatus.words },
    references: [
      { entity: 'accounts', from: 'pp_account_id', to: 'pp_account_id', take: { account_id: 'id' } },
      {
        entity: 'contacts',
        from: 'pp_account_id',
        to: 'pp_account_id',
        where: 'is_primary',
        take: { client_id: 'id' },
      },
    ],
  },
  mapping: {
    schema: matter,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, flag, settings?: PracticePantherSettings) => ({
      pp_account_id: record.account_ref?.id,
      name: record.name,
      status: exchangeStatus(record.status, 'status', flag),
      start_date: instant(record.open_date, 'open_date', flag),
      close_date: instant(record.close_date, 'close_date', flag),
      exchange_value: exchangeValue(record.custom_field_values, settings?.exchangeValueField, flag),
      notes: record.notes,
    }),
  },
  fetchPage: (request) => walkPage({ path: 'matters', timed: true, archivable: true }, request),
  fetchOne: fetchFrom('matters'),
});
