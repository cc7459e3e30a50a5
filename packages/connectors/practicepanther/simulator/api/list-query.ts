import { badParameter } from '../../../simulation/http/reply.js';
import type { Entity } from '../data/entities.js';
import type { Quirks } from '../quirks.js';
import type { Selection } from '../store/selections.js';
import { DEFAULT_ORDER, type OrderTerm, SHUFFLED } from '../store/sort-order.js';
import { createdMs, type Tables } from '../store/tables.js';
import { instantParameter, requireField } from './fields.js';
import { NAMED_FILTERS } from './named-filters.js';
import { parseODataFilter } from './odata-filter.js';

/** A list request, understood: which records in which order, and which stretch of them. */
export interface ListQuery {
  selection: Selection;
  skip: number;
  /** How many at most; undefined for all. */
  top: number | undefined;
}

const PAGING: ReadonlySet<string> = new Set(['$top', '$skip', '$orderby']);

/** A part of an entity's records that has a list of its own. */
export interface Section {
  field: string;
  value: string;
}

/** Reads the query of a list. What the vendor does not know, `page` and `limit` included, is ignored without a word. */
export function parseListQuery(
  tables: Tables,
  quirks: Quirks,
  entity: Entity,
  query: URLSearchParams,
  section?: Section,
): ListQuery {
  const parameters = new Map<string, string>();
  for (const [name, value] of query) if (value !== '') parameters.set(name.toLowerCase(), value);
  if (quirks.ignorePaging) for (const name of PAGING) parameters.delete(name);

  const selection: Selection = { entity, order: orderOf(tables, quirks, entity, parameters), tests: [], name: '' };
  addFilters(selection, tables, quirks, parameters);
  if (section) {
    const { field, value } = section;
    selection.tests = [...selection.tests, (slot) => tables.of[entity].read(slot)[field] === value];
    selection.name += ` of ${field} ${value}`;
  }
  const skip = count(parameters, '$skip') ?? 0;
  return { selection, skip: quirks.ignoreSkip ? 0 : skip, top: count(parameters, '$top') };
}

function addFilters(
  selection: Selection,
  tables: Tables,
  quirks: Quirks,
  parameters: ReadonlyMap<string, string>,
): void {
  const { entity } = selection;
  const tests: ((slot: number) => boolean)[] = [];
  const bounds: number[] = [];
  const names: string[] = [];
  const exclusive = quirks.exclusiveSince ? 1 : 0;

  for (const [name, value] of parameters) {
    if (PAGING.has(name)) continue;
    const named = NAMED_FILTERS[entity][name];
    if (name === 'updated_since' && !(entity === 'contacts' && quirks.contactEditsHidden)) {
      bounds.push(instantParameter(name, value) + exclusive);
    } else if (name === 'created_since' || name === 'updated_since') {
      const from = instantParameter(name, value) + exclusive;
      tests.push((slot) => createdMs(tables, entity, slot) >= from);
    } else if (name === '$filter') {
      const filter = parseODataFilter(tables, quirks, entity, value);
      tests.push(...filter.tests);
      if (filter.updatedFrom !== undefined) bounds.push(filter.updatedFrom);
    } else if (named) {
      tests.push(named(tables, value, name));
    } else {
      continue;
    }
    names.push(`${name}=${value}`);
  }

  if (hidesArchived(quirks, entity, parameters)) {
    tests.push((slot) => tables.of[entity].read(slot).status !== 'Archived');
    names.push('without archived');
  }
  selection.tests = tests;
  selection.name = `${names.sort().join('&')} ${exclusive}`;
  if (bounds.length > 0) selection.updatedFrom = Math.max(...bounds);
}

function hidesArchived(quirks: Quirks, entity: Entity, parameters: ReadonlyMap<string, string>): boolean {
  if (!quirks.archivedHidden || (entity !== 'contacts' && entity !== 'matters')) return false;
  return !parameters.has('status') && !/\bstatus\b/.test(parameters.get('$filter') ?? '');
}

function orderOf(
  tables: Tables,
  quirks: Quirks,
  entity: Entity,
  parameters: ReadonlyMap<string, string>,
): readonly OrderTerm[] {
  if (quirks.forceOrder === 'newest') return [{ by: 'updated_at', descending: true }];
  if (quirks.forceOrder === 'shuffled') return SHUFFLED;
  const text = parameters.get('$orderby');
  if (text === undefined) return DEFAULT_ORDER;
  return text.split(',').map((term) => {
    const [by = '', direction = 'asc', ...rest] = term.trim().split(/\s+/);
    if (rest.length > 0 || !/^(asc|desc)$/i.test(direction)) throw badParameter('$orderby', text);
    requireField(tables, quirks, entity, by);
    return { by, descending: direction.toLowerCase() === 'desc' };
  });
}

function count(parameters: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw badParameter(name, text);
  return Number(text);
}
