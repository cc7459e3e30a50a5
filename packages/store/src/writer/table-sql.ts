import type { ColumnType, Reference, TableDeclaration } from '@syncline/connector-kit';
import { type ColumnPlace, columnsOf, type FamilyColumns, type TakenColumn } from './family-columns.js';
import { name } from './identifier.js';
import type { Shapes } from './read-shapes.js';
import { type SweepSql, sweepSql } from './sweep-sql.js';
import { type TakeOverSql, takeOverSql } from './take-over-sql.js';
import { tombstoneOf } from './tombstone.js';
import { type VerifySql, verifySql } from './verify-sql.js';

/** An entity's table together with its relatives: whom it refers to, and who refers to it. */
export interface TableFamily {
  readonly table: TableDeclaration;
  /** The table of an entity named in a reference. */
  readonly parentOf: (reference: Reference) => TableDeclaration;
  readonly children: readonly { readonly table: TableDeclaration; readonly reference: Reference }[];
}

/** The statements of one target table, made from its declaration. */
export interface TableSql {
  /** The columns that travel, in the order of the array parameters. */
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /**
   * $1 organization, $2 connection, $3 as of when (to the millisecond, never later than it was), then text[] parameters:
   * key, time of change, flags, raw record, and one for each of `columns` → (id, created) of each row written.
   */
  readonly upsert: string;
  /** The same for a table that holds no row of the connection yet: without looking for rows that are there already. */
  readonly firstLoad: string;
  /** $1 connection → whether the table holds rows of it. */
  readonly holdsRows: string;
  /** $1 ids of written rows, $2 connection. One for each child table: links or re-links its rows. */
  readonly linkChildren: readonly string[];
  /** Those of them where one of several parents is chosen: the choice changes when a parent is deleted or comes back. */
  readonly electChildren: readonly string[];
  readonly sweep: SweepSql;
  readonly verify: VerifySql;
  /**
   * The statement for rows of a partition that were not published again, by the columns that tell it from others:
   * $1 connection, $2 vendor ids that it has, $3 as of when, then a text for each column → (id) of each row that it marks
   * as deleted. Those that somebody has asked for since then are left alone. Locks them in the order of their keys.
   *
   * Throws Error (a bug of the connector) for a column that was not declared.
   */
  readonly vanished: (columns: readonly string[]) => string;
  /** Of a table that may hold rows that no connection has yet. */
  readonly takeOver: TakeOverSql | undefined;
}

/** `shapes` says where tables are not as they were declared: those that were adopted. */
export function tableSql(family: TableFamily, shapes: Shapes = {}): TableSql {
  const { table, children } = family;
  const columns = columnsOf(shapes);
  const link = ({ table: child, reference }: TableFamily['children'][number]) =>
    linkSql(table, child, reference, columns);
  return {
    columns: Object.entries(table.columns).map(([name, type]) => ({ name, type })),
    upsert: upsertSql(family, columns, true),
    firstLoad: upsertSql(family, columns, false),
    holdsRows: `select exists (select from ${name(table.name)} where connection_id = $1::uuid) as holds`,
    linkChildren: children.map(link),
    electChildren: children.filter(({ reference }) => reference.to !== table.key).map(link),
    sweep: sweepSql(table),
    verify: verifySql(table),
    vanished: (names) => vanishedSql(table, columns, names),
    takeOver: shapes[table.name]?.hasUnownedRows ? takeOverSql(table) : undefined,
  };
}

/**
 * Purpose: writes the rows of one or more pages. A row that is new is inserted; one that differs and is not older is
 * updated (and revived if it was marked deleted, unless the vendor itself says that it is); any other is not touched: the join in front of the insert keeps
 * unchanged rows from even being locked, which ON CONFLICT alone would do, at the price of a write each.
 * Which of two versions is older, the vendor's times of change say. Vendors round them, some down to the minute: where
 * they are the same, the version is older that was asked for earlier. So a page that was fetched before a record changed,
 * and is written after somebody fetched it anew, does not take the change back. `last_sync_at` is when a row was asked
 * for, and not when it was written; still every write moves it forward, be it by a microsecond, because sweeps and
 * triggers know a write by that. Times come in whole milliseconds, cut off, which the comparison makes up for.
 * Nothing is lost by passing a version over: whoever asked later has been told at least as much. And should that be
 * wrong, because clocks err or because pages in one transaction count as asked for with the first of them, then the
 * change in question is younger than a request of the run that brings it, and so than the run's upper bound: the next
 * run reads it again.
 * Links are looked up on the way. Values are cast once, in a subquery that OFFSET keeps whole.
 * Locking: rows in the order of their keys, so that two writers cannot deadlock.
 * Idempotent: the same rows again write nothing.
 */
