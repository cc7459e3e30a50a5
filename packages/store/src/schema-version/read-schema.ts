import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Everything that a schema consists of: what it is called, and how it is defined, as far as versions of Postgres agree. */
export type SchemaObjects = Readonly<Record<string, string>>;

/**
 * Reads the schema that the sessions are in from Postgres' catalogue: tables, columns, constraints, indexes, functions,
 * triggers, views, policies and what tenants are granted. Names of the schema itself are left out of the definitions, so
 * that those of two schemas can be compared. One statement a kind; reads no table.
 */
export async function readSchema(db: Db): Promise<SchemaObjects> {
  const found: [string, string][] = [];
  for (const query of [relations, columns, constraints, indexes, functions, triggers, policies, grants]) {
    const { rows } = await sql<{ name: string; definition: string; schema: string }>`
      select found.*, current_schema()::text as schema from (${query}) as found (name, definition)`.execute(db);
    for (const { name, definition, schema } of rows) found.push([name, withoutSchema(definition, schema)]);
  }
  return Object.fromEntries(found.sort(([one], [two]) => (one < two ? -1 : 1)));
}

function withoutSchema(definition: string, schema: string): string {
  return definition.replaceAll(`${schema}.`, '').replaceAll(`"${schema}".`, '').replaceAll(/\s+/g, ' ');
}

const here = (relnamespace: RawBuilder<unknown>) =>
  sql`${relnamespace} = to_regnamespace(quote_ident(current_schema()))`;
const ofTable = here(sql`c.relnamespace`);
/** The migrator's own, which it makes and changes itself. */
const ours = sql`${ofTable} and c.relname not in ('kysely_migration', 'kysely_migration_lock')`;

const relations = sql`
  select case c.relkind when 'v' then 'view ' when 'm' then 'view ' else 'table ' end || c.relname as name,
    case when c.relkind = 'v' then 'security invoker ' || (coalesce(c.reloptions, '{}') @> '{security_invoker=true}')
      when c.relrowsecurity then 'row security' else 'open' end as definition
  from pg_class c where ${ours} and c.relkind in ('r', 'p', 'v', 'm')`;

/** A view is its columns: how Postgres prints its text differs from version to version. */
const columns = sql`
  select 'column ' || c.relname || '.' || a.attname,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
      case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated as identity' end,
      case when a.attgenerated <> '' then 'generated as ' when d.oid is not null then 'default ' end
        || pg_get_expr(d.adbin, d.adrelid))
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where ${ours} and c.relkind in ('r', 'p', 'v', 'm')`;

/** Not null is part of the column; from Postgres 18 on it is a constraint as well. */
const constraints = sql`
  select 'constraint ' || c.relname || '.' || k.conname,
    pg_get_constraintdef(k.oid) || case when k.convalidated then '' else ' (never checked)' end
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where ${ours} and k.contype in ('c', 'f', 'p', 'u', 'x')`;

const indexes = sql`
  select 'index ' || c.relname || '.' || i.relname,
    pg_get_indexdef(i.oid) || case when x.indisvalid then '' else ' (not valid)' end
  from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
  where ${ours} and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))`;

/** A search path that a function was given is that of the schema it is in. */
const functions = sql`
  select 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    concat_ws(' ', 'returns', pg_get_function_result(p.oid), 'language', l.lanname,
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' end,
      case when p.prosecdef then 'security definer' end,
      (select 'set ' || string_agg(split_part(setting, '=', 1), ', ' order by setting) from unnest(p.proconfig) as setting),
      'sha256', encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), 'UTF8')), 'hex'))
  from pg_proc p join pg_language l on l.oid = p.prolang
  where ${here(sql`p.pronamespace`)} and p.prokind in ('f', 'p')
    and not exists (select from pg_depend e where e.objid = p.oid and e.deptype = 'e')`;

const triggers = sql`
  select 'trigger ' || c.relname || '.' || t.tgname,
    pg_get_triggerdef(t.oid) || case t.tgenabled when 'D' then ' (disabled)' else '' end
  from pg_trigger t join pg_class c on c.oid = t.tgrelid where ${ours} and not t.tgisinternal`;

const policies = sql`
  select 'policy ' || c.relname || '.' || p.polname,
    concat_ws(' ', p.polcmd::text, 'to', (select string_agg(r.rolname, ', ' order by 1) from pg_roles r where r.oid = any(p.polroles)),
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
  from pg_policy p join pg_class c on c.oid = p.polrelid where ${ours} and p.polname = 'syncline_tenant'`;

const grants = sql`
  select 'grant ' || c.relname, string_agg(lower(g.privilege_type), ', ' order by g.privilege_type)
  from pg_class c cross join aclexplode(c.relacl) g join pg_roles r on r.oid = g.grantee
  where ${ours} and r.rolname = 'syncline_tenant' group by c.relname`;
