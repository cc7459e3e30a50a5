import type { ConnectorEnvironment } from '@syncline/connector-kit';
import { z } from 'zod';
import { irelandPayBaseUrl, irelandPayCredentials } from './settings.js';

const whole = 'has to be a whole number from 1';
const upTo = (most: number) => {
  const message = `has to be a whole number from 1 to ${most}`;
  return z.coerce.number({ error: message }).int(message).min(1, message).max(most, message);
};

/** The guide's variables, as written there. IRELANDPAY_CRM_API_KEY switches the connection on. */
export const irelandPayEnvironment: ConnectorEnvironment = {
  variables: {
    IRELANDPAY_CRM_API_KEY: {
      schema: irelandPayCredentials.shape.apiKey.optional(),
      doc: 'API key of a user of the Ireland Pay CRM. Setting it makes a connection of this environment.',
      secret: true,
    },
    IRELANDPAY_CRM_BASE_URL: {
      schema: z.url({ protocol: /^https?$/ }).default(irelandPayBaseUrl),
      doc: 'Base URL of the API.',
    },
    IRELANDPAY_RATE_LIMIT_PER_MINUTE: {
      schema: z.coerce.number({ error: whole }).int(whole).min(1, whole).default(500),
      doc: 'Requests allowed in a minute, for the whole fleet.',
    },
    IRELANDPAY_HISTORY_FROM: {
      schema: z
        .string()
        .regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/, 'has to be a month such as 2024-04')
        .default('2024-04'),
      doc: 'The month that history begins with.',
    },
    IRELANDPAY_MAX_RETRIES: {
      schema: upTo(10).default(3),
      doc: 'Tries of one request in all, the first one included.',
    },
    IRELANDPAY_BACKOFF_BASE_MS: {
      schema: upTo(60_000).default(1_000),
      doc: 'The pause before the second try is anything up to this, before the third anything up to twice as much.',
    },
    IRELANDPAY_TIMEOUT_SECONDS: {
      schema: upTo(600).default(30),
      doc: 'Longest time for one try, from connecting to the last byte.',
    },
    IRELANDPAY_CIRCUIT_MAX_FAILURES: {
      schema: upTo(1_000).default(5),
      doc: 'So many failures in a row open the circuit: Ireland Pay is left alone for a while.',
    },
    IRELANDPAY_CIRCUIT_RESET_SECONDS: {
      schema: upTo(86_400).default(60),
      doc: 'How long an open circuit lets nothing through, before one request of the whole fleet tries it out.',
    },
  },

  connection: (values) => {
    const apiKey = values['IRELANDPAY_CRM_API_KEY'];
    if (apiKey === undefined) return undefined;
    return {
      credentials: { apiKey },
      settings: {
        baseUrl: values['IRELANDPAY_CRM_BASE_URL'],
        requestsPerMinute: values['IRELANDPAY_RATE_LIMIT_PER_MINUTE'],
        historyFrom: values['IRELANDPAY_HISTORY_FROM'],
        maxRetries: values['IRELANDPAY_MAX_RETRIES'],
        backoffBaseMs: values['IRELANDPAY_BACKOFF_BASE_MS'],
        timeoutSeconds: values['IRELANDPAY_TIMEOUT_SECONDS'],
        circuitMaxFailures: values['IRELANDPAY_CIRCUIT_MAX_FAILURES'],
        circuitResetSeconds: values['IRELANDPAY_CIRCUIT_RESET_SECONDS'],
      },
    };
  },
};