function upsertSql({ table, parentOf }: TableFamily, columns: FamilyColumns, lookFirst: boolean): string {
  const references = table.references ?? [];
  const declared = Object.entries(table.columns);
  const taken = references.flatMap((reference, i) =>
    columns.taken(table, reference, parentOf(reference), (own) => `r${i}.${name(own)}`),
  );
  const places: readonly ColumnPlace[] = [
    ...declared.map(([column, type]) => ({ table: table.name, column, type })),
    ...taken.map(({ place }) => place),
    { table: table.name, column: table.raw, type: 'jsonb' },
    { table: table.name, column: 'sync_flags', type: 'jsonb' },
  ];
  const content = places.map(({ column }) => name(column));
  const incoming = [
    ...declared.map(([column]) => `i.${name(column)}`),
    ...taken.map(({ value }) => value),
    'i._raw',
    'i._flags',
  ];
  const arrays = ['_key', '_updated', '_flags', '_raw', ...declared.map(([column]) => name(column))];
  const casts = declared.map(([column, type]) => {
    const value = `${name(column)}::${type}`;
    const stored = columns.stored({ table: table.name, column, type }, value);
    return stored === value ? value : `${stored} as ${name(column)}`;
  });
  const t = name(table.name);
  const key = name(table.key);
  const of = (row: string) => content.map((column) => `${row}.${column}`);
  const differs = (row: string, other: readonly string[], updated: string, deleted: string) =>
    `(${row}.source_updated_at is null or ${updated} is null or ${updated} > ${row}.source_updated_at
       or ${updated} = ${row}.source_updated_at
         and (${row}.last_sync_at < $3::timestamptz + interval '1 millisecond') is not false)
     and (${row}.deleted_at is distinct from ${deleted}
       or (${columns.comparable(places, of(row))}) is distinct from (${columns.comparable(places, other)}))`;
  const known = `left join ${t} c on c.connection_id = $2::uuid and c.${key} = i._key
where c.id is null or (${differs('c', incoming, 'i._updated', tombstoneOf(table, 'i'))})`;
  return `
insert into ${t} as t
  (organization_id, connection_id, ${key}, source_updated_at, last_sync_at, deleted_at, ${content})
select $1::uuid, $2::uuid, i._key, i._updated, $3::timestamptz, ${tombstoneOf(table, 'i')}, ${incoming}
from (
  select _key, _updated::timestamptz, _flags::jsonb, _raw::jsonb, ${casts}
  from unnest(${arrays.map((_, i) => `$${i + 4}::text[]`)}) as u (${arrays}) offset 0
) i
${references.map((reference, i) => joinParent(reference, parentOf(reference), columns, 'i', `r${i}`)).join('\n')}
${lookFirst ? known : ''}
order by i._key
on conflict (connection_id, ${key}) do update set
  source_updated_at = excluded.source_updated_at, deleted_at = excluded.deleted_at,
  last_sync_at = greatest(excluded.last_sync_at, t.last_sync_at + interval '1 microsecond'),
  ${content.map((c) => `${c} = excluded.${c}`)}
where ${differs('t', of('excluded'), 'excluded.source_updated_at', 'excluded.deleted_at')}
returning t.id, (t.xmax = 0) as created`;
}

/** A deleted row's time of asking moves on, as with every write: sweeps and triggers know one by that. */
function vanishedSql(table: TableDeclaration, columns: FamilyColumns, names: readonly string[]): string {
  const t = name(table.name);
  const key = name(table.key);
  const same = names.map((column, i) => {
    const type = table.columns[column];
    if (type === undefined) throw new Error(`${table.name} has no column ${column} to tell a partition by`);
    return `t.${name(column)} = ${columns.stored({ table: table.name, column, type }, `$${i + 4}::text::${type}`)}`;
  });
  return `
with chosen as (
  select t.id from ${t} t
  where ${['t.connection_id = $1::uuid', ...same].join(' and ')}
    and t.deleted_at is null and t.last_sync_at < $3::timestamptz and t.${key} <> all($2::text[])
  order by t.${key} for update
)
update ${t} t set deleted_at = now(), last_sync_at = $3::timestamptz
where t.id = any(array(select id from chosen)) returning t.id`;
}

