-- Cliniko's tables. Column sets follow the declarations in packages/connectors/cliniko; a test compares the two. See 0002
-- for what all tables share.
-- deleted_at is when the vendor says that a record went out of use (archived, merged, deleted), or when a full sync did
-- not find it any more. What the vendor said is in archived_at, merged_at and cliniko_deleted_at.
-- If not exists: a table of the user's own is there already where `syncline adopt` has made it fit; anywhere else the
-- migrator stops before this file when there is one.
-- Locks: creates only.

create table if not exists businesses (
  id                           uuid primary key default gen_random_uuid(),
  organization_id              uuid not null,
  connection_id                uuid not null,
  cliniko_business_id          text not null,
  business_name                text,
  display_name                 text,
  address_1                    text,
  address_2                    text,
  city                         text,
  state                        text,
  post_code                    text,
  country                      text,
  country_code                 text,
  -- IANA name, such as Australia/Melbourne.
  time_zone                    text,
  email_reply_to               text,
  website_address              text,
  contact_information          text,
  show_in_online_bookings      boolean,
  cliniko_appointment_type_ids jsonb,
  archived_at                  timestamptz,
  cliniko_deleted_at           timestamptz,
  source_created_at            timestamptz,
  cliniko_data                 jsonb not null,
  sync_flags                   jsonb,
  source_updated_at            timestamptz,
  last_sync_at                 timestamptz not null default now(),
  deleted_at                   timestamptz,
  unique (connection_id, cliniko_business_id)
);

create table if not exists practitioners (
  id                                  uuid primary key default gen_random_uuid(),
  organization_id                     uuid not null,
  connection_id                       uuid not null,
  cliniko_practitioner_id             text not null,
  title                               text,
  first_name                          text,
  last_name                           text,
  display_name                        text,
  designation                         text,
  description                         text,
  is_active                           boolean,
  show_in_online_bookings             boolean,
  cliniko_user_id                     text,
  cliniko_default_appointment_type_id text,
  source_created_at                   timestamptz,
  cliniko_data                        jsonb not null,
  sync_flags                          jsonb,
  source_updated_at                   timestamptz,
  last_sync_at                        timestamptz not null default now(),
  deleted_at                          timestamptz,
  unique (connection_id, cliniko_practitioner_id)
);

create table if not exists appointment_types (
  id                          uuid primary key default gen_random_uuid(),
  organization_id             uuid not null,
  connection_id               uuid not null,
  cliniko_appointment_type_id text not null,
  name                        text,
  category                    text,
  color                       text,
  description                 text,
  duration_in_minutes         numeric,
  max_attendees               numeric,
  deposit_price               numeric,
  online_payments_mode        text,
  show_in_online_bookings     boolean,
  telehealth_enabled          boolean,
  archived_at                 timestamptz,
  source_created_at           timestamptz,
  cliniko_data                jsonb not null,
  sync_flags                  jsonb,
  source_updated_at           timestamptz,
  last_sync_at                timestamptz not null default now(),
  deleted_at                  timestamptz,
  unique (connection_id, cliniko_appointment_type_id)
);

create table if not exists patients (
  id                             uuid primary key default gen_random_uuid(),
  organization_id                uuid not null,
  connection_id                  uuid not null,
  cliniko_patient_id             text not null,
  title                          text,
  first_name                     text,
  last_name                      text,
  preferred_first_name           text,
  date_of_birth                  date,
  sex                            text,
  gender_identity                text,
  email                          text,
  phone                          text,
  phone_numbers                  jsonb,
  address_1                      text,
  address_2                      text,
  address_3                      text,
  city                           text,
  state                          text,
  post_code                      text,
  country                        text,
  time_zone                      text,
  occupation                     text,
  referral_source                text,
  reminder_type                  text,
  receives_confirmation_emails   boolean,
  accepted_privacy_policy        boolean,
  accepted_email_marketing       boolean,
  accepted_sms_marketing         boolean,
  notes                          text,
  appointment_notes              text,
  old_reference_id               text,
  custom_fields                  jsonb,
  merged_at                      timestamptz,
  cliniko_merged_with_patient_id text,
  archived_at                    timestamptz,
  cliniko_deleted_at             timestamptz,
  source_created_at              timestamptz,
  cliniko_data                   jsonb not null,
  sync_flags                     jsonb,
  source_updated_at              timestamptz,
  last_sync_at                   timestamptz not null default now(),
  deleted_at                     timestamptz,
  unique (connection_id, cliniko_patient_id)
);

