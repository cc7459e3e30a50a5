import type { Row } from '../data/agency.js';
import { invalid } from './refusals.js';
import { shownTime } from './show.js';

type Fits = (row: Row) => boolean;

const OPERATORS: Readonly<Record<string, (own: number, bound: number) => boolean>> = {
  equals: (own, bound) => own === bound,
  before: (own, bound) => own < bound,
  after: (own, bound) => own > bound,
  on_or_before: (own, bound) => own <= bound,
  on_or_after: (own, bound) => own >= bound,
};

/** Two levels of and/or, as the vendor has them; by times only, which are compared as they are shown. */
export function parseFilter(filter: unknown, depth = 0): Fits {
  if (filter === undefined) return () => true;
  const parts = (filter ?? {}) as Record<string, unknown>;
  for (const [word, every] of [
    ['and', true],
    ['or', false],
  ] as const) {
    const list = parts[word];
    if (!Array.isArray(list)) continue;
    if (depth > 1 || list.length > 100) throw invalid(`body.filter.${word} is nested too deeply or too long.`);
    const fits = list.map((part) => parseFilter(part, depth + 1));
    return (row) => (every ? fits.every((one) => one(row)) : fits.some((one) => one(row)));
  }
  const { timestamp } = parts;
  if (timestamp !== 'created_time' && timestamp !== 'last_edited_time') {
    throw invalid('body.filter: this simulator filters by created_time and last_edited_time only.');
  }
  const [[operator = '', bound] = []] = Object.entries((parts[timestamp] ?? {}) as Record<string, unknown>);
  const compare = OPERATORS[operator];
  const time = Date.parse(String(bound));
  if (compare === undefined || Number.isNaN(time)) {
    throw invalid(`body failed validation: body.filter.${timestamp} should be a valid ISO 8601 date string.`);
  }
  return (row) => compare(timeOf(row, timestamp), time);
}

/** In milliseconds, rounded down to the minute. */
export function timeOf(row: Row, timestamp: 'created_time' | 'last_edited_time'): number {
  return Date.parse(shownTime(timestamp === 'created_time' ? row.createdMs : row.editedMs));
}
