import type { ConnectorEnvironment } from '@syncline/connector-kit';
import { z } from 'zod';
import { clinikoCredentials } from './settings.js';
import { baseUrlOf } from './shard.js';

const whole = 'has to be a whole number from 1';

/** CLINIKO_API_KEY switches the connection on. */
export const clinikoEnvironment: ConnectorEnvironment = {
  variables: {
    CLINIKO_API_KEY: {
      schema: clinikoCredentials.shape.apiKey.optional(),
      doc: 'API key of a Cliniko user. Setting it makes a connection of this environment.',
      secret: true,
    },
    CLINIKO_CONTACT_EMAIL: {
      schema: z.email({ error: 'has to be an e-mail address' }).optional(),
      doc: 'Whom Cliniko can write to about this program, required with CLINIKO_API_KEY.',
    },
    CLINIKO_BASE_URL: {
      schema: z.url({ protocol: /^https?$/ }).optional(),
      doc: 'Base URL of the API. Unset: of the shard that the key names.',
    },
    CLINIKO_RATE_LIMIT_PER_MINUTE: {
      schema: z.coerce.number({ error: whole }).int(whole).min(1, whole).default(200),
      doc: 'Requests allowed in a minute, for the whole fleet.',
    },
  },

  connection: (values) => {
    const apiKey = values['CLINIKO_API_KEY'];
    if (apiKey === undefined) return undefined;
    const contactEmail = values['CLINIKO_CONTACT_EMAIL'];
    if (contactEmail === undefined) throw new RangeError('CLINIKO_CONTACT_EMAIL has to be set with CLINIKO_API_KEY');
    return {
      credentials: { apiKey, contactEmail },
      settings: {
        // Said in any case: settings that nobody speaks of stay as they were, and a new key must not go to an old place.
        baseUrl: values['CLINIKO_BASE_URL'] ?? baseUrlOf(String(apiKey)),
        rateLimitPerMinute: values['CLINIKO_RATE_LIMIT_PER_MINUTE'],
      },
    };
  },
};
