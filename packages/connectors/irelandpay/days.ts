import { calendarDay, type Flag } from '@syncline/connector-kit';

const dayMs = 86_400_000;
const american = /^(\d{2})\/(\d{2})\/(\d{4})$/;

/** YYYY-MM-DD of what may be MM/DD/YYYY; anything else as it came. */
function isoText(value: string): string {
  return value.trim().replace(american, '$3-$1-$2');
}

/** A day, in either of the vendor's forms, as YYYY-MM-DD. What is none is flagged and left empty. */
export function vendorDay(value: string | null | undefined, field: string, flag: Flag): string | null {
  return calendarDay(value && isoText(value), field, flag);
}

/** The same for reading; undefined for what is no day. */
export function dayOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return calendarDay(isoText(value), 'day', () => undefined) ?? undefined;
}

/** The day of a moment, in UTC. */
export function dayAt(time: Date): string {
  return time.toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayAt(new Date(Date.parse(day) + days * dayMs));
}

/** How many days the second is after the first. */
export function daysBetween(first: string, second: string): number {
  return Math.round((Date.parse(second) - Date.parse(first)) / dayMs);
}

/** A month as YYYY-MM, so many months later. */
export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** `2025/6`: as the vendor's paths have months. */
export function monthPath(month: string): string {
  return month.split('-').map(Number).join('/');
}
