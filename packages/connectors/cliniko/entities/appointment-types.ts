import { defineEntity, instant, optionalDecimal, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { activeScope } from '../active.js';
import { fetchFrom } from '../fetch-one.js';
import { appointmentTypeList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import { flag, timestamps, vendorId } from '../shapes.js';

const appointmentType = z.object({
  id: vendorId,
  name: optionalText,
  category: optionalText,
  color: optionalText,
  description: optionalText,
  duration_in_minutes: optionalDecimal,
  max_attendees: optionalDecimal,
  deposit_price: optionalDecimal,
  online_payments_mode: optionalText,
  show_in_online_bookings: flag,
  telehealth_enabled: flag,
  archived_at: optionalText,
  ...timestamps,
});

/** What can be booked. */
export const appointmentTypes = defineEntity({
  name: 'appointment_types',
  dependsOn: [],
  scopes: [activeScope],
  table: {
    name: 'appointment_types',
    key: 'cliniko_appointment_type_id',
    raw: 'cliniko_data',
    columns: {
      name: 'text',
      category: 'text',
      color: 'text',
      description: 'text',
      duration_in_minutes: 'numeric',
      max_attendees: 'numeric',
      deposit_price: 'numeric',
      online_payments_mode: 'text',
      show_in_online_bookings: 'boolean',
      telehealth_enabled: 'boolean',
      archived_at: 'timestamptz',
      source_created_at: 'timestamptz',
    },
    tombstones: ['archived_at'],
  },
  mapping: {
    schema: appointmentType,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, doubt) => ({
      name: record.name,
      category: record.category,
      color: record.color,
      description: record.description,
      duration_in_minutes: record.duration_in_minutes,
      max_attendees: record.max_attendees,
      deposit_price: record.deposit_price,
      online_payments_mode: record.online_payments_mode,
      show_in_online_bookings: record.show_in_online_bookings,
      telehealth_enabled: record.telehealth_enabled,
      archived_at: instant(record.archived_at, 'archived_at', doubt),
      source_created_at: instant(record.created_at, 'source_created_at', doubt),
    }),
  },
  fetchPage: (request) => walkLists({ lists: [appointmentTypeList] }, request),
  fetchOne: fetchFrom(appointmentTypeList),
});
