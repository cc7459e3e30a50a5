import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { columnTypes } from '../writer/read-shapes.js';
import type { StoredType } from '../writer/stored-type.js';

/** A column as the catalogue has it. */
export interface Column extends StoredType {
  readonly name: string;
  readonly notNull: boolean;
  /** A value comes by itself: a default or an identity. */
  readonly hasDefault: boolean;
  /** No value can be given: computed, or an identity that is always generated. */
  readonly generated: boolean;
}

interface Constraint {
  readonly name: string;
  readonly kind: 'check' | 'foreign key';
  readonly columns: readonly string[];
  readonly definition: string;
  /** Of a foreign key: the table, if it is in the same schema. */
  readonly references: string | null;
}

interface UniqueIndex {
  readonly name: string;
  readonly columns: readonly string[];
  /** Can an upsert name it: not partial, not over expressions, not deferrable, whole. */
  readonly usable: boolean;
}

/** A table or whatever else has its name. */
export interface Relation {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'other';
  readonly owner: string;
  /** Whether we may alter it. */
  readonly owned: boolean;
  /** Row-level security hides rows from us, and no policy lets us see any. */
  readonly hidden: boolean;
  readonly triggers: readonly string[];
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly uniques: readonly UniqueIndex[];
}

/** Everything of the schema that the sessions are in, by name. */
export async function readCatalogue(db: Db): Promise<ReadonlyMap<string, Relation>> {
  const [relations, columns, constraints, uniques] = [
    await readRelations(db),
    await readColumns(db),
    await readConstraints(db),
    await readUniques(db),
  ];
  const of = <T extends { readonly table: string }>(rows: readonly T[], table: string) =>
    rows.filter((row) => row.table === table);
  const whole = relations.map((relation): Relation => {
    const { name } = relation;
    return {
      ...relation,
      columns: of(columns, name),
      constraints: of(constraints, name),
      uniques: of(uniques, name),
    };
  });
  return new Map(whole.map((relation) => [relation.name, relation]));
}

const here = sql`c.relnamespace = to_regnamespace(quote_ident(current_schema()))`;

async function readRelations(db: Db) {
  const { rows } = await sql<Omit<Relation, 'columns' | 'constraints' | 'uniques'>>`
    select c.relname::text as name,
      case when c.relkind = 'r' then 'table' when c.relkind in ('v', 'm') then 'view' else 'other' end as kind,
      pg_get_userbyid(c.relowner)::text as owner, pg_has_role(c.relowner, 'USAGE') as owned,
      case c.relkind when 'r' then row_security_active(c.oid) else false end and not exists (
        select from pg_policy p where p.polrelid = c.oid
          and exists (select from unnest(p.polroles) r (oid) where case r.oid when 0 then true else pg_has_role(r.oid, 'USAGE') end)
      ) as hidden,
      array(select t.tgname::text from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal order by 1) as triggers
    from pg_class c where ${here} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')`.execute(db);
  return rows;
}

async function readColumns(db: Db) {
  const { rows } = await sql<Column & { readonly table: string }>`
    select of.*, of."column" as name, a.atthasdef or a.attidentity <> '' as "hasDefault",
      a.attgenerated <> '' or a.attidentity = 'a' as generated
    from (${columnTypes(sql`true`)}) of
    join pg_class c on c.relname = of.table and ${here}
    join pg_attribute a on a.attrelid = c.oid and a.attname = of."column"
    order by a.attnum`.execute(db);
  return rows;
}

async function readConstraints(db: Db) {
  const { rows } = await sql<Constraint & { readonly table: string }>`
    select c.relname::text as table, k.conname::text as name,
      case k.contype when 'f' then 'foreign key' else 'check' end as kind, pg_get_constraintdef(k.oid) as definition,
      array(select a.attname::text from unnest(k.conkey) n (num)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num) as columns,
      (select p.relname::text from pg_class p where p.oid = k.confrelid and p.relnamespace = c.relnamespace) as references
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where ${here} and k.contype in ('c', 'f') order by k.conname`.execute(db);
  return rows;
}

async function readUniques(db: Db) {
  const { rows } = await sql<UniqueIndex & { readonly table: string }>`
    select c.relname::text as table, i.relname::text as name,
      x.indpred is null and x.indexprs is null and x.indimmediate and x.indisvalid as usable,
      array(select a.attname::text from unnest(x.indkey::int2[]) with ordinality n (num, place)
        join pg_attribute a on a.attrelid = x.indrelid and a.attnum = n.num
        where n.place <= x.indnkeyatts order by n.place) as columns
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where ${here} and x.indisunique order by i.relname`.execute(db);
  return rows;
}
