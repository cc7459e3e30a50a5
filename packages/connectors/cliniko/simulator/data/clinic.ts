import { type Die, die, fraction, oneIn, oneOf } from '../../../simulation/dice.js';
import { ENTITIES, type Entity, PATHS, perEntity, type VendorRecord } from './entities.js';
import { idOf } from './identifiers.js';
import { shownTime } from './times.js';
import { FIRST_NAMES, LAST_NAMES, STREETS, SUBURBS } from './words.js';

export type Sizes = Record<Entity, number>;

/** A record with what the vendor knows more exactly than it tells. */
export interface Row {
  record: VendorRecord;
  createdMs: number;
  updatedMs: number;
}

export interface Clinic {
  /** Rows by their ids. */
  readonly rows: Record<Entity, Map<string, Row>>;
  /** One more record of a kind, not put in yet. */
  make(entity: Entity, at: number, nowMs: number): Row;
}

const DAY = 86_400_000;
const HOUR = DAY / 24;

/** A clinic made from a seed, with two years behind it and four weeks of appointments ahead. */
export function createClinic(seed: number, sizes: Sizes, origin: () => string, nowMs: number): Clinic {
  const present = Math.floor(nowMs / HOUR) * HOUR;
  const rows = perEntity(() => new Map<string, Row>());
  const dice = perEntity((entity) => die(seed, entity));
  const id = (entity: Entity, at: number) => idOf(seed, entity, ENTITIES.indexOf(entity), at);
  const url = (path: string) => `${origin()}/v1/${path}`;
  const link = (path: string) => ({ links: { self: url(path) } });
  const to = (entity: Entity, at: number) => link(`${PATHS[entity]}/${id(entity, at % Math.max(1, sizes[entity]))}`);

  const makers: Record<Entity, (at: number, roll: Die) => VendorRecord> = {
    businesses: (at, roll) => ({
      business_name: 'Vale Health',
      display_name: `Vale Health ${oneOf(SUBURBS, roll(at))}`,
      label: `Vale Health ${oneOf(SUBURBS, roll(at))}`,
      address_1: `${1 + (roll(at) % 200)} ${oneOf(STREETS, roll(at + 1))}`,
      address_2: null,
      city: oneOf(SUBURBS, roll(at)),
      state: 'VIC',
      post_code: String(3000 + (at % 900)),
      country: 'Australia',
      country_code: 'AU',
      time_zone: 'Melbourne',
      time_zone_identifier: 'Australia/Melbourne',
      appointment_type_ids: [id('appointment_types', 0)],
      show_in_online_bookings: true,
      email_reply_to: `desk${at}@vale.example`,
      contact_information: null,
      website_address: null,
      archived_at: null,
      deleted_at: null,
    }),
    practitioners: (at, roll) => ({
      // The last third has left.
      active: at < Math.ceil((sizes.practitioners * 2) / 3) || at >= sizes.practitioners,
      title: 'Dr',
      ...person(roll, at),
      display_name: `Dr ${person(roll, at).first_name} ${person(roll, at).last_name}`,
      designation: oneOf(['Osteopath', 'Physiotherapist', 'Podiatrist'], roll(at + 2)),
      description: null,
      show_in_online_bookings: true,
      user: link(`users/${at + 1}`),
      default_appointment_type: to('appointment_types', at),
    }),
    appointment_types: (at, roll) => ({
      name: `${oneOf(['Initial', 'Standard', 'Long', 'Follow-up'], roll(at))} ${oneOf(['consult', 'massage', 'class'], roll(at + 1))} ${at}`,
      category: oneOf(['Osteopathy', 'Physiotherapy'], roll(at + 2)),
      color: '#3366ff',
      description: null,
      duration_in_minutes: 30 + 15 * (at % 3),
      max_attendees: at % 4 === 3 ? 8 : 1,
      deposit_price: at % 3 === 0 ? '45.50' : null,
      show_in_online_bookings: true,
      telehealth_enabled: false,
      online_payments_enabled: false,
      online_payments_mode: null,
      online_bookings_lead_time_hours: null,
      appointment_confirmation_template_ids: [],
      appointment_reminder_template_ids: [],
      archived_at: null,
    }),
    patients: (at, roll) => ({
      title: null,
      ...person(roll, at),
      preferred_first_name: null,
      date_of_birth: `${1940 + (roll(at) % 75)}-${pad(1 + (roll(at + 1) % 12))}-${pad(1 + (roll(at + 2) % 28))}`,
      sex: oneOf(['Female', 'Male'], roll(at)),
      gender_identity: null,
      pronouns: null,
      email: `patient${at}@mail.example`,
      patient_phone_numbers: [
        { phone_type: 'Home', number: `03 9000 ${1000 + (at % 9000)}`, normalized_number: `613900${at % 9000}` },
        { phone_type: 'Mobile', number: `0400 000 ${100 + (at % 900)}`, normalized_number: `61400000${at % 900}` },
      ],
      address_1: `${1 + (roll(at) % 200)} ${oneOf(STREETS, roll(at + 1))}`,
      address_2: null,
      address_3: null,
      city: oneOf(SUBURBS, roll(at)),
      state: 'VIC',
      post_code: '3000',
      country: 'Australia',
      time_zone: null,
      medicare: null,
      occupation: null,
      referral_source: at % 3 === 0 ? 'Word of mouth' : null,
      reminder_type: 'SMS & Email',
      receives_confirmation_emails: true,
      accepted_privacy_policy: true,
      accepted_email_marketing: at % 2 === 0,
      accepted_sms_marketing: null,
      notes: null,
      appointment_notes: null,
      old_reference_id: null,
      custom_fields: { sections: [] },
      // From old records: an empty text where there is no date.
      archived_at: at % 15 === 3 || isMerged(at) ? shownTime(present - 90 * DAY) : at % 9 === 1 ? '' : null,
      deleted_at: null,
      merged_at: isMerged(at) ? shownTime(present - 90 * DAY) : null,
      merged_with_patient: isMerged(at) ? to('patients', at - 1) : null,
      appointments: link(`patients/${id('patients', at)}/appointments`),
      invoices: link(`invoices?q%5B%5D=patient_id%3A%3D${id('patients', at)}`),
    }),
    appointments: (at, roll) => {
      const booked = slotOf(at, roll);
      const past = booked.startsMs < present;
      const cancelled = oneIn(8, roll(at + 7));
      const reason = oneOf([10, 30, 31, 40, 50], roll(at + 8));
      return {
        ...booked.fields,
        patient_name: null,
        patient_arrived: past && !cancelled && oneIn(2, roll(at + 9)),
        did_not_arrive: past && !cancelled && !oneIn(2, roll(at + 9)) && oneIn(9, roll(at + 10)),
        cancelled_at: cancelled ? shownTime(Math.min(booked.startsMs, present) - 2 * DAY) : null,
        cancellation_reason: cancelled ? reason : null,
        cancellation_reason_description: cancelled ? '' : null,
        cancellation_note: null,
        invoice_status: past && !cancelled ? oneOf([10, 20, 30], roll(at + 11)) : null,
        treatment_note_status: past && !cancelled ? 90 : null,
        booking_ip_address: null,
        online_booking_policy_accepted: null,
        email_reminder_sent: past,
        sms_reminder_sent: false,
        has_patient_appointment_notes: false,
        archived_at: at % 30 === 7 ? shownTime(present - 10 * DAY) : null,
        deleted_at: at % 50 === 11 ? shownTime(present - 5 * DAY) : null,
        patient: to('patients', roll(at + 12)),
        // A case is rarely given; what there is not is null, absent, or an object without links.
        ...[{ patient_case: null }, {}, { patient_case: {} }][at % 3],
        attendees: link(`individual_appointments/${id('appointments', at)}/attendees`),
      };
    },
    group_appointments: (at, roll) => ({
      ...slotOf(at, roll).fields,
      max_attendees: 8,
      patient_ids: [0, 1, 2].map((member) => id('patients', roll(at * 3 + member) % Math.max(1, sizes.patients))),
      archived_at: null,
      deleted_at: at % 20 === 7 ? shownTime(present - 5 * DAY) : null,
    }),
    attendees: (at, roll) => {
      const inGroup = at % 2 === 0 && sizes.group_appointments > 0;
      const booking = inGroup
        ? id('group_appointments', roll(at) % sizes.group_appointments)
        : id('appointments', roll(at) % Math.max(1, sizes.appointments));
      return {
        arrived: oneIn(2, roll(at + 1)),
        cancelled_at: at % 10 === 4 ? shownTime(present - 3 * DAY) : null,
        cancellation_reason: at % 10 === 4 ? 30 : null,
        cancellation_reason_description: '',
        cancellation_note: null,
        cancellation_url: null,
        invoice_status: 20,
        treatment_note_status: 90,
        notes: null,
        telehealth_url: null,
        email_reminder_sent: true,
        sms_reminder_sent: false,
        archived_at: at % 25 === 6 ? shownTime(present - 10 * DAY) : null,
        deleted_at: null,
        patient: to('patients', roll(at + 2)),
        booking: link(`bookings/${booking}`),
      };
    },
  };

  function slotOf(at: number, roll: Die) {
    // A quarter of an hour's grid, most of it behind.
    const startsMs = present + Math.floor(fraction(roll(at + 3)) * 200 - 172) * DAY + (roll(at + 4) % 40) * (HOUR / 4);
    const fields = {
      starts_at: shownTime(startsMs),
      ends_at: shownTime(startsMs + HOUR / 2),
      notes: null,
      repeat_rule: at % 12 === 0 ? { number_of_repeats: 4, repeat_type: 'Weekly', repeating_interval: 1 } : null,
      repeated_from: null,
      telehealth_url: null,
      practitioner: to('practitioners', roll(at + 5)),
      business: to('businesses', roll(at + 6)),
      appointment_type: to('appointment_types', roll(at + 6)),
    };
    return { startsMs, fields };
  }

  function make(entity: Entity, at: number, ms: number): Row {
    const own = id(entity, at);
    const record = {
      id: own,
      ...makers[entity](at, dice[entity]),
      created_at: shownTime(ms),
      updated_at: shownTime(ms),
      links: { self: url(`${PATHS[entity]}/${own}`) },
    };
    return { record, createdMs: ms, updatedMs: ms };
  }

  for (const entity of ENTITIES) {
    const size = sizes[entity];
    const step = (720 * DAY) / Math.max(1, size);
    for (let at = 0; at < size; at += 1) {
      // Records come one after the other, and change at any time after that, until an hour ago.
      const createdMs = Math.floor(present - 730 * DAY + at * step) + (dice[entity](at) % 1_000);
      const updatedMs = createdMs + Math.floor(fraction(dice[entity](at + size)) * (present - HOUR - createdMs));
      const row = make(entity, at, createdMs);
      row.updatedMs = updatedMs;
      row.record['updated_at'] = shownTime(updatedMs);
      rows[entity].set(String(row.record['id']), row);
    }
  }
  return { rows, make };
}

/** The losing record of two that were one patient. */
function isMerged(at: number): boolean {
  return at % 40 === 13;
}

function person(roll: Die, at: number) {
  const [first_name, last_name] = [oneOf(FIRST_NAMES, roll(at + 20)), oneOf(LAST_NAMES, roll(at + 40))];
  return { first_name, last_name, label: `${first_name} ${last_name}` };
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
