import type { ColumnType } from '@syncline/connector-kit';

/** A column's type as Postgres has it, domains taken off. */
export interface StoredType {
  /** As SQL names it, with its length or precision: `numeric(12,2)`, `public.exchange_status`. */
  readonly sql: string;
  /** Its plain name: `numeric`, `varchar`, `exchange_status`. */
  readonly base: string;
  /** The labels of an enum. */
  readonly labels: readonly string[] | null;
}

/** How values of a declared type get into a column of another type, and how the two are compared. */
export interface Fit {
  /** The SQL of a value as the column stores it. Fails for a value that the column cannot take. */
  readonly store: (value: string) => string;
  /** The SQL of a stored value, for a comparison. */
  readonly compare: (value: string) => string;
  /** What is lost on the way, in words; undefined when nothing is. */
  readonly loss?: string;
}

const asIs = (value: string) => value;
/** Nothing to do: what is written is cast by the assignment, which refuses what is too long instead of cutting it off. */
const plain: Fit = { store: asIs, compare: asIs };

const texts = new Set(['text', 'varchar', 'bpchar', 'citext']);

/**
 * How a column of our own, or of a table of the user's that was adopted, takes values of a declared type. Undefined when
 * it cannot.
 *
 * Numbers with a scale are rounded here and not by the assignment: a rounded value has to be equal to what is stored, or
 * the row would be written again by every sync.
 */
export function fitOf(declared: ColumnType | 'uuid', stored: StoredType): Fit | undefined {
  const { base, sql, labels } = stored;
  const exact = sql === base || sql === names[declared];
  const cast = (loss: string): Fit => ({ store: (value) => `(${value})::${sql}`, compare: asIs, loss });
  switch (declared) {
    case 'text':
      if (labels !== null) return { store: (value) => `(${value})::text::${sql}`, compare: asIs };
      return texts.has(base) ? plain : undefined;
    case 'numeric':
      if (base !== 'numeric') return undefined;
      return exact ? plain : cast(`rounded to ${sql}`);
    case 'timestamptz':
      if (base === 'timestamptz') return exact ? plain : cast(`rounded to ${sql}`);
      if (base === 'timestamp') return inUtc(sql, 'without its zone: the time in UTC');
      return base === 'date' ? inUtc(sql, 'as a day only: the one in UTC') : undefined;
    case 'jsonb':
      if (base === 'json') return { store: (value) => `(${value})::json`, compare: (value) => `${value}::jsonb` };
      if (texts.has(base)) return { store: (value) => `(${value})::text`, compare: asIs, loss: 'as JSON in a text' };
      return base === 'jsonb' ? plain : undefined;
    default:
      return base === names[declared] ? plain : undefined;
  }
}

/** Declared types, as the catalogue names them. */
const names: Record<ColumnType | 'uuid', string> = {
  text: 'text',
  numeric: 'numeric',
  boolean: 'bool',
  timestamptz: 'timestamp with time zone',
  date: 'date',
  jsonb: 'jsonb',
  uuid: 'uuid',
};

function inUtc(sql: string, loss: string): Fit {
  return { store: (value) => `((${value}) at time zone 'UTC')::${sql}`, compare: asIs, loss };
}
