import {
  addTo,
  askEach,
  type Page,
  type PageRequest,
  readCursor,
  unlessRefused,
  type VendorClient,
} from '@syncline/connector-kit';
import { z } from 'zod';
import { begun } from './ask-list.js';
import { readPageText } from './block-text.js';
import { completePage, isCutOffPage } from './long-values.js';
import { walkPages } from './page-walk.js';
import type { NotionSettings } from './settings.js';

/** Where the list stands, and which clients of its next page are through. */
const clientCursor = z.object({
  walk: z.record(z.string(), z.unknown()).nullable(),
  done: z.array(z.string()),
});

/**
 * A page of the list, with values that did not fit in and with the texts of the pages that are wanted. When these cannot
 * be read to the end, because the budget is used up for instance, the page is handed over as far as it goes, and the next
 * one begins there: requests that were spent are not spent again.
 */
export async function fetchClients(request: PageRequest<NotionSettings>): Promise<Page> {
  const { walk, done } =
    request.cursor === undefined ? { walk: null, done: [] } : readCursor(clientCursor, request.cursor);
  const page = await walkPages({ ...request, cursor: walk ?? undefined });
  const left = page.records.filter((record) => !done.includes(placeOf(record)));
  const wanted = new Map(
    left.filter((record) => wantsMore(record, request, page.vendorTime)).map((one) => [idOf(one), one]),
  );
  const { answers, stoppedBy } = await askEach([...wanted.keys()], async (id) => {
    const record = wanted.get(id);
    return withMore(request.client, record, wantsText(record, request, page.vendorTime));
  });
  const isReady = (record: unknown) => !wanted.has(idOf(record)) || answers.has(idOf(record));
  const ready = left.filter(isReady);
  if (ready.length < left.length && ready.length === 0) throw stoppedBy;
  const onward = page.next && { walk: page.next, done: [] };
  return {
    records: ready.map((record) => {
      const answer = answers.get(idOf(record));
      if (answer === undefined) return record;
      if ('ok' in answer) return answer.ok.record;
      return addTo(record as object, { page_text_error: answer.error });
    }),
    lossless: page.lossless || [...answers.values()].some((answer) => 'ok' in answer && answer.ok.lossless),
    next: ready.length < left.length ? { walk, done: [...done, ...ready.map(placeOf)] } : onward,
    vendorTime: page.vendorTime,
  };
}

/**
 * A page as it came, with what did not fit into it, and with its text if that is wanted, or why the vendor refuses it: a
 * page that can be read is there, whatever is said of its parts. Throws what else the client throws.
 */
export async function withMore(client: VendorClient, record: unknown, isTextWanted: boolean) {
  const { page, lossless } = await completePage(client, record);
  if (!isTextWanted) return { record: page, lossless };
  const { patient = client } = page === record ? client : begun(client);
  const text = await unlessRefused(() => readPageText(patient, idOf(record)));
  // Text of blocks was made storable with the answer that it came in.
  const added = 'ok' in text ? { page_text: text.ok } : { page_text_error: text.error };
  return { record: addTo(page as object, added), lossless };
}

type Wish = Pick<PageRequest<NotionSettings>, 'since' | 'settings'>;

/** Whether a page's text is read. That of a page in the trash cannot be. */
function wantsText(record: unknown, { since, settings }: Wish, vendorTime: Date | undefined): boolean {
  const { pageBodies = 'always', lookBackDays = 30 } = settings ?? {};
  const { in_trash: isTrashed, last_edited_time: edited } = (record ?? {}) as Record<string, unknown>;
  if (pageBodies === 'never' || idOf(record) === '' || isTrashed === true) return false;
  if (pageBodies === 'always' || since !== undefined) return true;
  const oldest = (vendorTime ?? new Date()).getTime() - lookBackDays * 86_400_000;
  return !(Date.parse(String(edited)) < oldest);
}

function wantsMore(record: unknown, wish: Wish, vendorTime: Date | undefined): boolean {
  return idOf(record) !== '' && (wantsText(record, wish, vendorTime) || isCutOffPage(record));
}

/** Empty for what has none, which is nobody to ask for. */
function idOf(record: unknown): string {
  const id = (record as Record<string, unknown> | null)?.['id'];
  return typeof id === 'string' ? id : '';
}

/** A record as it is now: edited since, it is asked for once more. */
function placeOf(record: unknown): string {
  const { id, last_edited_time: edited } = (record ?? {}) as Record<string, unknown>;
  return `${typeof id === 'string' ? id : JSON.stringify(record)?.slice(0, 200)} ${String(edited)}`;
}
