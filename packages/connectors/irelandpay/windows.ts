import { z } from 'zod';
import { addDays, daysBetween } from './days.js';

/** What is left to be read of a merchant: from a day on, so many days at once. */
export const openWindow = z.object({
  mid: z.string(),
  from: z.iso.date(),
  days: z.int().min(1),
  /** Of a single day with more batches than an answer holds. */
  page: z.int().min(1),
});
export type OpenWindow = z.infer<typeof openWindow>;

/** The last day that the next request is about. */
export function endOf({ from, days }: OpenWindow, until: string): string {
  const end = addDays(from, days - 1);
  return end < until ? end : until;
}

/**
 * Whether an answer with so many pages may be used, and what is left then. Lists of batches have no order that could be
 * relied on, so pages behind the first may repeat some and leave out others: a window with more than one page is asked for
 * in shorter pieces, down to a day.
 */
export function afterAnswer(
  window: OpenWindow,
  until: string,
  lastPage: number,
): { readonly use: boolean; readonly left: OpenWindow | undefined } {
  const length = daysBetween(window.from, endOf(window, until)) + 1;
  if (lastPage > 1 && length > 1) {
    return { use: false, left: { ...window, days: Math.max(1, Math.floor(length / Math.min(lastPage, 8))) } };
  }
  if (window.page < lastPage) return { use: true, left: { ...window, page: window.page + 1 } };
  const from = addDays(endOf(window, until), 1);
  return { use: true, left: from > until ? undefined : { ...window, from, page: 1 } };
}
