import type { Selection } from '@syncline/store';
import { sql } from 'kysely';
import { createSync } from '../src/job/start-sync.js';
import type { Shop, ShopEntity } from './shop.js';

/** Writes a job about a selection into Postgres; no queue knows of it. */
export async function selectionJob(
  shop: Shop,
  selection: Selection,
  entities: readonly ShopEntity[] = ['customers'],
): Promise<string> {
  const { jobId } = await createSync(shop.ctx, shop.connection, {
    ...{ syncType: entities[0] ?? 'full', mode: 'backfill', entities, selection },
    ...{ trigger: 'manual', triggeredBy: null },
  });
  return jobId;
}

/** Writes rows of customers, as an earlier sync would have left them. */
export async function storeCustomers(shop: Shop, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await sql`insert into customers (organization_id, connection_id, vendor_id, name, raw, last_sync_at)
      values (${shop.connection.organizationId}, ${shop.connection.id}, ${id}, 'before', '{}', now() - interval '1 day')`.execute(
      shop.bed.db,
    );
  }
}

/** The names of the customers that are not marked as deleted, by their vendor ids. */
export async function liveCustomers(shop: Shop): Promise<Record<string, string | null>> {
  const { rows } = await sql<{ vendor_id: string; name: string | null }>`
    select vendor_id, name from customers where connection_id = ${shop.connection.id} and deleted_at is null
    order by 1`.execute(shop.bed.db);
  return Object.fromEntries(rows.map((row) => [row.vendor_id, row.name]));
}

/** All that is known of the entities as a whole. */
export async function knownStates(shop: Shop): Promise<unknown[]> {
  return shop.bed.db.selectFrom('sync_state').selectAll().where('connection_id', '=', shop.connection.id).execute();
}
