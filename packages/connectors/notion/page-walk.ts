import { isSyncError, type Page, type PageRequest, readCursor, SyncError } from '@syncline/connector-kit';
import { z } from 'zod';
import { type ListAnswer, readList } from './ask-list.js';
import { minuteOf } from './moments.js';
import type { NotionSettings } from './settings.js';

/**
 * Walks the pages of a data source to their end without losing one: first those that are in use, then those in the trash.
 *
 * The order is that of creation, which never changes: a page that is edited meanwhile stays where it is.
 * - The vendor gives 10,000 pages for one question, and then ends as if that were all, but for a note. The walk goes on
 *   with a new question, from the minute of the last page on.
 * - The vendor's cursor may become invalid when the page that it stands on is trashed. Then too a new question is asked.
 * - Times are whole minutes, and several pages share one: those of the last minute are known by their ids, and are left
 *   out when they come again.
 */
const walkCursor = z.object({
  /** Which pages: in use, or in the trash. */
  part: z.enum(['used', 'trashed']),
  /** The question: created at or after it. Null: from the beginning. */
  from: z.string().nullable(),
  /** The vendor's own place within the question. */
  cursor: z.string().nullable(),
  /** The minute of the last page that was handed over, and pages of that minute. */
  at: z.string().nullable(),
  seen: z.array(z.string()),
  /** How often a new question was asked since `at` has moved. */
  restarts: z.int().min(0),
});
type Walk = z.infer<typeof walkCursor>;

const begin: Walk = { part: 'used', from: null, cursor: null, at: null, seen: [], restarts: 0 };

/** More than that is written again, which does no harm: a cursor is stored with every page, and must stay small. */
const mostRemembered = 1_000;

/** A vendor whose cursors are never valid would be asked for ever. */
const mostRestarts = 5;

/**
 * Fetches the page at the request's cursor.
 *
 * Throws SyncError CURSOR_UNREADABLE, CONNECTION_SETTINGS_INVALID before the database was looked at, CURSOR_CYCLE when a
 * single minute has more pages than the vendor gives, UPSTREAM_BAD_BODY when an answer is no list or out of order.
 */
export async function walkPages(request: PageRequest<NotionSettings>): Promise<Page> {
  let walk = request.cursor === undefined ? begin : readCursor(walkCursor, request.cursor);
  let answer: ListAnswer;
  try {
    answer = await ask(request, walk);
  } catch (error) {
    // The vendor's cursor, not ours.
    if (walk.cursor === null || !isSyncError(error, 'CURSOR_UNREADABLE')) throw error;
    if (walk.restarts >= mostRestarts) {
      throw new SyncError('UPSTREAM_BAD_BODY', 'The vendor refuses its own cursor, again and again', { cause: error });
    }
    walk = { ...walk, from: walk.at, cursor: null, restarts: walk.restarts + 1 };
    answer = await ask(request, walk);
  }
  const known = new Set(walk.seen);
  const next = nextWalk(walk, answer);
  return {
    records: answer.results.filter((page) => !(known.has(idOf(page)) && createdAt(page) === walk.at)),
    lossless: answer.lossless,
    next: next ?? (walk.part === 'used' ? { ...begin, part: 'trashed' } : undefined),
    vendorTime: answer.vendorTime,
  };
}

async function ask({ client, since, span, pageSize, settings }: PageRequest<NotionSettings>, walk: Walk) {
  const source = settings?.database?.dataSourceId;
  if (source === undefined) {
    throw new SyncError('CONNECTION_SETTINGS_INVALID', 'settings.database: the database was not looked at yet');
  }
  const from = span?.from ?? since;
  const bounds = [
    ...(from ? [edited('on_or_after', minuteOf(from))] : []),
    ...(span?.to ? [edited('on_or_before', span.to.toISOString())] : []),
    ...(walk.from === null ? [] : [{ timestamp: 'created_time', created_time: { on_or_after: walk.from } }]),
  ];
  const path = `data_sources/${source}/query`;
  return readList(
    path,
    client.post(path, {
      page_size: Math.min(pageSize, 100),
      sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
      ...(bounds.length > 0 && { filter: bounds.length === 1 ? bounds[0] : { and: bounds } }),
      ...(walk.cursor !== null && { start_cursor: walk.cursor }),
      ...(walk.part === 'trashed' && { in_trash: true }),
    }),
  );
}

function edited(operator: 'on_or_after' | 'on_or_before', time: string) {
  return { timestamp: 'last_edited_time', last_edited_time: { [operator]: time } };
}

/** Where this part goes on; undefined at its end. */
function nextWalk(walk: Walk, answer: ListAnswer): Walk | undefined {
  if (answer.next === undefined && !answer.isCapped) return undefined;
  const times = answer.results.map(createdAt).filter((time) => time !== undefined);
  const inOrder = times.every((time, i) => time >= (times[i - 1] ?? walk.from ?? time));
  if (!inOrder) throw new SyncError('UPSTREAM_BAD_BODY', 'The list of pages is not in the order of their creation');
  const at = times.at(-1) ?? walk.at;
  const ofLast = answer.results.filter((page) => createdAt(page) === at).map(idOf);
  const moved = at !== walk.at;
  const seen = (moved ? ofLast : [...new Set([...walk.seen, ...ofLast])]).slice(-mostRemembered);
  const onward: Walk = { ...walk, at, seen, restarts: moved ? 0 : walk.restarts };
  if (answer.next !== undefined) return { ...onward, cursor: answer.next };
  if (at === null || at === walk.from) {
    throw new SyncError('CURSOR_CYCLE', `More pages were created at ${at} than the vendor gives for one question`);
  }
  return { ...onward, from: at, cursor: null };
}

/** Empty for what has none. */
function idOf(page: unknown): string {
  const id = (page as Record<string, unknown> | null)?.['id'];
  return typeof id === 'string' ? id : '';
}

/** The minute of a page's creation; undefined where that cannot be read. */
function createdAt(page: unknown): string | undefined {
  const value = (page as Record<string, unknown> | null)?.['created_time'];
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : minuteOf(new Date(time));
}
