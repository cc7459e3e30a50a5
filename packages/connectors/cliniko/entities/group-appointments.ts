import { defineEntity, optionalDecimal } from '@syncline/connector-kit';
import { z } from 'zod';
import { activeScope, startsWithin } from '../active.js';
import { fetchFrom } from '../fetch-one.js';
import { groupAppointmentList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import { retirementTombstones, vendorIds } from '../shapes.js';
import { slot, slotColumns, slotOf, slotReferences } from '../slot.js';

const groupAppointment = z.object({ ...slot, max_attendees: optionalDecimal, patient_ids: vendorIds });

/** Classes. Who came, and who cancelled, is said of each attendee. */
export const groupAppointments = defineEntity({
  name: 'group_appointments',
  dependsOn: ['practitioners', 'businesses', 'appointment_types'],
  scopes: [activeScope],
  table: {
    name: 'group_appointments',
    key: 'cliniko_group_appointment_id',
    raw: 'cliniko_data',
    columns: { max_attendees: 'numeric', cliniko_patient_ids: 'jsonb', ...slotColumns },
    references: slotReferences,
    tombstones: retirementTombstones,
  },
  mapping: {
    schema: groupAppointment,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, doubt) => ({
      max_attendees: record.max_attendees,
      cliniko_patient_ids: record.patient_ids,
      ...slotOf(record, doubt),
    }),
  },
  fetchPage: (request) =>
    walkLists({ lists: [groupAppointmentList], filters: request.scope && startsWithin(request.scope) }, request),
  fetchOne: fetchFrom(groupAppointmentList),
});
