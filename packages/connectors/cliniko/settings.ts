import {
  field,
  freshnessSettings,
  roadSettings,
  secretField,
  settingWords,
  sweepSettings,
} from '@syncline/connector-kit';
import { z } from 'zod';

/** Goes into an Authorization header as the user name, which has no colon; whoever pastes it may bring white space along. */
const apiKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x39\x3b-\x7e]{8,300}$/, 'is no API key: they are one line without spaces or colons');

export const clinikoCredentials = z.object({
  apiKey: apiKey.meta(
    secretField('API key', 'Made in Cliniko under My info. It sees what its user sees, and does not expire.'),
  ),
  /** Sent with every request, because Cliniko blocks programs that do not say whom to write to. */
  contactEmail: z
    .email()
    .meta(field('Contact address', 'Whom Cliniko can write to about this program: it goes along with every request.')),
});
export type ClinikoCredentials = z.infer<typeof clinikoCredentials>;

/** Defaults of the vendor; each can be set for a connection. */
export const clinikoSettings = z.object({
  /** Unset: of the shard that the API key names. Set for a simulator or a proxy. */
  baseUrl: z.url().optional().meta(settingWords.baseUrl),
  /** The vendor takes no more than 100. */
  pageSize: z.number().int().min(1).max(100).default(100).meta(settingWords.pageSize),
  maxPages: z.number().int().min(0).default(0).meta(settingWords.maxPages),
  overlapSeconds: z.number().int().min(0).max(86_400).default(900).meta(settingWords.overlapSeconds),
  /** Cliniko filters by any time of change, however long ago. */
  lookBackDays: z.number().int().min(1).max(365).default(90).meta(settingWords.lookBackDays),
  maxOpenFailedItems: z.number().int().min(0).default(10_000).meta(settingWords.maxOpenFailedItems),
  rateLimitPerMinute: z
    .number()
    .int()
    .min(1)
    .default(200)
    .meta(field('Requests a minute', 'Cliniko counts them for all keys of the same user together.', 'Requests')),
  ...roadSettings,
  ...freshnessSettings,
  ...sweepSettings,
});
export type ClinikoSettings = z.infer<typeof clinikoSettings>;
