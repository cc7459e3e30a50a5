/**
 * Whether so many of a page's records fail that it is hardly the records' fault: at least ten, and nine in ten. Then
 * the run stops, instead of filling the failed items with what one change would put right.
 */
export function nearlyAllFail(failed: number, all: number): boolean {
  return failed >= 10 && failed * 10 >= all * 9;
}
