import type { Entity } from '../data/entities.js';

/** The types of fields that lists can be filtered by, each with its own operators. */
export type FieldType = 'datetime' | 'date' | 'numeric' | 'string' | 'boolean' | 'array';

const times = { created_at: 'datetime', updated_at: 'datetime' } as const;
const slot = {
  id: 'numeric',
  ...times,
  archived_at: 'datetime',
  deleted_at: 'datetime',
  appointment_type_id: 'numeric',
  business_id: 'numeric',
  ends_at: 'datetime',
  practitioner_id: 'numeric',
  repeated_from_id: 'numeric',
  starts_at: 'datetime',
} as const;

/** What each list can be filtered by, and nothing else. */
export const FILTERABLE: Readonly<Record<Entity, Readonly<Record<string, FieldType>>>> = {
  patients: {
    id: 'numeric',
    ...times,
    archived_at: 'datetime',
    date_of_birth: 'date',
    email: 'string',
    first_name: 'string',
    last_name: 'string',
    old_reference_id: 'string',
    preferred_first_name: 'string',
  },
  appointments: { ...slot, cancelled_at: 'datetime', patient_id: 'numeric' },
  group_appointments: { ...slot, patient_ids: 'array' },
  attendees: {
    id: 'numeric',
    ...times,
    archived_at: 'datetime',
    deleted_at: 'datetime',
    cancelled_at: 'datetime',
    booking_id: 'numeric',
    patient_id: 'numeric',
  },
  practitioners: { id: 'numeric', ...times, user_id: 'numeric', show_in_online_bookings: 'boolean' },
  businesses: {
    id: 'numeric',
    ...times,
    archived_at: 'datetime',
    deleted_at: 'datetime',
    appointment_type_ids: 'array',
    show_in_online_bookings: 'boolean',
  },
  appointment_types: {
    id: 'numeric',
    ...times,
    archived_at: 'datetime',
    category: 'string',
    online_payments_mode: 'string',
    show_in_online_bookings: 'boolean',
  },
};
