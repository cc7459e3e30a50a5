import { isHmacSha256, type SignedMessage, type SignedWebhooks } from '@syncline/connector-kit';
import { z } from 'zod';
import { notionId } from './ids.js';
import type { NotionCredentials, NotionSettings } from './settings.js';

/** What is asked for again: a page, whatever happened to it. */
const pageEvents = new Set([
  'page.created',
  'page.content_updated',
  'page.properties_updated',
  'page.moved',
  'page.deleted',
  'page.undeleted',
]);

/** What may change what every page says, or whether the database can be read at all. */
const sourceEvents = new Set([
  'data_source.schema_updated',
  'data_source.moved',
  'data_source.deleted',
  'data_source.undeleted',
]);

const handshake = z.strictObject({ verification_token: z.string().min(1).max(500) });

const event = z.looseObject({
  id: z.string().min(1).max(100),
  type: z.string().min(1).max(100),
  timestamp: z.iso.datetime({ offset: true }),
  entity: z.looseObject({ id: z.string().max(100), type: z.string().max(100) }).optional(),
  data: z.looseObject({ parent: z.looseObject({ id: z.string().max(100) }).optional() }).optional(),
});
type Event = z.infer<typeof event>;

/**
 * Notion's webhooks (docs/vendors/notion.md): an HMAC over the raw body, whose key comes once, in a handshake. The vendor
 * sends no header with a time; a proxy or another sender may.
 */
export const notionWebhooks: SignedWebhooks<NotionSettings, NotionCredentials> = {
  proof: 'signature',
  keys: ({ webhookSecret }) => (webhookSecret === undefined ? [] : [webhookSecret]),
  keyField: 'webhookSecret',
  checkSignature: ({ headers, body }, key) => {
    if (headers['x-notion-signature'] === undefined) return 'missing';
    const [, signature] = /^sha256=(.*)$/.exec(text(headers['x-notion-signature']) ?? '') ?? [];
    return signature !== undefined && isHmacSha256(signature, key, body) ? 'valid' : 'wrong';
  },
  sentAt: (headers) => {
    const given = text(headers['x-notion-timestamp']);
    if (headers['x-notion-timestamp'] === undefined) return undefined;
    return (given !== undefined && timeOf(given)) || 'unreadable';
  },
  read: (body, settings): SignedMessage => {
    const offered = handshake.safeParse(body);
    if (offered.success) return { kind: 'handshake', key: offered.data.verification_token };
    const parsed = event.safeParse(body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { kind: 'unreadable', reason: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}` };
    }
    const { id, type, timestamp } = parsed.data;
    return { kind: 'event', id, type, at: new Date(timestamp), targets: targetsOf(parsed.data, settings) };
  },
};

function targetsOf({ type, entity, data }: Event, settings: NotionSettings) {
  if (sourceEvents.has(type)) {
    const known = settings.database?.dataSourceId ?? settings.dataSourceId;
    const isMeant = entity !== undefined && (known === undefined || notionId(entity.id) === known);
    return isMeant ? [{ kind: 'entity', entity: 'clients' } as const] : 'other_source';
  }
  if (!pageEvents.has(type)) return 'unknown_type';
  const page = notionId(entity?.id ?? '');
  if (page === undefined) return 'other_source';
  // A page that has moved away, or whose parent is not told, is of interest only to whoever has it.
  return [{ kind: 'record', entity: 'clients', id: page, onlyIfStored: !isOurs(data?.parent, settings) } as const];
}

/** Whether that is the database that is read. Newer events name its data source; ids may come with dashes or without. */
function isOurs(parent: Record<string, unknown> | undefined, settings: NotionSettings): boolean {
  const { id, data_source_id: source } = parent ?? {};
  const known = settings.database;
  if (typeof source === 'string' && known !== undefined) return notionId(source) === known.dataSourceId;
  return typeof id === 'string' && (notionId(id) === settings.databaseId || notionId(id) === known?.dataSourceId);
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

const iso = z.iso.datetime({ offset: true });

/** Seconds or milliseconds since 1970, or ISO. More digits would be a time that no clock has, and be near to none. */
function timeOf(given: string): Date | undefined {
  if (/^\d{9,15}$/.test(given)) return new Date(Number(given) < 1e11 ? Number(given) * 1_000 : Number(given));
  return iso.safeParse(given).success ? new Date(given) : undefined;
}
