import { freshnessSettings, roadSettings, sweepSettings } from '@syncline/connector-kit';
import { z } from 'zod';
import { notionId } from './ids.js';

/** The columns of `clients` that come from a property. */
export const propertyColumns = ['name', 'contact_email', 'products_services', 'status'] as const;
export type PropertyColumn = (typeof propertyColumns)[number];

const id = z.string().transform((text, context) => {
  const found = notionId(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'is no id: 32 hexadecimal digits, or the link of a database' });
  return z.NEVER;
});

/** A property as it was when it was chosen. `asked` is what an operator called it, where one did. */
const chosenProperty = z.object({ id: z.string(), name: z.string(), type: z.string(), asked: z.string().optional() });
export type ChosenProperty = z.infer<typeof chosenProperty>;

/** What was found out about the database, once. */
const surveyed = z.object({
  databaseId: z.string(),
  dataSourceId: z.string(),
  /** Null: the database has no property that would fit. */
  properties: z.record(z.enum(propertyColumns), chosenProperty.nullable()),
  /** What is different by now, in words. */
  drift: z.array(z.string()),
});
export type SurveyedDatabase = z.infer<typeof surveyed>;

export const notionCredentials = z.object({
  /** Of an internal integration. Goes into a header; whoever pastes it may bring white space along. */
  apiKey: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,300}$/, 'is no API key: they are one line without spaces'),
  /** The key of webhooks, where it is known beforehand; else the vendor tells it (docs/webhooks.md). */
  webhookSecret: z
    .string()
    .trim()
    .regex(
      /^[\x21-\x7e]{16,300}$/,
      'is no key of a webhook: they are one line without spaces, of 16 characters or more',
    )
    .optional(),
});
export type NotionCredentials = z.infer<typeof notionCredentials>;

/** Defaults of the vendor; each can be set for a connection. */
export const notionSettings = z.object({
  ...sweepSettings,
  baseUrl: z.url().optional(),
  /** With dashes, without them, or the link of the database. */
  databaseId: id,
  /** Of a database with several data sources, the one that is meant. */
  dataSourceId: id.optional(),
  /** Properties by name or id, for columns whose property is not found by itself. */
  columns: z.partialRecord(z.enum(propertyColumns), z.string().min(1).max(200)).optional(),
  /** The connector's own (see `findings`). Taken away, the properties are chosen anew. */
  database: surveyed.optional().catch(undefined),
  /**
   * Whose page is read, which costs a request each or more: of all clients that a sync comes by, or of those changed
   * within the look-back, or of none.
   */
  pageBodies: z.enum(['always', 'changed', 'never']).default('always'),
  /** The vendor gives no more than 100. */
  pageSize: z.number().int().min(1).max(100).default(100),
  maxPages: z.number().int().min(0).default(0),
  /** Times of change are whole minutes: two of them at least, or a second change in the same minute is missed. */
  overlapSeconds: z.number().int().min(120).max(86_400).default(300),
  lookBackDays: z.number().int().min(1).max(365).default(30),
  maxOpenFailedItems: z.number().int().min(0).default(10_000),
  /** On average; ten seconds' worth of it may go at once. */
  requestsPerSecond: z.number().int().min(1).max(1_000).default(3),
  ...roadSettings,
  ...freshnessSettings,
});
export type NotionSettings = z.infer<typeof notionSettings>;
