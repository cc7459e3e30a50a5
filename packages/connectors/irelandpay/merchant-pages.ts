import {
  addTo,
  askEach,
  type Page,
  type PageRequest,
  readCursor,
  SyncError,
  type VendorClient,
} from '@syncline/connector-kit';
import { z } from 'zod';
import type { IrelandPaySettings } from './settings.js';
import { askList, type ListAnswer } from './vendor-list.js';

/**
 * Walks the list of merchants in the order of their numbers, which never change: one that is new, or newly changed, comes
 * in where it belongs, and at most moves others behind, where they are met a second time. Only one that vanishes moves
 * others to the front, past the reader; then there are fewer in all, and the page before is read again.
 */
const place = z.object({ page: z.int().min(1), total: z.number().nullable() });
export type MerchantPlace = z.infer<typeof place>;
export const merchantPlace = place;

export interface MerchantPage extends ListAnswer {
  readonly next: MerchantPlace | undefined;
}

/** A page of merchants, by the filters of `query`. Throws what `askList` throws. */
export async function askMerchants(
  client: VendorClient,
  { page, total: known }: MerchantPlace,
  query: { readonly per_page: number } & Readonly<Record<string, string | number>>,
): Promise<MerchantPage> {
  const answer = await askList(client, 'merchants', { ...query, sort_by: 'mid', sort_dir: 'asc', page });
  const { lastPage, total = null } = answer;
  if (known !== null && total !== null && total < known) {
    return { ...answer, next: { page: Math.max(1, page - 1), total } };
  }
  return { ...answer, next: page < lastPage ? { page: page + 1, total } : undefined };
}

const merchantCursor = z.object({ place, done: z.array(z.string()) });

/**
 * A page of the list, each merchant with what is known of its account. When that cannot be read to the end, because the
 * budget is used up for instance, the page is handed over as far as it goes, and the next one begins there.
 */
export async function fetchMerchants(request: PageRequest<IrelandPaySettings>): Promise<Page> {
  const { client, settings } = request;
  const { place: at, done } =
    request.cursor === undefined
      ? { place: { page: 1, total: null }, done: [] }
      : readCursor(merchantCursor, request.cursor);
  const answer = await askMerchants(client, at, { per_page: request.pageSize, ...changedBetween(request) });
  const rows = answer.rows.map((row) => withId(row));
  const left = rows.filter((row) => !done.includes(markOf(row)));
  const onward = answer.next && { place: answer.next, done: [] };
  const page = { lossless: answer.lossless, vendorTime: answer.vendorTime };
  if (settings?.merchantDetails === 'never') return { ...page, records: left, next: onward };

  const mids = [...new Set(left.map(midOf).filter((mid) => mid !== undefined))];
  const { answers, stoppedBy } = await askEach(mids, (mid) => askDetails(client, mid));
  const ready = left.filter((row) => midOf(row) === undefined || answers.has(midOf(row) ?? ''));
  if (ready.length < left.length && ready.length === 0) throw stoppedBy;
  return {
    records: ready.map((row) => {
      const details = answers.get(midOf(row) ?? '');
      if (details === undefined) return row;
      if ('error' in details) return addTo(row as object, { account_error: details.error });
      return addTo(row as object, { account_information: details.ok.json['account_information'] ?? null });
    }),
    lossless: page.lossless || [...answers.values()].some((one) => 'ok' in one && one.ok.lossless),
    next: ready.length < left.length ? { place: at, done: [...done, ...ready.map(markOf)] } : onward,
    vendorTime: page.vendorTime,
  };
}

/** GET /merchants/{mid}, whose shape is another one than the list's. */
export async function askDetails(client: VendorClient, mid: string) {
  const answer = await client.get(`merchants/${encodeURIComponent(mid)}`);
  const json = (answer.json ?? {}) as Record<string, unknown>;
  if (typeof json['general'] !== 'object' || json['general'] === null) {
    throw new SyncError('UPSTREAM_BAD_BODY', 'merchants/{mid}: expected an object with a part, general');
  }
  return { ...answer, json: json as Record<string, unknown> & { readonly general: object } };
}

/** Records are known by `id`, which this vendor calls `mid` and may send as a number. */
export function withId(row: unknown): unknown {
  const mid = (row as Record<string, unknown> | null)?.['mid'];
  if (mid === null || mid === undefined || mid === '') return row;
  return addTo(row as object, { id: String(mid) });
}

export function midOf(row: unknown): string | undefined {
  const id = (row as Record<string, unknown> | null)?.['id'];
  return typeof id === 'string' ? id : undefined;
}

/** A merchant as it is now: changed since, it is asked for once more. */
function markOf(row: unknown): string {
  const { id, modified } = (row ?? {}) as Record<string, unknown>;
  return `${typeof id === 'string' ? id : JSON.stringify(row)?.slice(0, 100)} ${String(modified)}`;
}

/** Later than anything: without an end the vendor takes no beginning. */
const never = '2099-12-31T23:59:59+00:00';

function changedBetween({ since, span }: PageRequest<IrelandPaySettings>): Record<string, string> {
  if (since === undefined && span === undefined) return {};
  const from = span === undefined ? secondOf(since ?? new Date(0)) : secondOf(new Date(span.from.getTime() + 999));
  return { date_filter: 'modified', start_date: from, end_date: span?.to === undefined ? never : secondOf(span.to) };
}

/** As the vendor wants it: whole seconds, and an offset instead of a Z. */
function secondOf(time: Date): string {
  return `${time.toISOString().slice(0, 19)}+00:00`;
}
