import {
  bearer,
  defineConnector,
  type ErrorCode,
  type VendorRequest,
  type VendorResponse,
} from '@syncline/connector-kit';
import { clients } from './entities/clients.js';
import { notionEnvironment } from './environment.js';
import { notionSchedules } from './schedules.js';
import { type NotionCredentials, type NotionSettings, notionCredentials, notionSettings } from './settings.js';
import { surveyDatabase } from './survey.js';
import { notionWebhooks } from './webhooks.js';

/** Notion, API version 2025-09-03. Facts and their sources: docs/vendors/notion.md. */
export const notion = defineConnector<NotionSettings, NotionCredentials>({
  id: 'notion',
  displayName: 'Notion',
  guideUrl: 'https://developers.notion.com/docs/authorization',
  credentials: notionCredentials,
  settings: notionSettings,
  auth: bearer<NotionCredentials>({
    token: ({ apiKey }) => apiKey,
    headers: { 'notion-version': '2025-09-03' },
  }),
  baseUrl: () => 'https://api.notion.com/v1/',
  budgetIdentity: ({ apiKey }) => apiKey,
  budget: ({ requestsPerSecond }) => [{ requests: requestsPerSecond * 10, seconds: 10 }],
  environment: notionEnvironment,
  entities: [clients],
  schedules: notionSchedules,
  classify,
  survey: surveyDatabase,
  webhooks: notionWebhooks,
  findings: ['database'],
  notices: ({ database }) => database?.drift ?? [],
  probe: async (client) => {
    const { json } = await client.get('users/me');
    const { id, name, bot } = (json ?? {}) as Record<string, unknown>;
    return { user: { id, name, workspace: (bot as Record<string, unknown> | undefined)?.['workspace_name'] } };
  },
});

/** What the vendor says about the question, as far as something else can be asked instead. */
function classify({ json }: VendorRequest, { status, body }: VendorResponse): ErrorCode | undefined {
  // Two writers were in each other's way; neither of them is us.
  if (status === 409) return 'UPSTREAM_UNAVAILABLE';
  if (status !== 400) return undefined;
  const asked = JSON.stringify(json) ?? '';
  if (/start_cursor/.test(body)) return 'CURSOR_UNREADABLE';
  return /last_edited_time/.test(body) && asked.includes('last_edited_time') ? 'UPSTREAM_BAD_WATERMARK' : undefined;
}
