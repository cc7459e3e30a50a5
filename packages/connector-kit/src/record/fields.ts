import { isLosslessNumber } from 'lossless-json';
import { z } from 'zod';

/** Text that a vendor may leave out. */
export const optionalText = z.string().nullish();

/** A vendor's number, in whatever form it came, as decimal text: it never passes through a double. */
export const optionalDecimal = z
  .unknown()
  .optional()
  .transform((value, context): string | null => {
    const text = decimalText(value);
    if (text !== undefined) return text;
    context.addIssue({ code: 'custom', message: 'expected a number' });
    return z.NEVER;
  });

/**
 * What can be doubtful about a field. UNREADABLE: the vendor has it, but did not hand it over. MISSING: records have no
 * such field any more.
 */
type FlagCode = 'UNKNOWN_VALUE' | 'BAD_DATE' | 'BAD_NUMBER' | 'UNREADABLE' | 'MISSING';

/** Notes a doubt about a field. The record is stored all the same, with the doubt beside it in `sync_flags`. */
export type Flag = (field: string, code: FlagCode, value: unknown) => void;

/**
 * The same for a number that is not the vendor's own field, such as one that people type in where they like: what is no
 * number is flagged and left empty.
 */
export function decimal(value: unknown, field: string, flag: Flag): string | null {
  const text = decimalText(value);
  if (text !== undefined) return text;
  flag(field, 'BAD_NUMBER', value);
  return null;
}

/** Undefined for what is no number. */
function decimalText(value: unknown): string | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return String(value);
  if (isLosslessNumber(value)) return value.value;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? value : undefined;
}

const zoneSuffix = /(?:[zZ]|[+-]\d{2}:?\d{2})$/;
const isoInstant = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?/;

/**
 * A vendor's timestamp as an ISO instant in UTC. Text without a zone is UTC (`new Date` would take it for local time).
 * What is no date is flagged and left empty: a bad date is not a lost record.
 */
export function instant(value: string | null | undefined, field: string, flag: Flag): string | null {
  if (value === null || value === undefined || value === '') return null;
  const time = isCalendarDay(value)
    ? Date.parse(zoneSuffix.test(value) || value.length === 10 ? value : `${value}Z`)
    : Number.NaN;
  // A zone can still push the first or the last day out of the years that four digits and Postgres' input hold.
  if (!(time >= firstMs && time <= lastMs)) {
    flag(field, 'BAD_DATE', value);
    return null;
  }
  return new Date(time).toISOString();
}

const firstMs = Date.parse('0001-01-01T00:00:00Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether the text begins with a day that exists: `Date.parse` takes February 30 for the second of March. */
function isCalendarDay(value: string): boolean {
  const match = isoInstant.exec(value);
  if (match === null) return false;
  const [, year, month, day] = match;
  // Every month has 28 days, and Date.parse knows how many months there are.
  return (
    Number(day) <= 28 || new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}

/** A vendor's date without a time, as `YYYY-MM-DD`. What is none is flagged and left empty. */
export function calendarDay(value: string | null | undefined, field: string, flag: Flag): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (value.length === 10 && instant(value, field, () => undefined) !== null) return value;
  flag(field, 'BAD_DATE', value);
  return null;
}

/** Maps a vendor's words to ours. */
export interface WordMap {
  (value: string | null | undefined, field: string, flag: Flag): string | null;
  /** Our words, each once. */
  readonly words: readonly string[];
}

/** Maps a vendor's words to ours, whatever their case. A word that is not in the table is kept as it came, flagged. */
export function wordMap(words: Readonly<Record<string, string>>): WordMap {
  const table = new Map(Object.entries(words).map(([from, to]) => [from.toLowerCase(), to]));
  const map = (value: string | null | undefined, field: string, flag: Flag): string | null => {
    if (value === null || value === undefined) return null;
    const known = table.get(value.trim().toLowerCase());
    if (known === undefined) flag(field, 'UNKNOWN_VALUE', value);
    return known ?? value;
  };
  return Object.assign(map, { words: [...new Set(table.values())] });
}
