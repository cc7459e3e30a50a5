import { SyncError, type VendorClient } from '@syncline/connector-kit';

export interface ListAnswer {
  readonly results: readonly unknown[];
  /** Where the answer after this one starts; undefined for the last one. */
  readonly next: string | undefined;
  /** There is more, but not by this question: the vendor gives no more than 10,000 records for one. */
  readonly isCapped: boolean;
  readonly lossless: boolean;
  readonly vendorTime: Date | undefined;
}

/**
 * Reads the vendor's answer to any of its lists.
 *
 * Throws SyncError UPSTREAM_BAD_BODY when it is none, or says that there is more and not where.
 */
export async function readList(path: string, asked: ReturnType<VendorClient['get']>): Promise<ListAnswer> {
  const { json, lossless, vendorTime } = await asked;
  const {
    results,
    has_more: hasMore,
    next_cursor: next,
    request_status: status,
  } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(results)) throw new SyncError('UPSTREAM_BAD_BODY', `${path}: expected a list of results`);
  if (hasMore === true && typeof next !== 'string') {
    throw new SyncError('UPSTREAM_BAD_BODY', `${path}: there is said to be more, and not where`);
  }
  // Looks like a good end in everything else.
  const isCapped =
    (status as Record<string, unknown> | null | undefined)?.['type'] === 'incomplete' && hasMore !== true;
  return { results, next: hasMore === true ? String(next) : undefined, isCapped, lossless, vendorTime };
}

/**
 * Everything of a list that is read by GET, page after page; once there is a first page, the others are waited for.
 *
 * Throws what `readList` and the client throw; UPSTREAM_BAD_BODY for a list that leads back to where it was.
 */
export async function readWholeList(client: VendorClient, path: string) {
  const results: unknown[] = [];
  const cursors = new Set<string>();
  let lossless = false;
  let cursor: string | undefined;
  do {
    const road = cursor === undefined ? client : onwardOf(client);
    const answer = await readList(path, road.get(path, { page_size: 100, start_cursor: cursor }));
    results.push(...answer.results);
    lossless ||= answer.lossless;
    cursor = answer.next;
    if (cursor !== undefined && cursors.has(cursor)) {
      throw new SyncError('UPSTREAM_BAD_BODY', `${path}: the list leads back to where it was`);
    }
    if (cursor !== undefined) cursors.add(cursor);
  } while (cursor !== undefined);
  return { results, lossless };
}

/** For what belongs to something that was asked for already, and would have to be asked for again without it. */
export function onwardOf(client: VendorClient): VendorClient {
  return client.onward ?? client;
}

/** The client for the rest of a record of which the first request was made. */
export function begun(client: VendorClient): VendorClient {
  return { ...onwardOf(client), patient: onwardOf(client.patient ?? client) };
}
