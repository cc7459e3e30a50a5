import { type PageRequest, SyncError } from '@syncline/connector-kit';

/** One of the vendor's lists. */
export interface VendorList {
  readonly path: string;
  /** Where its records stand in the answer. */
  readonly key: string;
  /**
   * Times by which lists leave records out unless they are asked for: archived, deleted, cancelled. Each has to be one
   * that this very list can be filtered by, or the vendor refuses the request.
   */
  readonly hiddenBy: readonly string[];
}

export interface ListQuery {
  readonly filters: readonly string[];
  readonly sort: string;
}

export interface ListAnswer {
  readonly records: readonly unknown[];
  /** There are records behind these. */
  readonly hasMore: boolean;
  readonly lossless: boolean;
  readonly vendorTime: Date | undefined;
}

/**
 * The first page of what a list has by these filters, hidden records included. Whether there is more is said by two
 * things in the answer, and either is believed: a list that is taken for ended too early loses records.
 *
 * Throws SyncError UPSTREAM_BAD_BODY when the answer is not such a list.
 */
export async function askList(
  list: VendorList,
  { client, pageSize }: Pick<PageRequest, 'client' | 'pageSize'>,
  { filters, sort }: ListQuery,
): Promise<ListAnswer> {
  const answer = await client.get(list.path, {
    'q[]': [...hidden(list), ...filters],
    sort,
    per_page: Math.min(pageSize, mostAPage),
  });
  const { [list.key]: records, links, total_entries: total } = (answer.json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(records)) {
    throw new SyncError('UPSTREAM_BAD_BODY', `${list.path}: expected an object with a list of ${list.key}`);
  }
  const next = (links as Record<string, unknown> | null | undefined)?.['next'];
  const hasMore = typeof next === 'string' || (typeof total === 'number' && total > records.length);
  if (hasMore && records.length === 0) {
    throw new SyncError('UPSTREAM_BAD_BODY', `${list.path}: there is said to be more, and nothing is given`);
  }
  return { records, hasMore, lossless: answer.lossless, vendorTime: answer.vendorTime };
}

const mostAPage = 100;

/** Filters that let everything pass, which is how hidden records are asked for. */
export function hidden({ hiddenBy }: Pick<VendorList, 'hiddenBy'>): string[] {
  return hiddenBy.map((field) => `${field}:*`);
}
