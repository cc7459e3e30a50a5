import { type Cursor, type Page, type PageRequest, readCursor, SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { field, isSorted, timesOf } from './record-times.js';
import { endsBehindSpan, sinceOf, withinSpan } from './span.js';

/**
 * Walks a PracticePanther list to its end without losing a record.
 *
 * The vendor pages by `$top`/`$skip`, and offsets lie as soon as a record before them is edited or deleted. So:
 * - Lists with timestamps are walked by time: the next page asks for everything changed since the last record's time.
 *   `$skip` only counts within records of the very same time.
 * - Every page begins on a record that the page before already had. If it is not there, the list has moved, and the
 *   walk steps back until it is.
 * - A server that ignores `$orderby` is walked by offset alone; one that ignores `$top` too has answered everything at
 *   once. (Both were seen; see docs/vendors/practicepanther.md.)
 * - Of a span only what changed within it is handed over, and the walk ends behind it, if the server keeps the order.
 */
export interface WalkOptions {
  readonly path: string;
  /** Whether records have `updated_at`. */
  readonly timed: boolean;
  /**
   * Whether the list has a `status` filter that knows Archived. It is not documented if plain lists include archived
   * records: a full walk that met none asks for them once more by name.
   */
  readonly archivable: boolean;
}

const walkCursor = z.object({
  since: z.string().optional(),
  skip: z.number().int().nonnegative(),
  /** The last records of the page before, as `placeOf` names them, newest last. */
  tail: z.array(z.string()),
  byOffset: z.boolean(),
  status: z.string().optional(),
  sawArchived: z.boolean(),
});
type Walk = z.infer<typeof walkCursor>;

const tailLength = 3;

/**
 * Fetches the page at the request's cursor.
 *
 * Throws SyncError CURSOR_UNREADABLE, UPSTREAM_BAD_BODY when the answer is not a list, and CURSOR_CYCLE when the list cannot be read to its
 * end because the server ignores `$skip` alone.
 */
export async function walkPage(options: WalkOptions, request: PageRequest): Promise<Page> {
  const start: Walk = { skip: 0, tail: [], byOffset: !options.timed, sawArchived: false };
  const since = sinceOf(request);
  let walk = request.cursor === undefined ? { ...start, since } : readCursor(walkCursor, request.cursor);
  let answer = await fetchList(options, request, walk);
  while (walk.skip > 0 && overlap(answer.records, walk.tail) === 0) {
    walk = { ...walk, skip: Math.max(0, walk.skip - request.pageSize) };
    answer = await fetchList(options, request, walk);
  }
  // A page begins on a record of the page before. Nothing at all means that this one is gone from the end of the list, or
  // that the answer is a slip, which must not pass for the end.
  if (walk.tail.length > 0 && answer.records.length === 0) answer = await fetchList(options, request, walk);
  const fresh = answer.records.slice(overlap(answer.records, walk.tail));
  const sawArchived = walk.sawArchived || fresh.some((record) => field(record, 'status') === 'Archived');
  const readToHere = fresh.length === 0 && (await isWholeList(options, request, walk, answer.records));
  const isBehind = options.timed && !walk.byOffset && endsBehindSpan(request, answer.records);
  const onward = readToHere || isBehind ? undefined : nextWalk(request, walk, answer.records);
  const next = onward ?? archivedPass(options, request, { ...start, since }, { ...walk, sawArchived });
  return {
    records: options.timed ? withinSpan(request, fresh) : fresh,
    lossless: answer.lossless,
    next: next && cursorOf(next, sawArchived),
    vendorTime: answer.vendorTime,
  };
}

/**
 * Whether a full page without a fresh record is the whole list once more, from a server that ignores `$skip`. The other
 * explanation is that the list has moved by just so many records.
 */
async function isWholeList(
  options: WalkOptions,
  request: PageRequest,
  walk: Walk,
  records: readonly unknown[],
): Promise<boolean> {
  const endsAsBefore = placeOf(records.at(-1)) === walk.tail.at(-1);
  if (walk.skip === 0 || records.length < request.pageSize || !endsAsBefore) return false;
  if (records.length > request.pageSize) return true;
  const beginsAlike = async (pageSize: number, skip: number) => {
    const { records: others } = await fetchList(options, { ...request, pageSize }, { ...walk, skip });
    return placeOf(others[0]) === placeOf(records[0]) && others;
  };
  const longer = await beginsAlike(request.pageSize + 1, 0);
  if (!longer) return false;
  if (longer.length <= request.pageSize) return true;
  // Once more, because records in front may have been deleted in between.
  if (!(await beginsAlike(request.pageSize, walk.skip))) return false;
  throw new SyncError('CURSOR_CYCLE', `${options.path}: the vendor ignores $skip, and has more records than $top`);
}

async function fetchList(options: WalkOptions, request: PageRequest, walk: Walk) {
  const answer = await request.client.get(options.path, {
    $top: request.pageSize,
    $skip: walk.skip > 0 ? walk.skip : undefined,
    $orderby: options.timed ? 'updated_at asc' : 'id asc',
    updated_since: walk.since,
    status: walk.status,
  });
  if (!Array.isArray(answer.json)) {
    throw new SyncError('UPSTREAM_BAD_BODY', `${options.path}: expected a JSON array of records`);
  }
  return { records: answer.json as unknown[], lossless: answer.lossless, vendorTime: answer.vendorTime };
}

/** Where the page after `records` starts; undefined when there is none. */
function nextWalk(request: PageRequest, walk: Walk, records: readonly unknown[]): Walk | undefined {
  if (records.length < request.pageSize) return undefined;
  const tail = records.slice(-tailLength).map(placeOf);
  const offset: Walk = { ...walk, skip: walk.skip + records.length - 1, tail };
  if (walk.byOffset) return offset;

  const times = timesOf(records);
  const last = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(last)) return offset;
  const everything = records.length > request.pageSize;
  if (!isSorted(times) && !everything) {
    // The order is not ours: what was skipped by time may be unread. Start over, by offset.
    return { ...walk, since: sinceOf(request), skip: 0, tail: [], byOffset: true };
  }
  // One millisecond back (the vendor's precision), because it is not documented if updated_since includes its bound.
  const since = new Date(last - 1).toISOString();
  // Only with an older record in front is it sure that the skip below counts all there is to count, and leads on.
  const [first = last] = times;
  if (since === walk.since || first >= last - 1) return offset;
  if (everything) return { ...walk, since, skip: 0, tail: [] };
  return { ...walk, since, skip: times.filter((time) => time === last).length - 1, tail };
}

/** The second pass of a full walk, over archived records by name, when the first met none. */
function archivedPass(options: WalkOptions, request: PageRequest, start: Walk, walk: Walk): Walk | undefined {
  const wanted = options.archivable && request.since === undefined && walk.status === undefined && !walk.sawArchived;
  return wanted ? { ...start, status: 'Archived' } : undefined;
}

/** How many records at the head of a page belong to the page before: everything up to the last one of its tail. */
function overlap(records: readonly unknown[], tail: readonly string[]): number {
  return 1 + records.findLastIndex((record) => tail.includes(placeOf(record)));
}

/**
 * A record together with what its place in the list hangs on. One that was edited since is not the same: it has moved,
 * and what is in front of it now may be unread. A record without an id is known by how it begins.
 */
export function placeOf(record: unknown): string {
  const id = field(record, 'id') ?? JSON.stringify(record)?.slice(0, 200);
  return [id, field(record, 'updated_at'), field(record, 'display_name')].join(' ');
}

function cursorOf(walk: Walk, sawArchived: boolean): Cursor {
  return { ...walk, sawArchived };
}
