import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { type FirmEntity, firmEntities } from './firm-entities.js';
import type { Play } from './play.js';
import { overlapSeconds } from './town.js';

interface Stored {
  readonly entity: FirmEntity;
  readonly id: string;
  readonly content: unknown;
  readonly deleted: boolean;
}

/**
 * Changes that no incremental sync would ever find: before the watermark less the overlap, and neither stored nor kept
 * as failed items. Watermarks that the vendor's clock has never reached. And rows marked as deleted that never were.
 */
export async function findHoles({ town, vendor }: Play): Promise<string[]> {
  const { db } = town.bed;
  const { rows: states } = await sql<{ entity: FirmEntity; watermark: Date }>`
    select entity, watermark from sync_state where watermark is not null`.execute(db);
  const { rows } = await sql<Stored>`
    select 'accounts' as entity, pp_account_id as id, pp_data as content, deleted_at is not null as deleted from accounts
    union all select 'contacts', pp_contact_id, pp_data, deleted_at is not null from contacts
    union all select 'matters', pp_matter_id, pp_data, deleted_at is not null from exchanges
    union all select 'tasks', pp_task_id, pp_data, deleted_at is not null from tasks`.execute(db);
  const { rows: kept } = await sql<{ place: string }>`
    select entity || ' ' || vendor_id as place from sync_failed_items
    where kind = 'record' and status <> 'resolved'`.execute(db);
  const stored = new Map(rows.map(({ entity, id, content }) => [`${entity} ${id}`, content]));
  const failed = new Set(kept.map(({ place }) => place));
  const holes = rows
    .filter(({ entity, id, deleted }) => deleted && !vendor.everDeleted.has(`${entity} ${id}`))
    .map(({ entity, id }) => `${entity} ${id} is marked as deleted without a reason`);
  for (const { entity, watermark } of states) {
    if (!firmEntities.includes(entity)) continue;
    if (watermark.getTime() > vendor.highMs) holes.push(`${entity}: the watermark is ahead of the vendor's clock`);
    const found = watermark.getTime() - overlapSeconds * 1000;
    for (const record of town.simulator.store.records(entity)) {
      const place = `${entity} ${record['id']}`;
      if (vendor.timeOf(entity, String(record['id'])) >= found || vendor.beyond.has(place) || failed.has(place))
        continue;
      if (!isDeepStrictEqual(stored.get(place), record)) holes.push(`${place} would never be found`);
    }
  }
  return holes;
}
