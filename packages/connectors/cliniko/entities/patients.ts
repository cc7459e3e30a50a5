import { calendarDay, defineEntity, instant, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { activeScope, fetchActivePatients } from '../active.js';
import { fetchFrom } from '../fetch-one.js';
import { idOf, link } from '../links.js';
import { patientList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import { flag, retirement, retirementColumns, retirementOf, timestamps, vendorId } from '../shapes.js';

const phoneNumber = z.looseObject({ phone_type: optionalText, number: optionalText });

const patient = z.object({
  id: vendorId,
  title: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  preferred_first_name: optionalText,
  date_of_birth: optionalText,
  sex: optionalText,
  gender_identity: optionalText,
  email: optionalText,
  patient_phone_numbers: z.array(phoneNumber).nullish(),
  address_1: optionalText,
  address_2: optionalText,
  address_3: optionalText,
  city: optionalText,
  state: optionalText,
  post_code: optionalText,
  country: optionalText,
  time_zone: optionalText,
  occupation: optionalText,
  referral_source: optionalText,
  reminder_type: optionalText,
  receives_confirmation_emails: flag,
  accepted_privacy_policy: flag,
  accepted_email_marketing: flag,
  accepted_sms_marketing: flag,
  notes: optionalText,
  appointment_notes: optionalText,
  old_reference_id: optionalText,
  custom_fields: z.unknown().optional(),
  merged_at: optionalText,
  merged_with_patient: link,
  ...retirement,
  ...timestamps,
});

/** The clinic's patients. One that was merged into another is not in use any more, as one that is archived. */
export const patients = defineEntity({
  name: 'patients',
  dependsOn: [],
  scopes: [activeScope],
  table: {
    name: 'patients',
    key: 'cliniko_patient_id',
    raw: 'cliniko_data',
    columns: {
      title: 'text',
      first_name: 'text',
      last_name: 'text',
      preferred_first_name: 'text',
      date_of_birth: 'date',
      sex: 'text',
      gender_identity: 'text',
      email: 'text',
      phone: 'text',
      phone_numbers: 'jsonb',
      address_1: 'text',
      address_2: 'text',
      address_3: 'text',
      city: 'text',
      state: 'text',
      post_code: 'text',
      country: 'text',
      time_zone: 'text',
      occupation: 'text',
      referral_source: 'text',
      reminder_type: 'text',
      receives_confirmation_emails: 'boolean',
      accepted_privacy_policy: 'boolean',
      accepted_email_marketing: 'boolean',
      accepted_sms_marketing: 'boolean',
      notes: 'text',
      appointment_notes: 'text',
      old_reference_id: 'text',
      custom_fields: 'jsonb',
      merged_at: 'timestamptz',
      cliniko_merged_with_patient_id: 'text',
      ...retirementColumns,
      source_created_at: 'timestamptz',
    },
    tombstones: ['cliniko_deleted_at', 'merged_at', 'archived_at'],
  },
  mapping: {
    schema: patient,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: ({ merged_with_patient, patient_phone_numbers: phones, created_at, ...record }, doubt) => ({
      // Most columns are fields of the same name; what is no column is not written.
      ...record,
      date_of_birth: calendarDay(record.date_of_birth, 'date_of_birth', doubt),
      phone: mainPhone(phones),
      phone_numbers: phones,
      merged_at: instant(record.merged_at, 'merged_at', doubt),
      cliniko_merged_with_patient_id: idOf(merged_with_patient, 'cliniko_merged_with_patient_id', doubt),
      ...retirementOf(record, doubt),
      source_created_at: instant(created_at, 'source_created_at', doubt),
    }),
  },
  fetchPage: (request) =>
    request.scope === undefined
      ? walkLists({ lists: [patientList] }, request)
      : fetchActivePatients(request, request.scope),
  fetchOne: fetchFrom(patientList),
});

/** The number to call first: the mobile one, then whatever comes first. */
function mainPhone(numbers: z.infer<typeof patient>['patient_phone_numbers']): string | null {
  const given = (numbers ?? []).filter(({ number }) => number);
  return (given.find(({ phone_type }) => phone_type === 'Mobile') ?? given[0])?.number ?? null;
}
