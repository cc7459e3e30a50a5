import { isLosslessNumber } from 'lossless-json';

/** Escaped backslashes are matched too: what follows one is plain text. */
const escapes = /\\\\|\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})(\\u[dD][c-fC-F])?/g;

/**
 * Whether strings of the text hold what Postgres cannot store: NUL, and halves of surrogate pairs. They only come in as
 * escapes. A whole pair is a character.
 */
export function holdsUnstorable(text: string): boolean {
  if (!text.includes('\\u')) return false;
  for (const [, unit, lowHalf] of text.matchAll(escapes)) {
    if (unit === undefined) continue;
    const wholePair = /^[dD][89abAB]/.test(unit) && lowHalf !== undefined;
    if (!wholePair) return true;
  }
  return false;
}

/** Where text was replaced, for every object that holds such text at any depth: paths from that object on. */
const replaced = new WeakMap<object, readonly string[]>();

/** More would not tell more: a record full of such text is binary data. */
const mostPaths = 20;

/** At which paths of a parsed value (`notes`, `tags.1.name`) text was replaced; the first twenty. */
export function replacedIn(value: unknown): readonly string[] {
  return (typeof value === 'object' && value !== null && replaced.get(value)) || [];
}

/**
 * A copy of a record with more in it, which still knows where text was replaced. `also` are the fields of what is added
 * that are to be known as such, too.
 */
export function addTo(record: object, more: Readonly<Record<string, unknown>>, also: readonly string[] = []): object {
  const copy = { ...record, ...more };
  const paths = [...replacedIn(record), ...also];
  if (paths.length > 0) replaced.set(copy, [...new Set(paths)].slice(0, mostPaths));
  return copy;
}

/** The same value with every string and key made storable. Copies only what holds strings. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return value;
  const paths: string[] = [];
  const clean = (key: string | number, inner: unknown) => {
    const cleaned = storable(inner);
    if (typeof inner === 'string' && cleaned !== inner) paths.push(`${key}`);
    paths.push(...replacedIn(cleaned).map((path) => `${key}.${path}`));
    return cleaned;
  };
  const copy = Array.isArray(value) ? value.map((inner, i) => clean(i, inner)) : cleanObject(value, clean, paths);
  // A key and its value may both have been replaced.
  if (paths.length > 0) replaced.set(copy, [...new Set(paths)].slice(0, mostPaths));
  return copy;
}

function cleanObject(value: object, clean: (key: string, inner: unknown) => unknown, paths: string[]): object {
  const entries = new Map<string, unknown>();
  const whole = new Set(Object.keys(value));
  for (const [name, inner] of Object.entries(value)) {
    let key = cleanText(name);
    // Two keys that differ in what is replaced are two keys all the same.
    while (key !== name && (whole.has(key) || entries.has(key))) key += '\uFFFD';
    if (key !== name) paths.push(key);
    entries.set(key, clean(key, inner));
  }
  return Object.fromEntries(entries);
}

function cleanText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}
