import { Refusal } from '../../../simulation/http/reply.js';
import type { Row } from '../data/clinic.js';
import type { Entity } from '../data/entities.js';
import { FILTERABLE, type FieldType } from './fields.js';

export interface Filter {
  readonly field: string;
  matches(row: Row): boolean;
}

/** Operators by type, the longer ones first. */
const OPERATORS: Readonly<Record<FieldType, readonly string[]>> = {
  datetime: ['>=', '<=', '!?', '>', '<', '?', '*'],
  date: ['>=', '<=', '!?', '=', '>', '<', '?'],
  numeric: ['>=', '<=', '!=', '!?', '=', '>', '<', '?'],
  string: ['!=', '~~', '!?', '=', '~', '?'],
  boolean: ['!=', '='],
  array: ['~'],
};

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** The filters of a request: `q[]=FIELD:OPVALUE`, all of which have to fit. Refuses with 400 what the vendor does not know. */
export function parseFilters(entity: Entity, query: URLSearchParams): Filter[] {
  return query.getAll('q[]').map((text) => parseFilter(entity, text));
}

function parseFilter(entity: Entity, text: string): Filter {
  const [, field = '', rest = ''] = /^([a-z_0-9]+):(.*)$/s.exec(text) ?? [];
  const type = FILTERABLE[entity][field];
  if (type === undefined) throw bad(`${field || text} is not filterable`);
  const operator = OPERATORS[type].find((candidate) => rest.startsWith(candidate));
  if (operator === undefined) throw bad(`Filter operator for ${field} is not valid`);
  const value = rest.slice(operator.length);
  return { field, matches: matcher(field, type, operator, value) };
}

function matcher(field: string, type: FieldType, operator: string, value: string): Filter['matches'] {
  if (operator === '*') return () => true;
  if (operator === '?') return (row) => read(row, field) !== null;
  if (operator === '!?') return (row) => read(row, field) === null;
  switch (type) {
    case 'datetime': {
      if (!dateTime.test(value)) throw bad(`Filter value for ${field} must be a datetime`);
      const bound = Date.parse(value);
      return (row) => compare(operator, timeOf(row, field), bound);
    }
    case 'date':
      if (!/^[\d*]{4}-[\d*]{2}-[\d*]{2}$/.test(value)) throw bad(`Filter value for ${field} must be a date`);
      return (row) => {
        const own = read(row, field);
        return own !== null && (operator === '=' ? fits(value, String(own)) : compare(operator, String(own), value));
      };
    case 'numeric': {
      const numbers = value.split(',');
      if (!numbers.every((one) => /^-?\d+$/.test(one))) throw bad(`Filter value for ${field} must be a number`);
      const wanted = new Set(numbers);
      if (operator === '=' || operator === '!=') {
        return (row) => wanted.has(String(read(row, field))) === (operator === '=');
      }
      const bound = BigInt(numbers[0] ?? 0);
      return (row) => {
        const own = read(row, field);
        return own !== null && compare(operator, BigInt(String(own)), bound);
      };
    }
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw bad(`Filter value for ${field} must be a boolean`);
      return (row) => (String(read(row, field)) === value) === (operator === '=');
    case 'array':
      return (row) => {
        const own = read(row, field);
        return Array.isArray(own) && own.map(String).includes(value);
      };
    case 'string':
      return (row) => matchesText(operator, String(read(row, field) ?? ''), value);
  }
}

/** A field as filters see it: ids of others are behind their links, and an empty date is none. */
function read({ record }: Row, field: string): unknown {
  const value = record[field];
  if (value !== undefined) return value === '' ? null : value;
  if (!field.endsWith('_id')) return null;
  const reference = record[field.slice(0, -3)] as { links?: { self?: string } } | null | undefined;
  return reference?.links?.self?.split('?')[0]?.split('/').at(-1) ?? null;
}

/** In milliseconds; the vendor knows more exactly when a record was made and changed than it tells. */
export function timeOf(row: Row, field: string): number {
  if (field === 'created_at') return row.createdMs;
  if (field === 'updated_at') return row.updatedMs;
  return Date.parse(String(read(row, field)));
}

function compare<T extends number | bigint | string>(operator: string, own: T, bound: T): boolean {
  if (operator === '>=') return own >= bound;
  if (operator === '<=') return own <= bound;
  return operator === '>' ? own > bound : own < bound;
}

function matchesText(operator: string, own: string, value: string): boolean {
  const [text, wanted] = [own.toLowerCase(), value.toLowerCase()];
  if (operator === '=') return text === wanted;
  if (operator === '!=') return text !== wanted;
  if (operator === '~') return text.includes(wanted);
  const pattern = wanted.split('%').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(text);
}

/** A date with stars for digits that do not matter. */
function fits(pattern: string, date: string): boolean {
  return [...pattern].every((sign, i) => sign === '*' || sign === date[i]);
}

export function bad(message: string): Refusal {
  return new Refusal(400, { message });
}
