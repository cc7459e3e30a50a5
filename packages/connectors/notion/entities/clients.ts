import { defineEntity, type Flag, instant } from '@syncline/connector-kit';
import { z } from 'zod';
import { type Choice, chooseProperties, isSameId } from '../choose-properties.js';
import { fetchClients } from '../client-pages.js';
import { durable } from '../durable.js';
import { fetchClient } from '../fetch-one.js';
import { propertyText } from '../property-text.js';
import { type NotionSettings, type PropertyColumn, propertyColumns } from '../settings.js';
import { slugOf } from '../slug.js';

const property = z.looseObject({ id: z.string(), type: z.string() });

const page = z.object({
  object: z.literal('page'),
  id: z.string().min(1).max(200),
  created_time: z.string(),
  last_edited_time: z.string(),
  in_trash: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  url: z.string().nullish(),
  properties: z.record(z.string(), property),
  /** Added while reading, as is the reason for its absence. */
  page_text: z.string().optional(),
  page_text_error: z.string().optional(),
  /** By ids of properties of which the vendor gave no more than fits into a page. */
  property_errors: z.record(z.string(), z.string()).optional(),
});
type ClientPage = z.infer<typeof page>;

/**
 * The clients of an agency: the pages of one database. `client_page_info` is null as long as nobody asked for it, and
 * empty where there is none. What a record cannot say, because its property is gone or its page was not read, stays as
 * it was, and so does the slug (a trigger of the table sees to it).
 */
export const clients = defineEntity({
  name: 'clients',
  dependsOn: [],
  table: {
    name: 'clients',
    key: 'notion_page_id',
    raw: 'notion_data',
    columns: {
      name: 'text',
      slug: 'text',
      contact_email: 'text',
      products_services: 'text',
      client_page_info: 'text',
      status: 'text',
      properties: 'jsonb',
      url: 'text',
      trashed_at: 'timestamptz',
      source_created_at: 'timestamptz',
    },
    tombstones: ['trashed_at'],
  },
  mapping: {
    schema: page,
    key: (record) => record.id,
    updatedAt: (record) => record.last_edited_time,
    map: (record, flag, settings?: NotionSettings) => {
      const choice = settings?.database?.properties ?? chooseProperties(record.properties);
      const value = (column: PropertyColumn) => textFor(record, choice, column, flag);
      if (record.page_text_error !== undefined) flag('client_page_info', 'UNREADABLE', record.page_text_error);
      for (const [id, error] of Object.entries(record.property_errors ?? {})) {
        // What has no column of its own is in that of all properties.
        const columns = propertyColumns.filter((column) => isSameId(choice[column]?.id ?? '', id));
        for (const column of columns.length === 0 ? ['properties'] : columns) flag(column, 'UNREADABLE', error);
      }
      const name = value('name');
      const isTrashed = record.in_trash ?? record.archived ?? false;
      return {
        name,
        slug: slugOf(name),
        contact_email: value('contact_email'),
        products_services: value('products_services'),
        client_page_info: record.page_text,
        status: value('status'),
        properties: durable(record.properties),
        url: record.url,
        // The vendor does not tell since when; to be put into the trash is an edit.
        trashed_at: isTrashed ? instant(record.last_edited_time, 'trashed_at', flag) : null,
        source_created_at: instant(record.created_time, 'source_created_at', flag),
      };
    },
    // The page without what has a column of its own, and without what belongs to the answer that it came in.
    raw: (record) => {
      const {
        properties: _,
        page_text: __,
        page_text_error: ___,
        property_errors: ____,
        request_id: _____,
        ...own
      } = record as ClientPage & Record<string, unknown>;
      return durable(own);
    },
  },
  fetchPage: fetchClients,
  fetchOne: fetchClient,
});

/** The text of the property that was chosen for a column, by its id: it may have another name by now. */
function textFor({ properties }: ClientPage, choice: Choice, column: PropertyColumn, flag: Flag): string | null {
  const chosen = choice[column];
  if (chosen === null) return null;
  const found = Object.values(properties).find(({ id }) => isSameId(id, chosen.id));
  if (found !== undefined) return propertyText(found);
  flag(column, 'MISSING', chosen.name);
  return null;
}
