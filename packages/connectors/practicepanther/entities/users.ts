import { defineEntity, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { timestamps, vendorId } from '../shapes.js';

const user = z.object({
  id: vendorId,
  is_active: z.boolean().nullish(),
  display_name: optionalText,
  first_name: optionalText,
  middle_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  ...timestamps,
});

/**
 * The people who work in PracticePanther. Their table is not called `users`: applications keep their own logins under
 * that name, and a synced row must never look like one of them.
 */
export const users = defineEntity({
  name: 'users',
  dependsOn: [],
  table: {
    name: 'pp_users',
    key: 'pp_user_id',
    raw: 'pp_data',
    columns: {
      display_name: 'text',
      first_name: 'text',
      middle_name: 'text',
      last_name: 'text',
      email: 'text',
      is_active: 'boolean',
    },
  },
  mapping: {
    schema: user,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record) => ({
      display_name: record.display_name,
      first_name: record.first_name,
      middle_name: record.middle_name,
      last_name: record.last_name,
      email: record.email,
      is_active: record.is_active,
    }),
  },
  fetchPage: (request) => walkPage({ path: 'users', timed: true, archivable: false }, request),
  fetchOne: fetchFrom('users'),
});
