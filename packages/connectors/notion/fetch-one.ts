import { SyncError, type VendorAnswer, type VendorClient } from '@syncline/connector-kit';
import { begun } from './ask-list.js';
import { withMore } from './client-pages.js';
import { notionId } from './ids.js';
import type { NotionSettings } from './settings.js';

/**
 * One client by its page's id, with everything. A page that was moved to another database is no client any more: it is
 * refused as one that is not there.
 *
 * Throws what the client throws, and SyncError UPSTREAM_REJECTED with status 404 for such a page, and for what is no id;
 * UPSTREAM_BAD_BODY when the answer is no page.
 */
export async function fetchClient(client: VendorClient, id: string, settings?: NotionSettings): Promise<VendorAnswer> {
  const pageId = notionId(id);
  if (pageId === undefined) throw notThere('This is no id of a page');
  const answer = await client.get(`pages/${pageId}`);
  const page = answer.json as Record<string, unknown> | null;
  if (typeof page !== 'object' || page === null || page['object'] !== 'page') {
    throw new SyncError('UPSTREAM_BAD_BODY', 'pages: expected a JSON object, the page asked for');
  }
  if (isElsewhere(page['parent'], settings)) throw notThere('The page is in another database now');
  const isTextWanted = settings?.pageBodies !== 'never' && page['in_trash'] !== true;
  const { record, lossless } = await withMore(begun(client), page, isTextWanted);
  return { ...answer, json: record, lossless: answer.lossless || lossless };
}

/** Whether a page is known to belong to something else than what is read. */
function isElsewhere(parent: unknown, settings: NotionSettings | undefined): boolean {
  const { data_source_id: source, database_id: database } = (parent ?? {}) as Record<string, unknown>;
  const known = settings?.database;
  if (known === undefined) return false;
  if (typeof source === 'string') return notionId(source) !== known.dataSourceId;
  return typeof database === 'string' ? notionId(database) !== known.databaseId : true;
}

function notThere(message: string): SyncError {
  return new SyncError('UPSTREAM_REJECTED', message, { details: { status: 404 } });
}
