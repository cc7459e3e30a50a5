import { die } from '../../../simulation/dice.js';
import type { Entity } from '../data/entities.js';
import { createdMs, type Tables, updatedMs } from './tables.js';

/** What a list can be ordered by: a field (or `ref/field`), the default order, or a shuffle. */
export interface OrderTerm {
  by: string;
  descending: boolean;
}

/** A value of a record as ordering sees it. */
export type SortKey = string | number | null;

/** The vendor's order where none is asked for: by name; matters by number. Not by date. */
export const DEFAULT_ORDER: readonly OrderTerm[] = [{ by: '$default', descending: false }];
/** The order of incremental reads. */
export const BY_TIME: readonly OrderTerm[] = [{ by: 'updated_at', descending: false }];
/** An order that means nothing, but stays the same from page to page. */
export const SHUFFLED: readonly OrderTerm[] = [{ by: '$shuffle', descending: false }];

/** A text that is the same for the same order. */
export function orderName(terms: readonly OrderTerm[]): string {
  return terms.map((term) => `${term.by}${term.descending ? ' desc' : ''}`).join(',');
}

/** Makes the reader of one order term's key. */
export function sortKeyReader(tables: Tables, entity: Entity, term: OrderTerm): (slot: number) => SortKey {
  const table = tables.of[entity];
  switch (term.by) {
    case 'updated_at':
      return (slot) => updatedMs(tables, entity, slot);
    case 'created_at':
      return (slot) => createdMs(tables, entity, slot);
    case 'id':
      return (slot) => table.source.ids.idOf(slot);
    case '$shuffle':
      return die(tables.world.seed, `${entity} shuffle`);
    case '$default':
      return (slot) =>
        foldCase(table.isChanged(slot) ? defaultKey(entity, table.read(slot)) : table.source.sortKey(slot));
    default:
      return (slot) => foldCase(fieldOf(table.read(slot), term.by));
  }
}

/** Reads `field` or `ref/field` of a record. */
export function fieldOf(record: unknown, path: string): unknown {
  let value = record;
  for (const part of path.split('/')) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Orders two keys: null first, then numbers, then texts. */
export function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : 1;
}

const DEFAULT_FIELD: Readonly<Record<Entity, string>> = {
  users: 'display_name',
  customfields: 'label',
  accounts: 'display_name',
  contacts: 'display_name',
  matters: 'number',
  tasks: 'subject',
  notes: 'subject',
  emails: 'subject',
  events: 'subject',
  timeentries: 'description',
};

function defaultKey(entity: Entity, record: Record<string, unknown>): unknown {
  return record[DEFAULT_FIELD[entity]];
}

/** Makes a value comparable: the vendor's database ignores case; what is neither text nor number counts as missing. */
export function foldCase(value: unknown): SortKey {
  if (typeof value === 'string') return value.toLowerCase();
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && !Number.isNaN(value) ? value : null;
}
