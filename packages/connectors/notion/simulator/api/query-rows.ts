import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../../../simulation/http/reply.js';
import type { VendorClock } from '../../../simulation/vendor-clock.js';
import type { Row } from '../data/agency.js';
import type { Quirks } from '../quirks.js';
import type { SimulatorStore } from '../store.js';
import type { Version } from './admission.js';
import { parseFilter, timeOf } from './filter.js';
import { invalid } from './refusals.js';
import { showPage } from './show.js';

export interface QueryParts {
  readonly store: SimulatorStore;
  readonly quirks: Quirks;
  readonly clock: VendorClock;
}

/** Answers a question for the pages of a data source. A cursor is the id of the row that comes next. */
export function queryRows(
  { store, quirks, clock }: QueryParts,
  sourceId: string,
  body: Readonly<Record<string, unknown>>,
  version: Version,
): Reply {
  const { page_size: size = 100, start_cursor: cursor, in_trash, archived } = body;
  if (!Number.isInteger(size) || Number(size) < 1 || Number(size) > 100) {
    throw invalid('body failed validation: body.page_size should be ≤ `100`.');
  }
  const isTrashWanted = in_trash === true || (version !== '2026-03-11' && archived === true);
  const fits = parseFilter(body['filter']);
  const isShown = (row: Row) =>
    row.shared &&
    row.sourceId === sourceId &&
    (row.inTrash === isTrashWanted || (isTrashWanted && quirks.trashedAlso)) &&
    fits(row);
  const all = [...store.agency.rows.values()].filter(isShown).sort(orderOf(body['sorts']));
  const given = all.slice(0, quirks.cap);
  const from = cursor === undefined ? 0 : placeOf(given, String(cursor), quirks, store);
  const rows = given.slice(from, from + Number(size));
  const next = given[from + rows.length];
  const isCapped = next === undefined && all.length > given.length;
  const show = (row: Row) =>
    quirks.partial ? { object: 'page', id: row.id } : showPage(store.agency, row, version, clock.nowMs());
  const type = version === '2022-06-28' ? 'page_or_database' : 'page_or_data_source';
  const ending = isCapped
    ? { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }
    : { type: 'complete' };
  return json({
    object: 'list',
    results: rows.map(show),
    next_cursor: next === undefined ? null : cursorOf(next, quirks, store),
    has_more: next !== undefined,
    type,
    [type]: {},
    ...(next === undefined && { request_status: ending }),
    request_id: randomUUID(),
  });
}

function cursorOf({ id }: Row, quirks: Quirks, store: SimulatorStore): string {
  return quirks.cursorsShortLived ? `${id}:${store.version}` : id;
}

function placeOf(rows: readonly Row[], cursor: string, quirks: Quirks, store: SimulatorStore): number {
  const place = rows.findIndex((row) => cursorOf(row, quirks, store) === cursor);
  if (place < 0) throw invalid(`The start_cursor provided is invalid: ${cursor}`);
  return place;
}

/** By times as they are shown; of equal ones in no order that means anything, but always the same. */
function orderOf(sorts: unknown): (a: Row, b: Row) => number {
  const wanted = (Array.isArray(sorts) ? sorts : []) as Readonly<Record<string, unknown>>[];
  for (const { timestamp, direction } of wanted) {
    if (timestamp !== 'created_time' && timestamp !== 'last_edited_time') {
      throw invalid('body.sorts: this simulator sorts by created_time and last_edited_time only.');
    }
    if (direction !== 'ascending' && direction !== 'descending') throw invalid('body.sorts.direction is not valid.');
  }
  return (a, b) => {
    for (const { timestamp, direction } of wanted) {
      const by = timestamp as 'created_time' | 'last_edited_time';
      const order = timeOf(a, by) - timeOf(b, by);
      if (order !== 0) return direction === 'descending' ? -order : order;
    }
    return a.id < b.id ? -1 : 1;
  };
}
