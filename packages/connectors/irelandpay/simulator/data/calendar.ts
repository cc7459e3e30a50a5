/** A day, counted from 1970-01-01. Days have no time zone. */
export type Day = number;
/** A month, counted from January of the year 0. */
export type Month = number;

const DAY_MS = 86_400_000;

export function dayAt(ms: number): Day {
  return Math.floor(ms / DAY_MS);
}

export function startOf(day: Day): number {
  return day * DAY_MS;
}

/** YYYY-MM-DD. */
export function isoDay(day: Day): string {
  return new Date(startOf(day)).toISOString().slice(0, 10);
}

/** MM/DD/YYYY. */
export function usDay(day: Day): string {
  const [year, month, date] = isoDay(day).split('-');
  return `${month}/${date}/${year}`;
}

/** The day of a text YYYY-MM-DD; undefined for what is no day of the calendar. */
export function dayOf(text: string): Day | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) || isoDay(dayAt(ms)) !== text ? undefined : dayAt(ms);
}

export function monthAt(day: Day): Month {
  const date = new Date(startOf(day));
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function monthOf(year: number, month: number): Month {
  return year * 12 + month - 1;
}

export function firstDay(month: Month): Day {
  return dayAt(Date.UTC(Math.floor(month / 12), month % 12, 1));
}

/** A moment as it is sent: whole seconds, with the offset of New York's winter. */
export function shownTime(ms: number): string {
  return `${new Date(ms - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
}
