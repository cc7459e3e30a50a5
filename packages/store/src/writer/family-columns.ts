import type { ColumnType, Reference, TableDeclaration } from '@syncline/connector-kit';
import { name } from './identifier.js';
import type { Shapes } from './read-shapes.js';
import { fitOf } from './stored-type.js';

/** A column of a target table, with the type that values for it have. */
export interface ColumnPlace {
  readonly table: string;
  readonly column: string;
  readonly type: ColumnType | 'uuid';
}

/** A column that a child takes over from its parent. */
export interface TakenColumn {
  readonly place: ColumnPlace;
  /** The parent's value, as the child stores it. */
  readonly value: string;
}

/** How the values of a family's columns are written and compared, whatever the types that their tables really have. */
export interface FamilyColumns {
  /** The SQL of a value as the column stores it. */
  stored(place: ColumnPlace, value: string): string;
  /** The SQL of values of columns, side by side, for a comparison. */
  comparable(places: readonly ColumnPlace[], values: readonly string[]): string[];
  /** What a child takes over; `parentValueOf` gives the SQL of the parent's value, of the type that was declared. */
  taken(
    child: TableDeclaration,
    reference: Reference,
    parent: TableDeclaration,
    parentValueOf: (own: string, theirs: string) => string,
  ): TakenColumn[];
  /** The SQL of a column of the parent, of the type that was declared, whatever it is stored as. */
  parentValue(parent: TableDeclaration, column: string, alias: string): string;
}

export function columnsOf(shapes: Shapes): FamilyColumns {
  const fit = ({ table, column, type }: ColumnPlace) => {
    const stored = shapes[table]?.types[column];
    // A type that does not fit is said by Postgres, when it refuses the statement (TARGET_SCHEMA).
    return stored === undefined ? undefined : fitOf(type, stored);
  };
  const stored = (place: ColumnPlace, value: string) => fit(place)?.store(value) ?? value;
  const compared = (place: ColumnPlace, value: string) => fit(place)?.compare(value) ?? value;
  return {
    stored,
    comparable: (places, values) => places.map((place, i) => compared(place, values[i] ?? 'null')),
    taken: (child, reference, parent, parentValueOf) =>
      Object.entries(reference.take).map(([own, theirs]) => {
        const place = { table: child.name, column: own, type: typeOf(parent, theirs) };
        return { place, value: stored(place, parentValueOf(own, theirs)) };
      }),
    parentValue: (parent, column, alias) => {
      const type = typeOf(parent, column);
      const value = `${alias}.${name(column)}`;
      const actual = shapes[parent.name]?.types[column];
      return actual === undefined || sameType(type, actual.base) ? value : `${value}::${type}`;
    },
  };
}

function typeOf(table: TableDeclaration, column: string): ColumnType | 'uuid' {
  return column === 'id' ? 'uuid' : (table.columns[column] ?? 'text');
}

function sameType(type: ColumnType | 'uuid', base: string): boolean {
  return base === (type === 'boolean' ? 'bool' : type);
}
