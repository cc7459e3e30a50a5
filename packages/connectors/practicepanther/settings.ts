import {
  field,
  freshnessSettings,
  roadSettings,
  secretField,
  settingWords,
  sweepSettings,
} from '@syncline/connector-kit';
import { z } from 'zod';

export const practicePantherCredentials = z.object({
  clientId: z
    .string()
    .min(1)
    .meta(field('Client id', "PracticePanther gives a firm's API client on request: an id and a secret.")),
  clientSecret: z.string().min(1).meta(secretField('Client secret')),
  /** With it the refresh-token grant (what the vendor has in reality), without it client credentials. */
  refreshToken: z
    .string()
    .min(1)
    .optional()
    .meta(
      secretField(
        'Refresh token',
        'What authorising the client yields. It changes with every use: no other program may use the same one.',
      ),
    ),
});
export type PracticePantherCredentials = z.infer<typeof practicePantherCredentials>;

/**
 * always   every email that is read, in a full sync as well
 * changed  what an incremental sync reads; of a full one, what changed within the look-back
 * never    none
 */
export const emailBodies = ['always', 'changed', 'never'] as const;

/** Defaults of the vendor and of the guide; each can be set for a connection. */
export const practicePantherSettings = z.object({
  ...freshnessSettings,
  baseUrl: z.url().default('https://app.practicepanther.com/api/v2/').meta(settingWords.baseUrl),
  /** Two at least: every page begins on the last record of the one before. */
  pageSize: z.number().int().min(2).max(1000).default(100).meta(settingWords.pageSize),
  maxPages: z.number().int().min(0).default(0).meta(settingWords.maxPages),
  overlapSeconds: z.number().int().min(0).max(86_400).default(900).meta(settingWords.overlapSeconds),
  lookBackDays: z.number().int().min(1).max(365).default(7).meta(settingWords.lookBackDays),
  maxOpenFailedItems: z.number().int().min(0).default(10_000).meta(settingWords.maxOpenFailedItems),
  rateLimitRequests: z
    .number()
    .int()
    .min(1)
    .default(300)
    .meta(field('Requests in a window', "The client's quota, of which the whole fleet makes no more.", 'Requests')),
  rateLimitWindowSeconds: z
    .number()
    .int()
    .min(1)
    .default(300)
    .meta(field('Length of that window, in seconds', undefined, 'Requests')),
  ...roadSettings,
  exchangeValueField: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta(
      field(
        'Field of the exchange value',
        'The label of the custom field of matters that holds it, in any case.',
        'Reading',
      ),
    ),
  emailBodies: z
    .enum(emailBodies)
    .default('changed')
    .meta(
      field(
        'Bodies of emails',
        'An email has its HTML body only when it is asked for alone, which costs a request each. changed: those that changed of late.',
        'Reading',
      ),
    ),
  ...sweepSettings,
});
export type PracticePantherSettings = z.infer<typeof practicePantherSettings>;