create table if not exists appointments (
  id                          uuid primary key default gen_random_uuid(),
  organization_id             uuid not null,
  connection_id               uuid not null,
  cliniko_appointment_id      text not null,
  cliniko_patient_id          text,
  cliniko_practitioner_id     text,
  cliniko_business_id         text,
  cliniko_appointment_type_id text,
  cliniko_repeated_from_id    text,
  patient_id                  uuid references patients (id) on delete set null,
  practitioner_id             uuid references practitioners (id) on delete set null,
  business_id                 uuid references businesses (id) on delete set null,
  appointment_type_id         uuid references appointment_types (id) on delete set null,
  starts_at                   timestamptz,
  ends_at                     timestamptz,
  patient_name                text,
  patient_arrived             boolean,
  did_not_arrive              boolean,
  cancelled_at                timestamptz,
  cancellation_reason         text,
  cancellation_note           text,
  invoice_status              text,
  treatment_note_status       text,
  email_reminder_sent         boolean,
  sms_reminder_sent           boolean,
  repeat_rule                 jsonb,
  notes                       text,
  telehealth_url              text,
  archived_at                 timestamptz,
  cliniko_deleted_at          timestamptz,
  source_created_at           timestamptz,
  cliniko_data                jsonb not null,
  sync_flags                  jsonb,
  source_updated_at           timestamptz,
  last_sync_at                timestamptz not null default now(),
  deleted_at                  timestamptz,
  unique (connection_id, cliniko_appointment_id)
);
create index appointments_by_patient on appointments (connection_id, cliniko_patient_id);
create index appointments_by_practitioner on appointments (connection_id, cliniko_practitioner_id);
create index appointments_by_business on appointments (connection_id, cliniko_business_id);
create index appointments_by_type on appointments (connection_id, cliniko_appointment_type_id);
create index appointments_by_start on appointments (starts_at);

create table if not exists group_appointments (
  id                           uuid primary key default gen_random_uuid(),
  organization_id              uuid not null,
  connection_id                uuid not null,
  cliniko_group_appointment_id text not null,
  cliniko_practitioner_id      text,
  cliniko_business_id          text,
  cliniko_appointment_type_id  text,
  cliniko_repeated_from_id     text,
  practitioner_id              uuid references practitioners (id) on delete set null,
  business_id                  uuid references businesses (id) on delete set null,
  appointment_type_id          uuid references appointment_types (id) on delete set null,
  starts_at                    timestamptz,
  ends_at                      timestamptz,
  max_attendees                numeric,
  cliniko_patient_ids          jsonb,
  repeat_rule                  jsonb,
  notes                        text,
  telehealth_url               text,
  archived_at                  timestamptz,
  cliniko_deleted_at           timestamptz,
  source_created_at            timestamptz,
  cliniko_data                 jsonb not null,
  sync_flags                   jsonb,
  source_updated_at            timestamptz,
  last_sync_at                 timestamptz not null default now(),
  deleted_at                   timestamptz,
  unique (connection_id, cliniko_group_appointment_id)
);
create index group_appointments_by_practitioner on group_appointments (connection_id, cliniko_practitioner_id);
create index group_appointments_by_business on group_appointments (connection_id, cliniko_business_id);
create index group_appointments_by_type on group_appointments (connection_id, cliniko_appointment_type_id);

