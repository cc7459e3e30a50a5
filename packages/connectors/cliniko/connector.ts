import {
  basic,
  defineConnector,
  type ErrorCode,
  type VendorRequest,
  type VendorResponse,
} from '@syncline/connector-kit';
import { appointmentTypes } from './entities/appointment-types.js';
import { appointments } from './entities/appointments.js';
import { attendees } from './entities/attendees.js';
import { businesses } from './entities/businesses.js';
import { groupAppointments } from './entities/group-appointments.js';
import { patients } from './entities/patients.js';
import { practitioners } from './entities/practitioners.js';
import { clinikoEnvironment } from './environment.js';
import { clinikoModes } from './modes.js';
import { clinikoSchedules } from './schedules.js';
import { type ClinikoCredentials, type ClinikoSettings, clinikoCredentials, clinikoSettings } from './settings.js';
import { baseUrlOf, shardOf } from './shard.js';

/** Cliniko, REST API v1. Facts and their sources: docs/vendors/cliniko.md. */
export const cliniko = defineConnector<ClinikoSettings, ClinikoCredentials>({
  id: 'cliniko',
  displayName: 'Cliniko',
  guideUrl: 'https://docs.api.cliniko.com/',
  credentials: clinikoCredentials,
  settings: clinikoSettings,
  auth: basic<ClinikoCredentials>({
    user: ({ apiKey }) => apiKey,
    // Without a name and an address to write to the vendor may block requests.
    headers: ({ contactEmail }) => ({ 'user-agent': `Syncline (${contactEmail})` }),
  }),
  baseUrl: ({ apiKey }) => baseUrlOf(apiKey),
  about: ({ apiKey }) => ({ region: shardOf(apiKey) }),
  budgetIdentity: ({ apiKey }) => apiKey,
  budget: ({ rateLimitPerMinute }) => [{ requests: rateLimitPerMinute, seconds: 60 }],
  environment: clinikoEnvironment,
  entities: [businesses, practitioners, appointmentTypes, patients, appointments, groupAppointments, attendees],
  schedules: clinikoSchedules,
  modes: clinikoModes,
  classify,
  probe: async (client) => {
    const { json } = await client.get('user');
    const { id, first_name: first, last_name: last, email } = (json ?? {}) as Record<string, unknown>;
    return { user: { id, name: [first, last].filter(Boolean).join(' '), email } };
  },
});

/** A filter by the time of change that is not taken: the entity is read in full instead. */
function classify({ query }: VendorRequest, { status, body }: VendorResponse): ErrorCode | undefined {
  const asked = query?.['q[]'];
  const byChange = Array.isArray(asked) && asked.some((filter) => String(filter).startsWith('updated_at:'));
  return status === 400 && byChange && /updated_at/.test(body) ? 'UPSTREAM_BAD_WATERMARK' : undefined;
}
