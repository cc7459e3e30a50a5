import { randomUUID } from 'node:crypto';
import { invalid } from './refusals.js';

/** A page of a list that is read by GET. */
export function pageOf(items: readonly object[], query: URLSearchParams) {
  const size = Number(query.get('page_size') ?? 100);
  const from = Number(query.get('start_cursor')?.replace('at-', '') ?? 0);
  if (!Number.isInteger(size) || size < 1 || size > 100) throw invalid('query.page_size should be ≤ `100`.');
  if (!Number.isInteger(from) || from < 0 || from > items.length) {
    throw invalid(`The start_cursor provided is invalid: ${query.get('start_cursor')}`);
  }
  const hasMore = from + size < items.length;
  return {
    object: 'list',
    results: items.slice(from, from + size),
    next_cursor: hasMore ? `at-${from + size}` : null,
    has_more: hasMore,
    request_id: randomUUID(),
  };
}
