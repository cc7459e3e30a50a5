import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { StoredType } from './stored-type.js';

/** What the writer has to know of a target table, beside its declaration. */
interface TableShape {
  readonly types: Readonly<Record<string, StoredType>>;
  /** Rows may belong to nobody yet: the table was adopted. */
  readonly hasUnownedRows: boolean;
}

/** Shapes by table name. What is not there is as it was declared. */
export type Shapes = Readonly<Record<string, TableShape>>;

interface ColumnRow extends StoredType {
  readonly table: string;
  readonly column: string;
  readonly notNull: boolean;
}

/** The columns of tables, or of all tables of the schema that the sessions are in, with the types that they really have. */
export function columnTypes(tables: RawBuilder<unknown>): RawBuilder<ColumnRow> {
  // What domains stand on is looked up once for all of them: for each column it would be most of a short run's time.
  return sql<ColumnRow>`
    with recursive down (domain, oid, typmod, depth) as (
      select oid, typbasetype, typtypmod, 1 from pg_type where typtype = 'd'
      union all
      select down.domain, d.typbasetype, d.typtypmod, down.depth + 1
      from down join pg_type d on d.oid = down.oid and d.typtype = 'd'
    ), bases as materialized (
      select distinct on (domain) domain, oid, typmod from down order by domain, depth desc
    )
    select c.relname as table, a.attname as column, a.attnotnull as "notNull",
      format_type(t.oid, case when b.domain is null then a.atttypmod else b.typmod end) as sql,
      t.typname::text as base, case when t.typtype = 'e' then array(
        select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) end as labels
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join bases b on b.domain = a.atttypid
    join pg_type t on t.oid = coalesce(b.oid, a.atttypid)
    where c.relnamespace = to_regnamespace(quote_ident(current_schema())) and c.relkind in ('r', 'p') and ${tables}`;
}

/** Reads the shapes of tables. Cheap: a look into the catalogue. */
export async function readShapes(db: Db, tables: readonly string[]): Promise<Shapes> {
  const { rows } = await columnTypes(sql`c.relname = any(${tables})`).execute(db);
  const shapes: Record<string, { types: Record<string, StoredType>; hasUnownedRows: boolean }> = {};
  for (const { table, column, notNull, ...type } of rows) {
    const shape = shapes[table] ?? { types: {}, hasUnownedRows: false };
    shapes[table] = shape;
    shape.types[column] = type;
    if (column === 'connection_id' && !notNull) shape.hasUnownedRows = true;
  }
  return shapes;
}