/**
 * The one parent row that a reference points at. Where several may match, one that is not deleted, with the lowest
 * vendor id; a deleted one keeps its children as long as there is no other.
 */
function joinParent(
  reference: Reference,
  parent: TableDeclaration,
  columns: FamilyColumns,
  child: string,
  alias: string,
): string {
  const taken = Object.entries(reference.take).map(
    ([column, from]) => `${columns.parentValue(parent, from, 'p')} as ${name(column)}`,
  );
  const unique = reference.to === parent.key;
  return `left join lateral (
  select ${taken} from ${name(parent.name)} p
  where p.connection_id = $2::uuid and p.${name(reference.to)} = ${child}.${name(reference.from)}${condition(reference)}
  ${unique ? '' : `order by p.deleted_at is not null, p.${name(parent.key)} limit 1`}
) ${alias} on true`;
}

/**
 * Purpose: when parents are written, their children take over the link and whatever else they copy from them.
 * Children that have it already are not touched. Where the connection has no children yet nothing is read at all.
 * last_sync_at stays: the children themselves were not asked for, and a version of them that was must not look older.
 */
function linkSql(
  parent: TableDeclaration,
  child: TableDeclaration,
  reference: Reference,
  columns: FamilyColumns,
): string {
  const hasChildren = `exists (select from ${name(child.name)} where connection_id = $2::uuid)`;
  if (reference.to !== parent.key) return electSql(parent, child, reference, columns, hasChildren);
  const taken = columns.taken(child, reference, parent, (_, theirs) => columns.parentValue(parent, theirs, 'p'));
  return `
update ${name(child.name)} c set ${assigned(taken)}
from ${name(parent.name)} p
where ${hasChildren}
  and p.id = any($1::uuid[]) and c.connection_id = $2::uuid
  and c.${name(reference.from)} = p.${name(reference.to)}${condition(reference)}
  and ${changed(taken, columns)}`;
}

/** What is to be set in a child. */
function assigned(taken: readonly TakenColumn[]): string[] {
  return taken.map(({ place, value }) => `${name(place.column)} = ${value}`);
}

/** Whether a child does not have it yet. */
function changed(taken: readonly TakenColumn[], columns: FamilyColumns): string {
  const places = taken.map(({ place }) => place);
  const own = places.map(({ column }) => `c.${name(column)}`);
  const theirs = taken.map(({ value }) => value);
  return `(${columns.comparable(places, own)}) is distinct from (${columns.comparable(places, theirs)})`;
}

/**
 * The same where several parents may match and one is chosen: a parent that was written may now be the one, or be it no
 * longer. So the choice is made anew for the children of its kind, and for those that are linked to it.
 */
function electSql(
  parent: TableDeclaration,
  child: TableDeclaration,
  reference: Reference,
  columns: FamilyColumns,
  hasChildren: string,
): string {
  const taken = columns.taken(child, reference, parent, (own) => `r.${name(own)}`);
  const from = name(reference.from);
  const links = Object.keys(reference.take).filter((column) => reference.take[column] === 'id');
  const affected = [
    `select k.id from ${name(child.name)} k join ${name(parent.name)} p on p.${name(reference.to)} = k.${from}
     where p.id = any($1::uuid[]) and k.connection_id = $2::uuid`,
    // Of the connection only: a row of the user's own in an adopted table may lead to the same parent.
    ...links.map(
      (link) => `select id from ${name(child.name)} where ${name(link)} = any($1::uuid[]) and connection_id = $2::uuid`,
    ),
  ];
  return `
update ${name(child.name)} c set ${assigned(taken)}
from ${name(child.name)} k
${joinParent(reference, parent, columns, 'k', 'r')}
where ${hasChildren}
  and k.id in (${affected.join(' union ')})
  and c.id = k.id
  and ${changed(taken, columns)}`;
}

function condition(reference: Reference): string {
  return reference.where === undefined ? '' : ` and p.${name(reference.where)}`;
}
