import {
  field,
  freshnessSettings,
  roadSettings,
  secretField,
  settingWords,
  sweepSettings,
} from '@syncline/connector-kit';
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
    .regex(/^[\x21-\x7e]{8,300}$/, 'is no API key: they are one line without spaces')
    .meta(
      secretField(
        'Token of the integration',
        'Of an internal integration, made in Notion under Settings › Connections › Develop integrations.',
      ),
    ),
  /** The key of webhooks, where it is known beforehand; else the vendor tells it (docs/webhooks.md). */
  webhookSecret: z
    .string()
    .trim()
    .regex(
      /^[\x21-\x7e]{16,300}$/,
      'is no key of a webhook: they are one line without spaces, of 16 characters or more',
    )
    .optional()
    .meta(
      secretField('Key of webhooks', 'Where it is known beforehand; else Notion tells it when webhooks are set up.'),
    ),
});
export type NotionCredentials = z.infer<typeof notionCredentials>;

/** Defaults of the vendor; each can be set for a connection. */
export const notionSettings = z.object({
  baseUrl: z.url().optional().meta(settingWords.baseUrl),
  databaseId: id.meta(
    field('Database', 'Its link, or the id in it. It has to be shared with the integration (… › Connections).'),
  ),
  dataSourceId: id.optional().meta(field('Data source', 'Of a database that has several, the id of the one meant.')),
  columns: z
    .partialRecord(z.enum(propertyColumns), z.string().min(1).max(200))
    .optional()
    .meta(
      field(
        'Properties by hand',
        'The name or id of a property, for columns whose property is not found by itself.',
        'Reading',
      ),
    ),
  /** The connector's own (see `findings`). Taken away, the properties are chosen anew. */
  database: surveyed.optional().catch(undefined),
  pageBodies: z
    .enum(['always', 'changed', 'never'])
    .default('always')
    .meta(
      field(
        'Text of pages',
        'Whose page is read, which costs a request each or more: of all clients that a sync comes by, of those changed within the look-back, or of none.',
        'Reading',
      ),
    ),
  /** The vendor gives no more than 100. */
  pageSize: z.number().int().min(1).max(100).default(100).meta(settingWords.pageSize),
  maxPages: z.number().int().min(0).default(0).meta(settingWords.maxPages),
  /** Times of change are whole minutes: two of them at least, or a second change in the same minute is missed. */
  overlapSeconds: z.number().int().min(120).max(86_400).default(300).meta(settingWords.overlapSeconds),
  lookBackDays: z.number().int().min(1).max(365).default(30).meta(settingWords.lookBackDays),
  maxOpenFailedItems: z.number().int().min(0).default(10_000).meta(settingWords.maxOpenFailedItems),
  requestsPerSecond: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .meta(field('Requests a second', "On average; ten seconds' worth of them may go at once.", 'Requests')),
  ...roadSettings,
  ...freshnessSettings,
  ...sweepSettings,
});
export type NotionSettings = z.infer<typeof notionSettings>;
