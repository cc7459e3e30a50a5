import { freshnessSettings, roadSettings, sweepSettings } from '@syncline/connector-kit';
import { z } from 'zod';

export const practicePantherCredentials = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** With it the refresh-token grant (what the vendor has in reality), without it client credentials. */
  refreshToken: z.string().min(1).optional(),
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
  ...sweepSettings,
  ...freshnessSettings,
  baseUrl: z.url().default('https://app.practicepanther.com/api/v2/'),
  /** Two at least: every page begins on the last record of the one before. */
  pageSize: z.number().int().min(2).max(1000).default(100),
  maxPages: z.number().int().min(0).default(0),
  overlapSeconds: z.number().int().min(0).max(86_400).default(900),
  lookBackDays: z.number().int().min(1).max(365).default(7),
  maxOpenFailedItems: z.number().int().min(0).default(10_000),
  rateLimitRequests: z.number().int().min(1).default(300),
  rateLimitWindowSeconds: z.number().int().min(1).default(300),
  ...roadSettings,
  /** The label of the matters' custom field that holds the exchange value, in any case. */
  exchangeValueField: z.string().trim().min(1).optional(),
  /** Which emails are asked for one by one, because only then they come with their HTML body. */
  emailBodies: z.enum(emailBodies).default('changed'),
});
export type PracticePantherSettings = z.infer<typeof practicePantherSettings>;
