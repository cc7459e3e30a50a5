/** A month as YYYY-MM, so many months later. */
export function monthAfter(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** How many months there are from the first to the last, both counted; 0 where the last is before the first. */
export function monthsBetween(first: string, last: string): number {
  const [from, to] = [first, last].map((month) => {
    const [year = 0, number = 1] = month.split('-').map(Number);
    return year * 12 + number;
  });
  return Math.max(0, (to ?? 0) - (from ?? 0) + 1);
}

/** The month of a moment, in UTC. */
export function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

/** A month as a selection. The newest one has no end: it goes on to the vendor's present, wherever its days begin. */
export function spanOfMonth(month: string, isNewest: boolean): { readonly from: string; readonly to: string | null } {
  const end = Date.parse(`${monthAfter(month, 1)}-01T00:00:00.000Z`) - 1;
  return { from: `${month}-01T00:00:00.000Z`, to: isNewest ? null : new Date(end).toISOString() };
}