create table if not exists attendees (
  id                    uuid primary key default gen_random_uuid(),
  organization_id       uuid not null,
  connection_id         uuid not null,
  cliniko_attendee_id   text not null,
  cliniko_patient_id    text,
  -- Of an appointment or of a group appointment: the vendor does not say of which.
  cliniko_booking_id    text,
  patient_id            uuid references patients (id) on delete set null,
  appointment_id        uuid references appointments (id) on delete set null,
  group_appointment_id  uuid references group_appointments (id) on delete set null,
  arrived               boolean,
  cancelled_at          timestamptz,
  cancellation_reason   text,
  cancellation_note     text,
  invoice_status        text,
  treatment_note_status text,
  notes                 text,
  telehealth_url        text,
  email_reminder_sent   boolean,
  sms_reminder_sent     boolean,
  archived_at           timestamptz,
  cliniko_deleted_at    timestamptz,
  source_created_at     timestamptz,
  cliniko_data          jsonb not null,
  sync_flags            jsonb,
  source_updated_at     timestamptz,
  last_sync_at          timestamptz not null default now(),
  deleted_at            timestamptz,
  unique (connection_id, cliniko_attendee_id)
);
create index attendees_by_patient on attendees (connection_id, cliniko_patient_id);
create index attendees_by_booking on attendees (connection_id, cliniko_booking_id);

-- How each appointment stands at the moment of the question. A view, and not a column: an appointment is completed when
-- its time is over, without anybody changing it at the vendor, so that no sync would come by to write it down.
--   cancelled  cancelled_at is set
--   no_show    the clinic has noted that the patient did not come
--   arrived    the clinic has noted that the patient came
--   completed  its end has passed, and nothing of that was noted
--   booked     it is still to come, or under way
-- Columns are named one by one: an adopted table may have a status of the user's own.
create view appointments_with_status as
select
  a.id, a.organization_id, a.connection_id, a.cliniko_appointment_id, a.cliniko_patient_id,
  a.cliniko_practitioner_id, a.cliniko_business_id, a.cliniko_appointment_type_id, a.cliniko_repeated_from_id,
  a.patient_id, a.practitioner_id, a.business_id, a.appointment_type_id, a.starts_at, a.ends_at, a.patient_name,
  a.patient_arrived, a.did_not_arrive, a.cancelled_at, a.cancellation_reason, a.cancellation_note, a.invoice_status,
  a.treatment_note_status, a.email_reminder_sent, a.sms_reminder_sent, a.repeat_rule, a.notes, a.telehealth_url,
  a.archived_at, a.cliniko_deleted_at, a.source_created_at, a.cliniko_data, a.sync_flags, a.source_updated_at,
  a.last_sync_at, a.deleted_at,
  case
    when a.cancelled_at is not null then 'cancelled'
    when a.did_not_arrive then 'no_show'
    when a.patient_arrived then 'arrived'
    when coalesce(a.ends_at, a.starts_at) <= now() then 'completed'
    else 'booked'
  end as status
from appointments a;

-- As in 0008: nobody but the owner sees rows, and the view shows what whoever asks may see of the table.
do $$
declare
  adopted constant text[] := string_to_array(coalesce(current_setting('syncline.adopted', true), ''), ',');
  relation record;
  stranger name;
begin
  for relation in
    select relname as name, relkind = 'v' as is_view from pg_class
    where relnamespace = to_regnamespace(quote_ident(current_schema())) and relname = any (array[
        'businesses', 'practitioners', 'appointment_types', 'patients', 'appointments', 'group_appointments',
        'attendees', 'appointments_with_status'
      ]) and relname <> all (adopted) and relkind in ('r', 'v')
  loop
    if not relation.is_view then
      execute format('alter table %I enable row level security', relation.name);
    elsif current_setting('server_version_num')::integer >= 150000 then
      execute format('alter view %I set (security_invoker = true)', relation.name);
    else
      execute format('revoke all on %I from public', relation.name);
      for stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on %I from %I', relation.name, stranger);
      end loop;
    end if;
  end loop;
end $$;
