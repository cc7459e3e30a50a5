import { defineEntity, instant, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { activeScope } from '../active.js';
import { fetchFrom } from '../fetch-one.js';
import { idOf, link } from '../links.js';
import { inactivePractitionerList, practitionerList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import { flag, timestamps, vendorId } from '../shapes.js';

const practitioner = z.object({
  id: vendorId,
  active: flag,
  title: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  display_name: optionalText,
  designation: optionalText,
  description: optionalText,
  show_in_online_bookings: flag,
  user: link,
  default_appointment_type: link,
  ...timestamps,
});

/** Those who treat patients, also those who have left: appointments of the past are theirs. */
export const practitioners = defineEntity({
  name: 'practitioners',
  dependsOn: [],
  scopes: [activeScope],
  table: {
    name: 'practitioners',
    key: 'cliniko_practitioner_id',
    raw: 'cliniko_data',
    columns: {
      title: 'text',
      first_name: 'text',
      last_name: 'text',
      display_name: 'text',
      designation: 'text',
      description: 'text',
      is_active: 'boolean',
      show_in_online_bookings: 'boolean',
      cliniko_user_id: 'text',
      cliniko_default_appointment_type_id: 'text',
      source_created_at: 'timestamptz',
    },
  },
  mapping: {
    schema: practitioner,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, doubt) => ({
      title: record.title,
      first_name: record.first_name,
      last_name: record.last_name,
      display_name: record.display_name,
      designation: record.designation,
      description: record.description,
      is_active: record.active,
      show_in_online_bookings: record.show_in_online_bookings,
      cliniko_user_id: idOf(record.user, 'cliniko_user_id', doubt),
      cliniko_default_appointment_type_id: idOf(
        record.default_appointment_type,
        'cliniko_default_appointment_type_id',
        doubt,
      ),
      source_created_at: instant(record.created_at, 'source_created_at', doubt),
    }),
  },
  // Whoever comes back between the two lists is in neither: the next run brings him, because his time has changed, and
  // before a sweep believes that he is gone, he is asked for by id.
  fetchPage: (request) => walkLists({ lists: [practitionerList, inactivePractitionerList] }, request),
  fetchOne: fetchFrom(practitionerList),
});
