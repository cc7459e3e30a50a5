import type { TableDeclaration } from '@syncline/connector-kit';
import { name } from './identifier.js';

/**
 * The statements by which a table is held against the vendor's records. They lock nothing, and write nothing but what a
 * verification notes for itself (migrations/0021).
 *
 * A row's checksum is over what a sync writes into it, and not over links, which move when a parent comes.
 */
export interface VerifySql {
  /** The column with the day that a record is of (`TableDeclaration.day`). */
  readonly day: string | undefined;
  /**
   * $1 connection, $2 vendor ids, $3 their times of change, $4 as of when they were asked for → (key, checksum, ahead) of
   * those that have a live row; ahead: the row says that it is newer than the vendor's record, and nobody has asked since.
   */
  readonly checksums: string;
  /**
   * $1 connection, $2 vendor ids → (key, live, at, updated, fields) of those that have a row; fields: a checksum of each
   * column by its name. Times as text, to the microsecond.
   */
  readonly images: string;
  /** $1 connection, $2 vendor ids, $3 ids of rows (uuid[]) → (key): those of the vendor ids whose rows these are. */
  readonly keys: string;
  /**
   * When an entity's pages are read: $1 connection, $2 verification, $3 entity, $4 when it began, $5 watermark, $6 whether
   * a row that no page had has no record, $7 whether records without a row are still to be read by the history. Takes back
   * findings that are none (their row was written since, the change is younger than the watermark, the history brings
   * them), adds those that no page can show, and sums both sides up by buckets of ids: (stored, moved, notDue, buckets).
   * What was written since the beginning is on neither side.
   *
   * One pass over the connection's rows, joined by hash: callers switch nested loops off.
   */
  readonly settle: string;
  /** $1 verification, $2 entity, $3 how many → (id): ids of records without a finding, chosen by chance, always the same. */
  readonly sample: string;
  /**
   * $1 connection, $2 verification, $3 entity: takes the time of change away from rows that say they are newer than the
   * vendor's records, so that the next version is written, whatever time it has.
   */
  readonly loosen: string;
  /**
   * $1 connection, $2 verification, $3 entity → (id) of each row that it marks as deleted: those found to be of no record,
   * and not written since. What was said counts as said when the reading began. Locks them in the order of their keys.
   */
  readonly markExtra: string;
}

const buckets = 64;

