import { randomUUID } from 'node:crypto';
import { type ClaimedItem, claimDueItems, type ItemPlace } from '@syncline/store';
import { sql } from 'kysely';
import { type Row, rejected, type Scene } from './scene.js';

type EntityName = Parameters<Scene['failedItems']>[0];

export function placeOf(scene: Scene, entity: EntityName = 'matters'): ItemPlace {
  return { organizationId: scene.connection.organizationId, connectionId: scene.connection.id, entity };
}

/** Has these records fail in a page; they are due at once. */
export async function fail(scene: Scene, entity: EntityName, ...ids: readonly (string | undefined)[]): Promise<void> {
  await scene.write(entity, [], { rejected: ids.map((id) => rejected(id)) });
  await makeDue(scene);
}

export async function makeDue(scene: Scene): Promise<void> {
  await sql`update sync_failed_items set next_attempt_at = now() - interval '1 second'
    where connection_id = ${scene.connection.id} and status = 'pending'`.execute(scene.bed.db);
}

interface Hand {
  readonly claim: string;
  readonly items: readonly ClaimedItem[];
  /** The id of the item of a record. */
  readonly of: (vendorId: string) => string;
}

/** Takes what is due in hand. */
export async function take(scene: Scene, entity: EntityName = 'matters', limit = 100): Promise<Hand> {
  const claim = randomUUID();
  const options = { claim, seconds: 60, limit, withPayload: true };
  const items = await claimDueItems(scene.bed.db, placeOf(scene, entity), options);
  const of = (vendorId: string) => items.find((item) => item.vendorId === vendorId)?.id ?? '';
  return { claim, items, of };
}

/** The failed item of one record. */
export async function itemOf(scene: Scene, entity: EntityName, vendorId: string): Promise<Row> {
  const items = await scene.failedItems(entity);
  const item = items.find((candidate) => candidate['vendor_id'] === vendorId);
  if (item === undefined) throw new Error(`no failed item of ${vendorId}`);
  return item;
}

/** In how many seconds the item is due by Postgres' clock. */
export async function secondsUntilDue(scene: Scene, id: unknown): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from next_attempt_at - now())::float8 as seconds from sync_failed_items
    where id = ${id}`.execute(scene.bed.db);
  return rows[0]?.seconds ?? Number.NaN;
}
