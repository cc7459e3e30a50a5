import { defineEntity, instant, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { activeScope } from '../active.js';
import { fetchFrom } from '../fetch-one.js';
import { businessList } from '../lists.js';
import { walkLists } from '../page-walk.js';
import {
  flag,
  retirement,
  retirementColumns,
  retirementOf,
  retirementTombstones,
  timestamps,
  vendorId,
  vendorIds,
} from '../shapes.js';

const business = z.object({
  id: vendorId,
  business_name: optionalText,
  display_name: optionalText,
  address_1: optionalText,
  address_2: optionalText,
  city: optionalText,
  state: optionalText,
  post_code: optionalText,
  country: optionalText,
  country_code: optionalText,
  time_zone_identifier: optionalText,
  email_reply_to: optionalText,
  website_address: optionalText,
  contact_information: optionalText,
  show_in_online_bookings: flag,
  appointment_type_ids: vendorIds,
  ...retirement,
  ...timestamps,
});

/** The clinic's locations. Their time zone is the one to show an appointment's times in. */
export const businesses = defineEntity({
  name: 'businesses',
  dependsOn: [],
  scopes: [activeScope],
  table: {
    name: 'businesses',
    key: 'cliniko_business_id',
    raw: 'cliniko_data',
    columns: {
      business_name: 'text',
      display_name: 'text',
      address_1: 'text',
      address_2: 'text',
      city: 'text',
      state: 'text',
      post_code: 'text',
      country: 'text',
      country_code: 'text',
      time_zone: 'text',
      email_reply_to: 'text',
      website_address: 'text',
      contact_information: 'text',
      show_in_online_bookings: 'boolean',
      cliniko_appointment_type_ids: 'jsonb',
      ...retirementColumns,
      source_created_at: 'timestamptz',
    },
    tombstones: retirementTombstones,
  },
  mapping: {
    schema: business,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record, doubt) => ({
      business_name: record.business_name,
      display_name: record.display_name,
      address_1: record.address_1,
      address_2: record.address_2,
      city: record.city,
      state: record.state,
      post_code: record.post_code,
      country: record.country,
      country_code: record.country_code,
      time_zone: record.time_zone_identifier,
      email_reply_to: record.email_reply_to,
      website_address: record.website_address,
      contact_information: record.contact_information,
      show_in_online_bookings: record.show_in_online_bookings,
      cliniko_appointment_type_ids: record.appointment_type_ids,
      ...retirementOf(record, doubt),
      source_created_at: instant(record.created_at, 'source_created_at', doubt),
    }),
  },
  fetchPage: (request) => walkLists({ lists: [businessList] }, request),
  fetchOne: fetchFrom(businessList),
});