export function verifySql(table: TableDeclaration): VerifySql {
  const t = name(table.name);
  const key = name(table.key);
  const content = [...Object.keys(table.columns), table.raw, 'sync_flags'].map((column) => `t.${name(column)}`);
  const checksum = `hashtextextended(row(t.${key}, t.source_updated_at, ${content})::text, 0)`;
  const notOurs = ['id', 'organization_id', 'connection_id', 'last_sync_at'].map((column) => `'${column}'`);
  const pages = `verification_pages p cross join lateral unnest(p.vendor_ids, p.checksums) as m (id, checksum)`;
  const hex = (sum: string) => `lpad(to_hex(coalesce(${sum}, 0)), 16, '0')`;
  return {
    day: table.day,
    checksums: `
select t.${key} as key, (${checksum})::text as checksum,
  (t.source_updated_at > i.updated::timestamptz and t.last_sync_at < $4::timestamptz) is true as ahead
from unnest($2::text[], $3::text[]) as i (key, updated)
join ${t} t on t.connection_id = $1::uuid and t.${key} = i.key
where t.deleted_at is null`,
    images: `
select t.${key} as key, t.deleted_at is null as live, t.last_sync_at::text as at, t.source_updated_at::text as updated,
  (select jsonb_object_agg(e.key, md5(e.value::text)) from jsonb_each(to_jsonb(t) - array[${notOurs}]) e) as fields
from ${t} t where t.connection_id = $1::uuid and t.${key} = any($2::text[])`,
    keys: `
select ${key} as key from ${t}
where connection_id = $1::uuid and ${key} = any($2::text[]) and id = any($3::uuid[])`,
    settle: `
with excused as (
  delete from verification_findings f using (
    select g.vendor_id, t.id is not null and t.last_sync_at is distinct from g.row_at as moved
    from verification_findings g
    left join ${t} t on t.connection_id = $1::uuid and t.${key} = g.vendor_id
    where g.verification_id = $2::uuid and g.entity = $3
      and (t.id is not null and t.last_sync_at is distinct from g.row_at
        or g.kind in ('missing', 'stale') and g.vendor_updated_at > $5::timestamptz
        or g.kind = 'missing' and g.reason is null and t.id is null and $7::boolean)
  ) o
  where f.verification_id = $2::uuid and f.entity = $3 and f.vendor_id = o.vendor_id
  returning f.vendor_id as id, o.moved
), met as materialized (
  select distinct on (m.id) m.id, m.checksum from ${pages}
  where p.verification_id = $2::uuid and p.entity = $3 order by m.id, p.pages_before desc
), held as materialized (
  select t.${key} as id, t.organization_id, t.deleted_at is null as live, t.last_sync_at as at, t.source_updated_at as updated,
    case when t.deleted_at is null then ${checksum} end as checksum
  from ${t} t where t.connection_id = $1::uuid
), paired as materialized (
  select coalesce(m.id, h.id) as id, m.id is not null as met, h.live is true as live, m.checksum as theirs,
    h.checksum as ours, h.at, h.updated, x.id is not null as excused,
    h.at >= $4::timestamptz and (m.id is null or h.live is not true or m.checksum is distinct from h.checksum) as moved
  from met m full join held h on h.id = m.id left join excused x on x.id = coalesce(m.id, h.id)
  where m.id is not null or h.live
), judged as materialized (
  select * from paired where not excused and moved is not true and not (met and theirs is null)
), found as (
  insert into verification_findings
    (verification_id, organization_id, entity, vendor_id, kind, stored_updated_at, row_at)
  select $2::uuid, v.organization_id, $3, j.id,
    case when not j.met then 'extra' when not j.live then 'missing' else 'different' end, j.updated, j.at
  from judged j join verifications v on v.id = $2::uuid
  where (j.met <> j.live or j.theirs <> j.ours) and (j.met or $6::boolean)
  on conflict (verification_id, entity, vendor_id) do nothing
)
select (select count(*) from paired where live) as stored,
  (select count(*) from paired where not excused and moved) + (select count(*) from excused where moved) as moved,
  (select count(*) from excused where not moved) as "notDue",
  (select coalesce(jsonb_agg(jsonb_build_object('bucket', bucket,
      'vendor', jsonb_build_object('records', vendor, 'checksum', theirs),
      'stored', jsonb_build_object('records', stored, 'checksum', ours)) order by bucket), '[]')
    from (
      select hashtextextended(id, 0) & ${buckets - 1} as bucket,
        count(*) filter (where met) as vendor, ${hex('bit_xor(theirs)')} as theirs,
        count(*) filter (where live) as stored, ${hex('bit_xor(ours)')} as ours
      from judged group by 1
    ) b) as buckets`,
    sample: `
select m.id from ${pages}
where p.verification_id = $1::uuid and p.entity = $2 and m.checksum is not null
  and not exists (select from verification_findings f
    where f.verification_id = p.verification_id and f.entity = p.entity and f.vendor_id = m.id)
order by hashtextextended(m.id || p.verification_id::text, 0), m.id limit $3::int`,
    loosen: `
update ${t} t set source_updated_at = null
from verification_findings f
where f.verification_id = $2::uuid and f.entity = $3 and f.stored_updated_at > f.vendor_updated_at
  and t.connection_id = $1::uuid and t.${key} = f.vendor_id and t.last_sync_at is not distinct from f.row_at`,
    markExtra: `
with chosen as (
  select t.id, e.started_at from verification_findings f
  join verification_entities e on e.verification_id = f.verification_id and e.entity = f.entity
  join ${t} t on t.connection_id = $1::uuid and t.${key} = f.vendor_id
  where f.verification_id = $2::uuid and f.entity = $3 and f.kind = 'extra' and t.deleted_at is null
    and t.last_sync_at is not distinct from coalesce(f.row_at, t.last_sync_at)
  order by t.${key} for update of t
)
update ${t} t set deleted_at = now(),
  last_sync_at = greatest(chosen.started_at, t.last_sync_at + interval '1 microsecond')
from chosen where t.id = chosen.id returning t.id`,
  };
}
