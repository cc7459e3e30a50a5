import { randomUUID } from 'node:crypto';
import { practicePanther } from '@syncline/connectors';
import { sql } from 'kysely';
import type { Rig } from './rig.js';

/** What each has behind it: three days of hourly syncs over seven entities. */
const pastSyncs = 72;
const pastEntities = practicePanther.entities.slice(0, 7).map(({ name }) => name);
/** One request a sync: what is measured is ours, not the vendor's. */
const syncedEntity = 'users';

/** A month: none of a thousand, spread over it, is due while the idle fleet is looked at. */
const intervalSeconds = 2_678_400;

/**
 * Organizations with a connection each to the rig's vendor, a schedule that is not due, and a history. The worker's own
 * connection is left without schedules.
 */
export async function makeTenants({ db, vault, vendors: [vendor] }: Rig, count: number): Promise<void> {
  const settings = JSON.stringify({ baseUrl: vendor?.url, rateLimitRequests: 1_000_000 });
  const tenants = Array.from({ length: count }, () => ({ id: randomUUID(), organizationId: randomUUID() }));
  await sql`delete from sync_schedules`.execute(db);
  await db
    .insertInto('organizations')
    .values(tenants.map(({ organizationId: id }) => ({ id, slug: id, name: 'A firm' })))
    .execute();
  await db
    .insertInto('connections')
    .values(
      tenants.map(({ id, organizationId }) => {
        const sealed = vault.seal({ organizationId, connectionId: id, purpose: 'credentials' }, vendor?.credentials);
        return {
          ...{ id, organization_id: organizationId, connector: practicePanther.id, name: 'bench', settings },
          ...{ credentials: sealed.ciphertext, credentials_key_id: sealed.keyId },
        };
      }),
    )
    .execute();
  await sql`
    insert into sync_schedules (organization_id, connection_id, name, interval_seconds, entities, mode, next_due_at)
    select organization_id, id, 'bench', ${intervalSeconds}::int, array[${syncedEntity}], 'incremental', now() + interval '1 hour'
    from connections where name = 'bench'`.execute(db);
  await sql`
    insert into sync_state (connection_id, entity, organization_id, watermark)
    select c.id, e, c.organization_id, now() from connections c cross join unnest(${pastEntities}::text[]) e
    where c.name = 'bench'`.execute(db);
  await sql`
    with jobs as (
      insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, started_at, ended_at)
      select c.organization_id, c.id, 'incremental', 'incremental', 'schedule', 'succeeded',
        now() - make_interval(hours => n), now() - make_interval(hours => n), now() - make_interval(hours => n)
      from connections c cross join generate_series(1, ${pastSyncs}::int) n where c.name = 'bench'
      returning id, organization_id, connection_id, ended_at)
    insert into sync_progress (sync_job_id, entity, organization_id, connection_id, position, status, mode, ended_at)
    select j.id, e, j.organization_id, j.connection_id, 0, 'succeeded', 'incremental', j.ended_at
    from jobs j cross join unnest(${pastEntities}::text[]) e`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
