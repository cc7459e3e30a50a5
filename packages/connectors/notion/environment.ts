import type { ConnectorEnvironment } from '@syncline/connector-kit';
import { z } from 'zod';
import { notionCredentials, notionSettings } from './settings.js';

const defaultBaseUrl = 'https://api.notion.com/v1/';

/** NOTION_API_KEY switches the connection on. */
export const notionEnvironment: ConnectorEnvironment = {
  variables: {
    NOTION_API_KEY: {
      schema: notionCredentials.shape.apiKey.optional(),
      doc: 'Token of an internal Notion integration. Setting it makes a connection of this environment.',
      secret: true,
    },
    NOTION_DATABASE_ID: {
      schema: notionSettings.shape.databaseId.optional(),
      doc: 'The database of clients: its id or its link, required with NOTION_API_KEY.',
    },
    NOTION_WEBHOOK_SECRET: {
      schema: notionCredentials.shape.webhookSecret,
      doc: 'The key that Notion signs its webhooks with (its verification token), where it is known already.',
      secret: true,
    },
    NOTION_BASE_URL: {
      schema: z.url({ protocol: /^https?$/ }).default(defaultBaseUrl),
      doc: 'Base URL of the API.',
    },
  },

  connection: (values) => {
    const apiKey = values['NOTION_API_KEY'];
    if (apiKey === undefined) return undefined;
    const databaseId = values['NOTION_DATABASE_ID'];
    if (databaseId === undefined) throw new RangeError('NOTION_DATABASE_ID has to be set with NOTION_API_KEY');
    const webhookSecret = values['NOTION_WEBHOOK_SECRET'];
    const credentials = { apiKey, ...(webhookSecret !== undefined && { webhookSecret }) };
    return { credentials, settings: { databaseId, baseUrl: values['NOTION_BASE_URL'] } };
  },
};
