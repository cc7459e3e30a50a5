import { defineEntity, instant, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { reference, references, tags, timestamps, vendorId } from '../shapes.js';

const event = z.object({
  id: vendorId,
  account_ref: reference,
  matter_ref: reference,
  subject: optionalText,
  location: optionalText,
  notes: optionalText,
  is_all_day: z.boolean().nullish(),
  start_date_time: optionalText,
  end_date_time: optionalText,
  assigned_to_users: references,
  assigned_to_contacts: references,
  tags,
  ...timestamps,
});

/**
 * The firm's calendar, all of it: an event that is put off for months, or brought forward, has to arrive as well. What
 * begins within thirty days is a view, `upcoming_events`.
 */
export const events = defineEntity({
  name: 'events',
  dependsOn: ['matters'],
  table: {
    name: 'events',
    key: 'pp_event_id',
    raw: 'pp_data',
    columns: {
      pp_matter_id: 'text',
      pp_account_id: 'text',
      subject: 'text',
      location: 'text',
      notes: 'text',
      is_all_day: 'boolean',
      starts_at: 'timestamptz',
      ends_at: 'timestamptz',
      assigned_to: 'jsonb',
      assigned_contacts: 'jsonb',
      tags: 'jsonb',
    },
    references: [
      { entity: 'matters', from: 'pp_matter_id', to: 'pp_matter_id', take: { exchange_id: 'id' } },
      { entity: 'accounts', from: 'pp_account_id', to: 'pp_account_id', take: { account_id: 'id' } },
    ],
  },
  mapping: {
    schema: event,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, flag) => ({
      pp_matter_id: record.matter_ref?.id,
      pp_account_id: record.account_ref?.id,
      subject: record.subject,
      location: record.location,
      notes: record.notes,
      is_all_day: record.is_all_day,
      starts_at: instant(record.start_date_time, 'start_date_time', flag),
      ends_at: instant(record.end_date_time, 'end_date_time', flag),
      assigned_to: record.assigned_to_users,
      assigned_contacts: record.assigned_to_contacts,
      tags: record.tags,
    }),
  },
  fetchPage: (request) => walkPage({ path: 'events', timed: true, archivable: false }, request),
  fetchOne: fetchFrom('events'),
});
