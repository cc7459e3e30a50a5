import { defineEntity, optionalDecimal, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { activeScope, startsWithin } from '../active.js';
import { fetchFrom } from '../fetch-one.js';
import { idOf, link } from '../links.js';
import { appointmentList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import {
  cancellation,
  cancellationColumns,
  cancellationOf,
  flag,
  invoiceStatus,
  retirementTombstones,
  treatmentNoteStatus,
} from '../shapes.js';
import { slot, slotColumns, slotOf, slotReferences } from '../slot.js';

const appointment = z.object({
  ...slot,
  ...cancellation,
  patient: link,
  patient_name: optionalText,
  patient_arrived: flag,
  did_not_arrive: flag,
  invoice_status: optionalDecimal,
  treatment_note_status: optionalDecimal,
  email_reminder_sent: flag,
  sms_reminder_sent: flag,
});

/**
 * Appointments of one patient. They have no status that could be stored: what is booked today is completed tomorrow,
 * without anybody changing it. The view `appointments_with_status` says how they stand when it is asked.
 */
export const appointments = defineEntity({
  name: 'appointments',
  dependsOn: ['patients', 'practitioners', 'businesses', 'appointment_types'],
  scopes: [activeScope],
  table: {
    name: 'appointments',
    key: 'cliniko_appointment_id',
    raw: 'cliniko_data',
    columns: {
      cliniko_patient_id: 'text',
      patient_name: 'text',
      patient_arrived: 'boolean',
      did_not_arrive: 'boolean',
      ...cancellationColumns,
      invoice_status: 'text',
      treatment_note_status: 'text',
      email_reminder_sent: 'boolean',
      sms_reminder_sent: 'boolean',
      ...slotColumns,
    },
    words: { invoice_status: invoiceStatus.words, treatment_note_status: treatmentNoteStatus.words },
    references: [
      { entity: 'patients', from: 'cliniko_patient_id', to: 'cliniko_patient_id', take: { patient_id: 'id' } },
      ...slotReferences,
    ],
    tombstones: retirementTombstones,
  },
  mapping: {
    schema: appointment,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, doubt) => ({
      cliniko_patient_id: idOf(record.patient, 'cliniko_patient_id', doubt),
      patient_name: record.patient_name,
      patient_arrived: record.patient_arrived,
      did_not_arrive: record.did_not_arrive,
      ...cancellationOf(record, doubt),
      invoice_status: invoiceStatus(record.invoice_status, 'invoice_status', doubt),
      treatment_note_status: treatmentNoteStatus(record.treatment_note_status, 'treatment_note_status', doubt),
      email_reminder_sent: record.email_reminder_sent,
      sms_reminder_sent: record.sms_reminder_sent,
      ...slotOf(record, doubt),
    }),
  },
  fetchPage: (request) =>
    walkLists({ lists: [appointmentList], filters: request.scope && startsWithin(request.scope) }, request),
  fetchOne: fetchFrom(appointmentList),
});
