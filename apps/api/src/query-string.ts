import { parse } from 'node:querystring';

/** Reads a query string; `?status=` means the same as no status, as forms send it. */
export function parseQuery(text: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parse(text)).filter(([, value]) => value !== ''));
}
