import { defineEntity, instant, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { reference, references, tags, timestamps, vendorId } from '../shapes.js';

const note = z.object({
  id: vendorId,
  account_ref: reference,
  matter_ref: reference,
  subject: optionalText,
  note: optionalText,
  date: optionalText,
  assigned_to_users: references,
  tags,
  ...timestamps,
});

/** What the firm writes down about a matter or a client. */
export const notes = defineEntity({
  name: 'notes',
  dependsOn: ['matters'],
  table: {
    name: 'notes',
    key: 'pp_note_id',
    raw: 'pp_data',
    columns: {
      pp_matter_id: 'text',
      pp_account_id: 'text',
      subject: 'text',
      body: 'text',
      noted_at: 'timestamptz',
      assigned_to: 'jsonb',
      tags: 'jsonb',
    },
    references: [
      { entity: 'matters', from: 'pp_matter_id', to: 'pp_matter_id', take: { exchange_id: 'id' } },
      { entity: 'accounts', from: 'pp_account_id', to: 'pp_account_id', take: { account_id: 'id' } },
    ],
  },
  mapping: {
    schema: note,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, flag) => ({
      pp_matter_id: record.matter_ref?.id,
      pp_account_id: record.account_ref?.id,
      subject: record.subject,
      body: record.note,
      noted_at: instant(record.date, 'date', flag),
      assigned_to: record.assigned_to_users,
      tags: record.tags,
    }),
  },
  fetchPage: (request) => walkPage({ path: 'notes', timed: true, archivable: false }, request),
  fetchOne: fetchFrom('notes'),
});
