import { Refusal } from '../../../simulation/http/reply.js';
import type { Entity } from '../data/entities.js';
import { parseInstant, readVendorTime } from '../data/timestamps.js';
import type { Quirks } from '../quirks.js';
import { compareKeys, fieldOf, foldCase, type SortKey } from '../store/sort-order.js';
import { createdMs, type Tables, updatedMs } from '../store/tables.js';
import { requireField } from './fields.js';

/** What a `$filter` asks: a lower bound of `updated_at` where there is one, and tests of a record. */
export interface ODataFilter {
  updatedFrom?: number;
  tests: ((slot: number) => boolean)[];
}

type Literal = { kind: 'instant'; ms: number } | { kind: 'plain'; value: SortKey };
type Comparison = (order: number) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};
const TOKEN = /\s*((?:datetime(?:offset)?|guid)?'(?:[^']|'')*'|[^\s']+)/giy;

/** Reads a `$filter`: comparisons joined by `and`. Anything else is refused, as is a datetime without a zone. */
export function parseODataFilter(tables: Tables, quirks: Quirks, entity: Entity, text: string): ODataFilter {
  const tokens = tokenize(text);
  const filter: ODataFilter = { tests: [] };
  for (let at = 0; at < tokens.length; at += 4) {
    const [field, operator, value, joint] = tokens.slice(at, at + 4);
    const compare = COMPARISONS[operator?.toLowerCase() ?? ''];
    if (!field || !compare || !value) throw syntaxError();
    // A joint must stand between two comparisons: neither missing nor dangling, and nothing but `and`.
    if (joint !== undefined && (joint.toLowerCase() !== 'and' || at + 4 >= tokens.length)) throw syntaxError();
    requireField(tables, quirks, entity, field);
    const literal = readLiteral(value);
    if (field === 'updated_at' && literal.kind === 'instant' && /^g[et]$/i.test(operator ?? '')) {
      const from = operator?.toLowerCase() === 'gt' ? literal.ms + 1 : literal.ms;
      filter.updatedFrom = Math.max(from, filter.updatedFrom ?? from);
    } else {
      filter.tests.push(testOf(tables, entity, field, compare, literal));
    }
  }
  return filter;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const token = new RegExp(TOKEN);
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text);
    if (!found?.[1]) throw syntaxError();
    tokens.push(found[1]);
  }
  if (tokens.length === 0) throw syntaxError();
  return tokens;
}

function readLiteral(text: string): Literal {
  const quoted = /^(datetime(?:offset)?|guid)?'(.*)'$/is.exec(text);
  if (quoted && !quoted[1]?.toLowerCase().startsWith('datetime')) {
    return { kind: 'plain', value: (quoted[2] ?? '').replaceAll("''", "'").toLowerCase() };
  }
  if (text === 'null') return { kind: 'plain', value: null };
  if (text === 'true' || text === 'false') return { kind: 'plain', value: text === 'true' ? 1 : 0 };
  if (!quoted && /^-?\d+(\.\d+)?$/.test(text)) return { kind: 'plain', value: Number(text) };
  const instant = parseInstant(quoted?.[2] ?? text);
  if (!instant) {
    if (/^[0-9a-f-]{36}$/i.test(text)) return { kind: 'plain', value: text.toLowerCase() };
    throw syntaxError();
  }
  if (!instant.zoned) {
    throw new Refusal(400, {
      Message: `The query specified in the URI is not valid. The datetime '${text}' has no offset.`,
    });
  }
  return { kind: 'instant', ms: instant.ms };
}

function testOf(
  tables: Tables,
  entity: Entity,
  field: string,
  compare: Comparison,
  literal: Literal,
): (slot: number) => boolean {
  if (literal.kind === 'plain') {
    return (slot) => compare(compareKeys(foldCase(fieldOf(tables.of[entity].read(slot), field)), literal.value));
  }
  const timeOf = (slot: number): number | undefined => {
    if (field === 'updated_at') return updatedMs(tables, entity, slot);
    if (field === 'created_at') return createdMs(tables, entity, slot);
    return readVendorTime(fieldOf(tables.of[entity].read(slot), field));
  };
  return (slot) => {
    const ms = timeOf(slot);
    return ms !== undefined && compare(compareKeys(ms, literal.ms));
  };
}

function syntaxError(): Refusal {
  return new Refusal(400, { Message: 'The query specified in the URI is not valid. Syntax error in $filter.' });
}
