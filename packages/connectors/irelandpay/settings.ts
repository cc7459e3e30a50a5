import {
  field,
  freshnessSettings,
  roadSettings,
  secretField,
  settingWords,
  sweepSettings,
} from '@syncline/connector-kit';
import { z } from 'zod';

export const irelandPayCredentials = z.object({
  /** Goes into a header; whoever pastes it may bring white space along. */
  apiKey: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,300}$/, 'is no API key: they are one line without spaces')
    .meta(secretField('API key', 'Made in the CRM under Settings › API. It sees what its user may see.')),
});
export type IrelandPayCredentials = z.infer<typeof irelandPayCredentials>;

export const irelandPayBaseUrl = 'https://crm.ireland-pay.com/api/v1/';

/** Defaults of the vendor and of the guide; each can be set for a connection. */
export const irelandPaySettings = z.object({
  ...freshnessSettings,
  baseUrl: z.url().default(irelandPayBaseUrl).meta(settingWords.baseUrl),
  /** The vendor takes no other numbers. */
  pageSize: z.literal([10, 25, 50, 100]).default(100).meta(settingWords.pageSize),
  maxPages: z.number().int().min(0).default(0).meta(settingWords.maxPages),
  overlapSeconds: z.number().int().min(0).max(86_400).default(900).meta(settingWords.overlapSeconds),
  /** What is read again in any case is set by `trailingDays` and `residualMonths`; merchants say when they changed. */
  lookBackDays: z.number().int().min(1).max(365).default(90).meta(settingWords.lookBackDays),
  maxOpenFailedItems: z.number().int().min(0).default(10_000).meta(settingWords.maxOpenFailedItems),
  requestsPerMinute: z
    .number()
    .int()
    .min(1)
    .default(500)
    .meta(field('Requests a minute', undefined, 'Requests')),
  historyFrom: z
    .string()
    .regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/, 'is no month such as 2024-04')
    .default('2024-04')
    .meta(field('History begins with', 'A month, such as 2024-04. What was before it is not read.')),
  trailingDays: z
    .number()
    .int()
    .min(1)
    .max(366)
    .default(35)
    .meta(
      field(
        'Days that are read again',
        'With each sync: chargebacks and rejects come late, and nothing tells of them.',
        'Reading',
      ),
    ),
  windowDays: z
    .number()
    .int()
    .min(1)
    .max(366)
    .default(90)
    .meta(
      field(
        'Days a request',
        'What one request for transactions is about, where its answer is not too long.',
        'Reading',
      ),
    ),
  residualMonths: z
    .number()
    .int()
    .min(0)
    .max(36)
    .default(3)
    .meta(field('Months of residuals that are read again', 'With each sync: reports are published again.', 'Reading')),
  merchantDetails: z
    .enum(['always', 'never'])
    .default('always')
    .meta(
      field(
        'Details of merchants',
        'What the processor knows of an account comes only when a merchant is asked for alone, which costs a request each.',
        'Reading',
      ),
    ),
  ...roadSettings,
  timeoutSeconds: roadSettings.timeoutSeconds.default(30),
  ...sweepSettings,
});
export type IrelandPaySettings = z.infer<typeof irelandPaySettings>;
