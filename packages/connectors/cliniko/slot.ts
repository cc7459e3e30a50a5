import { type Flag, instant, optionalText, type Reference } from '@syncline/connector-kit';
import { z } from 'zod';
import { idOf, link } from './links.js';
import { retirement, retirementColumns, retirementOf, timestamps, vendorId } from './shapes.js';

/** What appointments of one patient and of a group have in common: a time, a place, somebody who treats. */
export const slot = {
  id: vendorId,
  starts_at: optionalText,
  ends_at: optionalText,
  practitioner: link,
  business: link,
  appointment_type: link,
  repeated_from: link,
  repeat_rule: z.unknown().optional(),
  notes: optionalText,
  telehealth_url: optionalText,
  ...retirement,
  ...timestamps,
};

export const slotColumns = {
  cliniko_practitioner_id: 'text',
  cliniko_business_id: 'text',
  cliniko_appointment_type_id: 'text',
  cliniko_repeated_from_id: 'text',
  starts_at: 'timestamptz',
  ends_at: 'timestamptz',
  repeat_rule: 'jsonb',
  notes: 'text',
  telehealth_url: 'text',
  ...retirementColumns,
  source_created_at: 'timestamptz',
} as const;

export const slotReferences: readonly Reference[] = [
  {
    entity: 'practitioners',
    from: 'cliniko_practitioner_id',
    to: 'cliniko_practitioner_id',
    take: { practitioner_id: 'id' },
  },
  { entity: 'businesses', from: 'cliniko_business_id', to: 'cliniko_business_id', take: { business_id: 'id' } },
  {
    entity: 'appointment_types',
    from: 'cliniko_appointment_type_id',
    to: 'cliniko_appointment_type_id',
    take: { appointment_type_id: 'id' },
  },
];

export function slotOf(record: z.infer<z.ZodObject<typeof slot>>, doubt: Flag) {
  return {
    cliniko_practitioner_id: idOf(record.practitioner, 'cliniko_practitioner_id', doubt),
    cliniko_business_id: idOf(record.business, 'cliniko_business_id', doubt),
    cliniko_appointment_type_id: idOf(record.appointment_type, 'cliniko_appointment_type_id', doubt),
    cliniko_repeated_from_id: idOf(record.repeated_from, 'cliniko_repeated_from_id', doubt),
    starts_at: instant(record.starts_at, 'starts_at', doubt),
    ends_at: instant(record.ends_at, 'ends_at', doubt),
    repeat_rule: record.repeat_rule,
    notes: record.notes,
    telehealth_url: record.telehealth_url,
    ...retirementOf(record, doubt),
    source_created_at: instant(record.created_at, 'source_created_at', doubt),
  };
}
