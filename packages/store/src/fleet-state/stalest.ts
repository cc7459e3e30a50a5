import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** How old an organization's data of an entity are, those of its stalest connection. */
interface Staleness {
  /** The organization's slug. */
  readonly organization: string;
  readonly connector: string;
  readonly entity: string;
  readonly seconds: number;
}

export interface Stalest {
  /** The stalest first. */
  readonly listed: readonly Staleness[];
  /** How many there are beyond these, and how old the oldest of them are. */
  readonly folded: number;
  readonly foldedSeconds: number;
}

/**
 * How long ago each entity was known to be complete, the stalest `limit` of them. An entity that was begun and has not
 * been complete yet counts from when its connection was made. Connections that are paused, and organizations that are
 * stopped, are meant to stand still and are left out, and so are entities that this release does not have.
 */
export async function readStalest(
  db: Db,
  known: readonly { readonly connector: string; readonly entity: string }[],
  limit: number,
): Promise<Stalest> {
  const { rows } = await sql<Staleness & { rank: number; total: number }>`
    with aged as materialized (
      select o.slug as organization, c.connector, st.entity,
        extract(epoch from now() - min(coalesce(st.watermark, c.created_at)))::float8 as seconds
      from sync_state st
      join connections c on c.id = st.connection_id and c.deleted_at is null and c.status <> 'paused'
      join organizations o on o.id = c.organization_id and o.stopped_at is null
      join jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as k(connector text, entity text)
        on k.connector = c.connector and k.entity = st.entity
      group by o.slug, c.connector, st.entity)
    select organization, connector, entity, greatest(seconds, 0) as seconds, rank, total from (
      select *, row_number() over (order by seconds desc, organization, connector, entity) as rank,
        count(*) over () as total from aged) as ranked
    where rank <= ${limit} + 1 order by rank`.execute(db);
  return {
    listed: rows.filter(({ rank }) => rank <= limit).map(({ rank: _, total: __, ...one }) => one),
    folded: Math.max(0, (rows[0]?.total ?? 0) - limit),
    foldedSeconds: rows.find(({ rank }) => rank > limit)?.seconds ?? 0,
  };
}
