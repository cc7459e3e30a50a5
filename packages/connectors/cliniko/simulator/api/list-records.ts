import { die } from '../../../simulation/dice.js';
import { json, type Reply } from '../../../simulation/http/reply.js';
import type { Row } from '../data/clinic.js';
import { type Entity, PATHS } from '../data/entities.js';
import type { Quirks } from '../quirks.js';
import type { SimulatorStore } from '../store.js';
import { FILTERABLE } from './fields.js';
import { bad, type Filter, parseFilters, timeOf } from './filters.js';

/** What a list is made of. */
export interface ListParts {
  readonly store: SimulatorStore;
  readonly quirks: Quirks;
  readonly origin: () => string;
  readonly orders: Orders;
}

/** Times that hide a record from a list, unless a filter speaks of them. */
const HIDING = ['archived_at', 'deleted_at'] as const;

/** A page of a list. `section` is for practitioners, who are in two lists. */
export function listRecords(parts: ListParts, entity: Entity, query: URLSearchParams, section?: boolean): Reply {
  const { store, quirks, origin, orders } = parts;
  const filters = parseFilters(entity, query);
  const perPage = wholeNumber(query, 'per_page', 50, 1, 100);
  const page = wholeNumber(query, 'page', 1, 1, Number.MAX_SAFE_INTEGER);
  const hidden = hidingFields(entity, quirks, filters);
  const isShown = (row: Row) =>
    hidden.every((field) => !row.record[field]) &&
    (section === undefined || Boolean(row.record['active']) === section) &&
    filters.every((filter) => filter.matches(row));
  const sort = quirks.sortIgnored ? 'created_at:desc' : (query.get('sort') ?? 'created_at:asc');
  const rows = orders.sorted(store, entity, sort).filter(isShown);
  const from = (page - 1) * perPage;
  const path = `${PATHS[entity]}${section === false ? '/inactive' : ''}`;
  const linkTo = (number: number) => {
    const asked = new URLSearchParams(query);
    asked.set('page', String(number));
    return `${quirks.linkOrigin ?? origin()}/v1/${path}?${asked}`;
  };
  return json({
    [PATHS[entity]]: rows.slice(from, from + perPage).map(({ record }) => record),
    total_entries: rows.length,
    links: {
      self: linkTo(page),
      ...(page > 1 && { previous: linkTo(page - 1) }),
      ...(from + perPage < rows.length && { next: linkTo(page + 1) }),
    },
  });
}

/** Whether a record is hidden, for one that is asked for by its id: only archived ones are. */
export function isHidden(entity: Entity, { record }: Row, query: URLSearchParams): boolean {
  const filters = parseFilters(entity, query);
  return Boolean(record['archived_at']) && !filters.some(({ field }) => field === 'archived_at');
}

function hidingFields(entity: Entity, quirks: Quirks, filters: readonly Filter[]): string[] {
  const fields = [...HIDING, ...(quirks.cancelledHidden ? ['cancelled_at'] : [])];
  const spokenOf = new Set(filters.map(({ field }) => field));
  return fields.filter((field) => field in FILTERABLE[entity] && !spokenOf.has(field));
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number, least: number, most: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw bad(`${name} must be from ${least} to ${most}`);
  return value;
}

/** Rows in the orders that were asked for lately. Records of equal rank come in any order, as from a database. */
export class Orders {
  readonly #kept = new Map<string, { readonly version: number; readonly rows: readonly Row[] }>();

  sorted(store: SimulatorStore, entity: Entity, sort: string): readonly Row[] {
    const key = `${entity} ${sort}`;
    const kept = this.#kept.get(key);
    if (kept?.version === store.version) return kept.rows;
    const by = sort.split(',').map((part) => rank(entity, part));
    const anyOrder = die(store.version, key);
    const rows = [...store.rows(entity).values()]
      .map((row, i) => ({ row, tie: anyOrder(i) }))
      .sort((a, b) => {
        for (const compare of by) {
          const order = compare(a.row, b.row);
          if (order !== 0) return order;
        }
        return a.tie - b.tie;
      })
      .map(({ row }) => row);
    this.#kept.set(key, { version: store.version, rows });
    return rows;
  }
}

function rank(entity: Entity, part: string): (a: Row, b: Row) => number {
  const [field = '', direction = 'asc'] = part.split(':');
  const type = FILTERABLE[entity][field];
  if (type === undefined || (direction !== 'asc' && direction !== 'desc')) throw bad(`Cannot sort by ${part}`);
  const sign = direction === 'asc' ? 1 : -1;
  const rankOf = (row: Row) => {
    if (type === 'datetime') return timeOf(row, field) || 0;
    return type === 'numeric' ? BigInt(String(row.record[field] ?? 0)) : String(row.record[field] ?? '');
  };
  return (a, b) => {
    const [one, other] = [rankOf(a), rankOf(b)];
    return one === other ? 0 : one < other ? -sign : sign;
  };
}
