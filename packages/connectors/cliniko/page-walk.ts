import { type Page, type PageRequest, readCursor, SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { secondAfter, secondFrom, secondOf } from './moments.js';
import { askList, type ListAnswer, type VendorList } from './vendor-list.js';

/**
 * Walks lists of Cliniko to their end without losing a record.
 *
 * The vendor pages by numbers, and numbers lie as soon as a record in front is edited, archived or added. So no page but
 * the first is ever asked for. Each request asks for what comes at or after the time of the last record, in the order of
 * that time: of creation for everything, which never changes; of change for what changed, where what is edited meanwhile
 * moves behind and is met there.
 *
 * - Times are whole seconds, and several records share one: those of the last second are known by their ids, and left out
 *   of the next page.
 * - A second with more records than a page holds (imports do that) is read by ascending ids.
 * - Links to next pages are never followed: no credentials go where an answer says.
 */
export interface WalkOptions {
  /** Read one after the other. */
  readonly lists: readonly VendorList[];
  /** What else records have to fit. */
  readonly filters?: readonly string[];
}

const placeSchema = z.object({
  /** At or after it; null: from the beginning. */
  from: z.string().nullable(),
  /** Ids of that second that were handed over. */
  seen: z.array(z.string()),
  /** Within that second, in the order of ids: behind this one. Null: not within a second. */
  afterId: z.string().nullable(),
});
type Place = z.infer<typeof placeSchema>;

const walkCursor = z.object({ list: z.int().min(0), place: placeSchema });

type Order = 'created_at' | 'updated_at';

/**
 * Fetches the page at the request's cursor.
 *
 * Throws SyncError CURSOR_UNREADABLE, and UPSTREAM_BAD_BODY when an answer is no list, or not in the order asked for.
 */
export async function walkLists(options: WalkOptions, request: PageRequest): Promise<Page> {
  const start: Place = { from: beginOf(request), seen: [], afterId: null };
  const { list: index, place } =
    request.cursor === undefined ? { list: 0, place: start } : readCursor(walkCursor, request.cursor);
  const list = options.lists[index];
  if (list === undefined)
    throw new SyncError('CURSOR_UNREADABLE', 'The place to go on from is in a list of another release');
  const order = orderOf(request);
  const filters = [...(options.filters ?? []), ...boundsOf(request, order, place)];
  const ask = () => askList(list, request, { filters, sort: place.afterId === null ? `${order}:asc` : 'id:asc' });
  let answer = await ask();
  // At least what the page before ended with is still there, unless it was edited just now. Nothing at all may be a slip.
  if (answer.records.length === 0 && place.seen.length > 0 && place.afterId === null) answer = await ask();
  const known = new Set(place.seen);
  const isKnown = (record: unknown) => known.has(idOf(record)) && timeOf(record, order) === place.from;
  const onward = nextPlace(list, order, place, answer);
  const next =
    onward === undefined
      ? options.lists[index + 1] && { list: index + 1, place: start }
      : { list: index, place: onward };
  return {
    records: answer.records.filter((record) => !isKnown(record)),
    lossless: answer.lossless,
    next,
    vendorTime: answer.vendorTime,
  };
}

/** Since when, in the order of change; what was changed within the second of the watermark may be unread. */
function beginOf({ since, span }: PageRequest): string | null {
  if (span !== undefined) return secondFrom(span.from);
  return since === undefined ? null : secondOf(since);
}

function orderOf({ since, span }: PageRequest): Order {
  return since === undefined && span === undefined ? 'created_at' : 'updated_at';
}

function boundsOf({ span }: PageRequest, order: Order, { from, afterId }: Place): string[] {
  const end = span?.to === undefined ? [] : [`updated_at:<${secondAfter(span.to)}`];
  if (from === null) return end;
  if (afterId === null) return [`${order}:>=${from}`, ...end];
  return [`${order}:>=${from}`, `${order}:<${secondAfter(new Date(from))}`, `id:>${afterId}`];
}

/** Where the page after this one starts; undefined when there is none. */
function nextPlace(list: VendorList, order: Order, place: Place, answer: ListAnswer): Place | undefined {
  if (place.afterId !== null) return nextWithinSecond(list, place, answer);
  if (!answer.hasMore) return undefined;
  const times = answer.records.map((record) => timeOf(record, order)).filter((time) => time !== undefined);
  const last = times.at(-1);
  // A record without a readable time is that record's problem; a page of such records leads nowhere.
  if (last === undefined) throw misled(list, `has a page of records without ${order}`);
  if (times.some((time, i) => i > 0 && time < (times[i - 1] ?? time)))
    throw misled(list, `is not in the order of ${order}`);
  const ofLast = answer.records.filter((record) => timeOf(record, order) === last).map(idOf);
  if (last !== place.from) return { from: last, seen: ofLast, afterId: null };
  return { from: last, seen: [...new Set([...place.seen, ...ofLast])], afterId: '0' };
}

function nextWithinSecond(list: VendorList, place: Place, answer: ListAnswer): Place | undefined {
  if (!answer.hasMore) return { from: secondAfter(new Date(place.from ?? 0)), seen: [], afterId: null };
  const ids = answer.records.map(idOf);
  if (ids.some((id, i) => !isBehind(id, i === 0 ? place.afterId : ids[i - 1])))
    throw misled(list, 'is not in the order of id');
  return { ...place, afterId: ids.at(-1) ?? '0' };
}

function misled(list: VendorList, how: string): SyncError {
  return new SyncError('UPSTREAM_BAD_BODY', `${list.path}: the list ${how}, and cannot be read to its end`);
}

/** Ids are whole numbers of any length. */
function isBehind(id: string, other: string | null | undefined): boolean {
  const digits = /^\d+$/;
  return digits.test(id) && digits.test(other ?? '') && BigInt(id) > BigInt(other ?? 0);
}

/** Empty for what has none. */
function idOf(record: unknown): string {
  const id = (record as Record<string, unknown> | null)?.['id'];
  return id === null || id === undefined ? '' : String(id);
}

/** The second of a record's time, as filters take it; undefined where that cannot be read. */
function timeOf(record: unknown, order: Order): string | undefined {
  const value = (record as Record<string, unknown> | null)?.[order];
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : secondOf(new Date(time));
}
