import { isSyncError, SyncError, type VendorAnswer, type VendorClient } from '@syncline/connector-kit';

type Query = Parameters<VendorClient['get']>[1];

export interface ListAnswer {
  readonly rows: readonly unknown[];
  readonly lastPage: number;
  /** How many rows the list has on all its pages; undefined where the vendor does not say. */
  readonly total: number | undefined;
  readonly lossless: boolean;
  readonly vendorTime: Date | undefined;
}

/**
 * A page of one of the vendor's lists. Links to next pages are never followed: they may lack what was asked for.
 *
 * Throws SyncError UPSTREAM_BAD_BODY when the answer is no such list, or does not say which page is the last.
 */
export async function askList(client: VendorClient, path: string, query: Query): Promise<ListAnswer> {
  return readList(path, await client.get(path, query));
}

function readList(path: string, { json, lossless, vendorTime }: VendorAnswer): ListAnswer {
  const { data, meta } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(data)) throw new SyncError('UPSTREAM_BAD_BODY', `${path}: expected an object with a list, data`);
  const { last_page: last, total } = (meta ?? {}) as Record<string, unknown>;
  const lastPage = wholeNumber(last);
  if (lastPage === undefined) {
    throw new SyncError('UPSTREAM_BAD_BODY', `${path}: does not say which page is the last (meta.last_page)`);
  }
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
 * Throws what `askList` throws, and UPSTREAM_BAD_BODY when there are not as many rows as the vendor says: the list has
 * changed while it was read.
 */
export async function readWholeList(client: VendorClient, path: string, query: Query): Promise<WholeList> {
  const rows: unknown[] = [];
  let lossless = false;
  let isMissing = false;
  let vendorTime: Date | undefined;
  for (let page = 1, last = 1; page <= last; page += 1) {
    const answer = await unlessMissing(askList(client, path, { ...query, page }));
    isMissing = answer === undefined;
    if (answer === undefined) break;
    rows.push(...answer.rows);
    lossless ||= answer.lossless;
    vendorTime ??= answer.vendorTime;
    last = answer.lastPage;
    if (page < last || answer.total === undefined || answer.total === rows.length) continue;
    throw new SyncError('UPSTREAM_BAD_BODY', `${path}: ${rows.length} rows were given of ${answer.total}`);
  }
  return { rows, lossless, vendorTime, isMissing };
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
