import { freshnessSettings, roadSettings, sweepSettings } from '@syncline/connector-kit';
import { z } from 'zod';

export const irelandPayCredentials = z.object({
  /** Goes into a header; whoever pastes it may bring white space along. */
  apiKey: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,300}$/, 'is no API key: they are one line without spaces'),
});
export type IrelandPayCredentials = z.infer<typeof irelandPayCredentials>;

export const irelandPayBaseUrl = 'https://crm.ireland-pay.com/api/v1/';

/** Defaults of the vendor and of the guide; each can be set for a connection. */
export const irelandPaySettings = z.object({
  ...sweepSettings,
  ...freshnessSettings,
  baseUrl: z.url().default(irelandPayBaseUrl),
  /** The vendor takes no other numbers. */
  pageSize: z.literal([10, 25, 50, 100]).default(100),
  maxPages: z.number().int().min(0).default(0),
  overlapSeconds: z.number().int().min(0).max(86_400).default(900),
  /** What is read again in any case is set by `trailingDays` and `residualMonths`; merchants say when they changed. */
  lookBackDays: z.number().int().min(1).max(365).default(90),
  maxOpenFailedItems: z.number().int().min(0).default(10_000),
  requestsPerMinute: z.number().int().min(1).default(500),
  /** The month that history begins with. */
  historyFrom: z
    .string()
    .regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/, 'is no month such as 2024-04')
    .default('2024-04'),
  /** So many days are read again with each sync: chargebacks and rejects come late, and nothing tells of them. */
  trailingDays: z.number().int().min(1).max(366).default(35),
  /** Days that one request for transactions is about, where its answer is not too long. */
  windowDays: z.number().int().min(1).max(366).default(90),
  /** So many months are looked at again with each sync: reports are published again. */
  residualMonths: z.number().int().min(0).max(36).default(3),
  /** Whether each merchant that is read is asked for by itself, for what the processor knows of its account. */
  merchantDetails: z.enum(['always', 'never']).default('always'),
  ...roadSettings,
  timeoutSeconds: roadSettings.timeoutSeconds.default(30),
});
export type IrelandPaySettings = z.infer<typeof irelandPaySettings>;
