import { isSyncError, SyncError, type VendorClient } from '@syncline/connector-kit';

interface ListQuery extends Readonly<Record<string, string | number>> {
  readonly page: number;
  readonly per_page: number;
}

export interface ListAnswer {
  readonly rows: readonly unknown[];
  readonly lastPage: number;
  /** How many rows the list has on all its pages; undefined where the vendor does not say. */
  readonly total: number | undefined;
  readonly lossless: boolean;
  readonly vendorTime: Date | undefined;
}

/**
 * A page of one of the vendor's lists. Links to next pages are never followed: they may lack what was asked for. Where the
 * answer does not say which page is the last, one that is not full is.
 *
 * Throws SyncError UPSTREAM_BAD_BODY when the answer is no such list.
 */
export async function askList(client: VendorClient, path: string, query: ListQuery): Promise<ListAnswer> {
  const { json, lossless, vendorTime } = await client.get(path, { ...query });
  const { data, meta } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(data)) throw new SyncError('UPSTREAM_BAD_BODY', `${path}: expected an object with a list, data`);
  const { last_page: last, total } = (meta ?? {}) as Record<string, unknown>;
  const lastPage = wholeNumber(last) ?? (data.length < query.per_page ? query.page : query.page + 1);
  return { rows: data, lastPage, total: wholeNumber(total), lossless, vendorTime };
}

/** As a number or as text: the vendor declares text and sends numbers. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export interface WholeList extends Pick<ListAnswer, 'rows' | 'lossless' | 'vendorTime'> {
  /** The vendor has no such list (404). There are no rows; that there used to be some is another matter. */
  readonly isMissing: boolean;
}

/**
 * All rows of a list, of which each page is read and the rows counted.
 *
 * Throws what `askList` throws, and UPSTREAM_BAD_BODY when it has changed while it was read: rows are fewer than the vendor
 * says, or, of several pages, more, or the very same one twice.
 */
export async function readWholeList(
  client: VendorClient,
  path: string,
  query: { readonly per_page: number } & Readonly<Record<string, string | number>>,
): Promise<WholeList> {
  const rows: unknown[] = [];
  let lossless = false;
  let isMissing = false;
  let vendorTime: Date | undefined;
  let total: number | undefined;
  let page = 0;
  for (let last = 1; page < last; ) {
    page += 1;
    const answer = await unlessMissing(askList(client, path, { ...query, page }));
    isMissing = answer === undefined;
    if (answer === undefined) break;
    rows.push(...answer.rows);
    lossless ||= answer.lossless;
    vendorTime ??= answer.vendorTime;
    last = answer.lastPage;
    total = answer.total;
  }
  const changed = page === 1 ? rows.length < (total ?? 0) : hasChanged(rows, total);
  if (!changed || isMissing) return { rows, lossless, vendorTime, isMissing };
  throw new SyncError('UPSTREAM_BAD_BODY', `${path}: ${rows.length} rows were given of ${total}, or one of them twice`);
}

function hasChanged(rows: readonly unknown[], total: number | undefined): boolean {
  if (total !== undefined && total !== rows.length) return true;
  return new Set(rows.map((row) => JSON.stringify(row))).size < rows.length;
}

/** Undefined where the vendor answers that there is no such thing. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isSyncError(error, 'UPSTREAM_GONE')) return undefined;
    if (isSyncError(error, 'UPSTREAM_REJECTED') && error.details['status'] === 404) return undefined;
    throw error;
  }
}
