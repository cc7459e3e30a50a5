import { freshnessSettings, roadSettings, sweepSettings } from '@syncline/connector-kit';
import { z } from 'zod';

/** Goes into an Authorization header as the user name, which has no colon; whoever pastes it may bring white space along. */
const apiKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x39\x3b-\x7e]{8,300}$/, 'is no API key: they are one line without spaces or colons');

export const clinikoCredentials = z.object({
  apiKey,
  /** Sent with every request, because Cliniko blocks programs that do not say whom to write to. */
  contactEmail: z.email(),
});
export type ClinikoCredentials = z.infer<typeof clinikoCredentials>;

/** Defaults of the vendor; each can be set for a connection. */
export const clinikoSettings = z.object({
  ...sweepSettings,
  /** Unset: of the shard that the API key names. Set for a simulator or a proxy. */
  baseUrl: z.url().optional(),
  /** The vendor takes no more than 100. */
  pageSize: z.number().int().min(1).max(100).default(100),
  maxPages: z.number().int().min(0).default(0),
  overlapSeconds: z.number().int().min(0).max(86_400).default(900),
  /** Cliniko filters by any time of change, however long ago. */
  lookBackDays: z.number().int().min(1).max(365).default(90),
  maxOpenFailedItems: z.number().int().min(0).default(10_000),
  /** For all keys of the same user together. */
  rateLimitPerMinute: z.number().int().min(1).default(200),
  ...roadSettings,
  ...freshnessSettings,
});
export type ClinikoSettings = z.infer<typeof clinikoSettings>;
