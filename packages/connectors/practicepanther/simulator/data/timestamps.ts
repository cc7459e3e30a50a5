/** An instant read from a request, and whether its text said in which zone it is meant. */
export interface ParsedInstant {
  ms: number;
  zoned: boolean;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?))?(Z|[+-]\d{2}:?\d{2})?$/i;

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
/** Calendar days written once: making them is half the cost of a record, and few days are in use. */
const days = new Map<number, string>();

function dayText(day: number): string {
  const known = days.get(day);
  if (known) return known;
  const text = new Date(day * DAY_MS).toISOString().slice(0, -14);
  if (days.size > 20_000) days.clear();
  days.set(day, text);
  return text;
}

/** Writes an instant the vendor's way: UTC without saying so, trailing zeros of the fraction dropped. */
export function formatVendorTime(ms: number): string {
  const whole = Math.floor(ms);
  const day = Math.floor(whole / DAY_MS);
  const rest = whole - day * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}`;
  return `${dayText(day)}T${clock}${trimmedFraction(rest % 1000)}`;
}

function trimmedFraction(thousandths: number): string {
  if (thousandths === 0) return '';
  if (thousandths % 100 === 0) return `.${thousandths / 100}`;
  const digits = thousandths < 100 ? `0${TWO_DIGITS[thousandths] ?? thousandths}` : String(thousandths);
  return thousandths % 10 === 0 ? `.${digits.slice(0, 2)}` : `.${digits}`;
}

/** Reads a timestamp of a record; undefined for null, poison and anything else that is no timestamp. */
export function readVendorTime(value: unknown): number | undefined {
  return typeof value === 'string' ? parseInstant(value)?.ms : undefined;
}

/** Reads an ISO-8601 instant of a request. Without a zone it is taken as UTC, and the caller may mind. */
export function parseInstant(text: string): ParsedInstant | undefined {
  const parts = INSTANT.exec(text.trim());
  if (!parts) return undefined;
  const [, date, time = '00:00', zone] = parts;
  const ms = Date.parse(`${date}T${time}${zone?.toUpperCase() ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : { ms, zoned: zone !== undefined };
}

/**
 * A calendar date the way the vendor stores one: noon of the firm's day, as an instant. The firm is on the US
 * west coast, so noon is 19:00 in summer and 20:00 in winter (the change is rounded to whole months here).
 */
export function formatDateOnly(ms: number): string {
  const date = dayText(Math.floor(ms / DAY_MS));
  const month = date.slice(5, 7);
  return month > '03' && month < '11' ? `${date}T19:00:00` : `${date}T20:00:00`;
}
