import type { ConnectorEnvironment } from '@syncline/connector-kit';
import { z } from 'zod';
import { emailBodies } from './settings.js';

const whole = 'has to be a whole number from 1';
const positive = z.coerce.number({ error: whole }).int(whole).min(1, whole);
const upTo = (most: number) => positive.max(most, `has to be a whole number from 1 to ${most}`);

/** The guide's variables, as written there. PP_CLIENT_ID switches the connection on. */
export const practicePantherEnvironment: ConnectorEnvironment = {
  variables: {
    PP_CLIENT_ID: {
      schema: z.string().optional(),
      doc: 'Client id of your PracticePanther API access. Setting it makes a connection of this environment.',
    },
    PP_CLIENT_SECRET: {
      schema: z.string().optional(),
      doc: 'Client secret, required with PP_CLIENT_ID.',
      secret: true,
    },
    PP_REFRESH_TOKEN: {
      schema: z.string().optional(),
      doc: 'Refresh token of an authorised user. The vendor rotates it; the newest is kept encrypted in Postgres. Unset: the client-credentials grant is tried.',
      secret: true,
    },
    PP_BASE_URL: {
      schema: z.url({ protocol: /^https?$/ }).default('https://app.practicepanther.com/api/v2/'),
      doc: 'Base URL of the API.',
    },
    PP_RATE_LIMIT_REQUESTS: {
      schema: positive.default(300),
      doc: 'Requests allowed in the window, for the whole fleet.',
    },
    PP_RATE_LIMIT_WINDOW_SECONDS: {
      schema: positive.default(300),
      doc: 'Length of that window.',
    },
    PP_MAX_RETRIES: {
      schema: upTo(10).default(3),
      doc: 'Tries of one request in all, the first one included.',
    },
    PP_BACKOFF_BASE_MS: {
      schema: upTo(60_000).default(1_000),
      doc: 'The pause before the second try is anything up to this, before the third anything up to twice as much.',
    },
    PP_TIMEOUT_SECONDS: {
      schema: upTo(600).default(120),
      doc: 'Longest time for one try, from connecting to the last byte.',
    },
    PP_CIRCUIT_MAX_FAILURES: {
      schema: upTo(1_000).default(5),
      doc: 'So many failures in a row open the circuit: PracticePanther is left alone for a while.',
    },
    PP_CIRCUIT_RESET_SECONDS: {
      schema: upTo(86_400).default(60),
      doc: 'How long an open circuit lets nothing through, before one request of the whole fleet tries it out.',
    },
    PP_EXCHANGE_VALUE_FIELD: {
      schema: z.string().optional(),
      doc: "Label of the matters' custom field that is the exchange value. Unset: as the connection's settings say.",
    },
    PP_EMAIL_BODIES: {
      schema: z.enum(emailBodies, { error: `has to be ${emailBodies.join(', ')}` }).optional(),
      doc: "Which emails are asked for one by one, for their HTML body. Unset: as the connection's settings say.",
    },
  },

  connection: (values) => {
    const clientId = values['PP_CLIENT_ID'];
    if (clientId === undefined) return undefined;
    const clientSecret = values['PP_CLIENT_SECRET'];
    if (clientSecret === undefined) throw new RangeError('PP_CLIENT_SECRET has to be set with PP_CLIENT_ID');
    const refreshToken = values['PP_REFRESH_TOKEN'];
    return {
      credentials: { clientId, clientSecret, ...(refreshToken === undefined ? {} : { refreshToken }) },
      settings: {
        baseUrl: values['PP_BASE_URL'],
        rateLimitRequests: values['PP_RATE_LIMIT_REQUESTS'],
        rateLimitWindowSeconds: values['PP_RATE_LIMIT_WINDOW_SECONDS'],
        maxRetries: values['PP_MAX_RETRIES'],
        backoffBaseMs: values['PP_BACKOFF_BASE_MS'],
        timeoutSeconds: values['PP_TIMEOUT_SECONDS'],
        circuitMaxFailures: values['PP_CIRCUIT_MAX_FAILURES'],
        circuitResetSeconds: values['PP_CIRCUIT_RESET_SECONDS'],
        ...given('exchangeValueField', values['PP_EXCHANGE_VALUE_FIELD']),
        ...given('emailBodies', values['PP_EMAIL_BODIES']),
      },
    };
  },
};

/** A setting that was given; one that was not stays what it is. */
function given(setting: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [setting]: value };
}
