import { sql } from 'kysely';

/** More is as bad, and need not be counted once a minute. */
const mostCounted = 10_000;

/** A select of connections whose last verification found something that nobody has had repaired. */
export const differences = sql`
  select v.organization_id, v.connection_id, c.connector, 'differences', jsonb_build_object(
    'verificationId', v.id, 'findings', found.findings, 'entities', found.entities)
  from (
    select distinct on (connection_id) id, organization_id, connection_id, repair from verifications
    where status = 'done' order by connection_id, created_at desc) as v
  join connections c on c.id = v.connection_id and c.deleted_at is null
  cross join lateral (
    select coalesce(sum(counted.findings), 0)::int as findings, jsonb_agg(e.entity order by e.position) as entities
    from verification_entities e
    cross join lateral (
      select count(*) as findings from (
        select from verification_findings f where f.verification_id = e.verification_id and f.entity = e.entity
        limit ${sql.lit(mostCounted)}) as first) as counted
    where e.verification_id = v.id and counted.findings > 0) as found
  where v.repair is distinct from 'done' and found.findings > 0`;
