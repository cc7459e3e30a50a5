/** Declarations are code, not input; quoting still keeps an odd column name from turning into SQL. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
