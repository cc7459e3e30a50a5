import type { TableDeclaration } from '@syncline/connector-kit';
import { name } from './identifier.js';

/**
 * The SQL of when a row's record went out of use by the vendor's own word, of the row `alias`; null where it did not. A
 * row that is marked as deleted by it is no row that a sweep has marked, and meeting its record does not revive it.
 */
export function tombstoneOf({ tombstones = [] }: TableDeclaration, alias: string): string {
  // An adopted table may keep these columns as another kind of time.
  const times = tombstones.map((column) => `${alias}.${name(column)}::timestamptz`);
  return times.length === 0 ? 'null::timestamptz' : `coalesce(${times.join(', ')})`;
}
