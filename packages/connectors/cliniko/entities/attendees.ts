import { defineEntity, instant, optionalDecimal, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { idOf, link } from '../links.js';
import { attendeeList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import {
  cancellation,
  cancellationColumns,
  cancellationOf,
  flag,
  invoiceStatus,
  retirement,
  retirementColumns,
  retirementOf,
  retirementTombstones,
  timestamps,
  treatmentNoteStatus,
  vendorId,
} from '../shapes.js';

const attendee = z.object({
  id: vendorId,
  patient: link,
  booking: link,
  arrived: flag,
  ...cancellation,
  invoice_status: optionalDecimal,
  treatment_note_status: optionalDecimal,
  notes: optionalText,
  telehealth_url: optionalText,
  email_reminder_sent: flag,
  sms_reminder_sent: flag,
  ...retirement,
  ...timestamps,
});

/**
 * A patient at a booking. The vendor does not say of which kind the booking is; its id leads to a row among the
 * appointments or among the group appointments, and to none in the other.
 */
export const attendees = defineEntity({
  name: 'attendees',
  dependsOn: ['patients', 'appointments', 'group_appointments'],
  table: {
    name: 'attendees',
    key: 'cliniko_attendee_id',
    raw: 'cliniko_data',
    columns: {
      cliniko_patient_id: 'text',
      cliniko_booking_id: 'text',
      arrived: 'boolean',
      ...cancellationColumns,
      invoice_status: 'text',
      treatment_note_status: 'text',
      notes: 'text',
      telehealth_url: 'text',
      email_reminder_sent: 'boolean',
      sms_reminder_sent: 'boolean',
      ...retirementColumns,
      source_created_at: 'timestamptz',
    },
    words: { invoice_status: invoiceStatus.words, treatment_note_status: treatmentNoteStatus.words },
    references: [
      { entity: 'patients', from: 'cliniko_patient_id', to: 'cliniko_patient_id', take: { patient_id: 'id' } },
      {
        entity: 'appointments',
        from: 'cliniko_booking_id',
        to: 'cliniko_appointment_id',
        take: { appointment_id: 'id' },
      },
      {
        entity: 'group_appointments',
        from: 'cliniko_booking_id',
        to: 'cliniko_group_appointment_id',
        take: { group_appointment_id: 'id' },
      },
    ],
    tombstones: retirementTombstones,
  },
  mapping: {
    schema: attendee,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, doubt) => ({
      cliniko_patient_id: idOf(record.patient, 'cliniko_patient_id', doubt),
      cliniko_booking_id: idOf(record.booking, 'cliniko_booking_id', doubt),
      arrived: record.arrived,
      ...cancellationOf(record, doubt),
      invoice_status: invoiceStatus(record.invoice_status, 'invoice_status', doubt),
      treatment_note_status: treatmentNoteStatus(record.treatment_note_status, 'treatment_note_status', doubt),
      notes: record.notes,
      telehealth_url: record.telehealth_url,
      email_reminder_sent: record.email_reminder_sent,
      sms_reminder_sent: record.sms_reminder_sent,
      ...retirementOf(record, doubt),
      source_created_at: instant(record.created_at, 'source_created_at', doubt),
    }),
  },
  fetchPage: (request) => walkLists({ lists: [attendeeList] }, request),
  fetchOne: fetchFrom(attendeeList),
});
