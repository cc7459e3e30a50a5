import { randomUUID } from 'node:crypto';
import { type Agency, databaseOf, type Property, type Row } from '../data/agency.js';
import type { Version } from './admission.js';

/** So many references and pieces of text a page has in it; the rest is to be asked for. */
const MOST_IN_PAGE = 25;

const LONG = new Set(['title', 'rich_text', 'relation', 'people']);

/** Times are whole minutes, rounded down. */
export function shownTime(ms: number): string {
  return new Date(ms - (ms % 60_000)).toISOString();
}

export function showPage(agency: Agency, row: Row, version: Version, nowMs: number) {
  const user = { object: 'user', id: agency.personId };
  const databaseId = databaseOf(agency, row.sourceId);
  const parent =
    version === '2022-06-28'
      ? { type: 'database_id', database_id: databaseId }
      : { type: 'data_source_id', data_source_id: row.sourceId, database_id: databaseId };
  return {
    object: 'page',
    id: row.id,
    created_time: shownTime(row.createdMs),
    last_edited_time: shownTime(row.editedMs),
    created_by: user,
    last_edited_by: user,
    cover: null,
    icon: null,
    in_trash: row.inTrash,
    ...(version !== '2026-03-11' && { archived: row.inTrash }),
    is_archived: false,
    is_locked: false,
    parent,
    properties: Object.fromEntries(agency.schema.map((property) => [property.name, showValue(property, row, nowMs)])),
    url: `https://www.notion.so/${row.id.replaceAll('-', '')}`,
    public_url: null,
    ...row.poison,
  };
}

/** A property in a page; of long ones, as much as fits. */
function showValue({ id, type }: Property, row: Row, nowMs: number) {
  const value = row.values.get(id) ?? (LONG.has(type) || type === 'multi_select' || type === 'files' ? [] : null);
  if (type === 'files') return { id, type, files: (value as string[]).map((name) => showFile(name, nowMs)) };
  if (!LONG.has(type)) return { id, type, [type]: value };
  const parts = value as unknown[];
  const shown = { id, type, [type]: parts.slice(0, MOST_IN_PAGE) };
  return type === 'relation' ? { ...shown, has_more: parts.length > MOST_IN_PAGE } : shown;
}

/** An uploaded file: its address is another one each time, and good for an hour. */
function showFile(name: string, nowMs: number) {
  const url = `https://files.example/${name}?signature=${randomUUID()}`;
  return { name, type: 'file', file: { url, expiry_time: new Date(nowMs + 3_600_000).toISOString() } };
}

/** The parts of a long property, each as an item of its own; undefined for properties that are not long. */
export function itemsOf({ id, type }: Property, row: Row): object[] | undefined {
  if (!LONG.has(type)) return undefined;
  return ((row.values.get(id) ?? []) as unknown[]).map((part) => ({ object: 'property_item', id, type, [type]: part }));
}

export function showItem({ id, type }: Property, row: Row) {
  return { object: 'property_item', id, type, [type]: row.values.get(id) ?? null };
}
