import type { DeadLetter, Turn, WakeUpPayload } from '@syncline/queue';
import { commitPages } from '@syncline/store';
import { sql } from 'kysely';
import { targetSql } from '../src/table-families.js';
import type { Shop, ShopEntity } from './shop.js';

/** Has records fail in a page of a job of its own, which is over then. They are due at once, unless told otherwise. */
export async function failRecords(
  shop: Shop,
  ids: readonly string[],
  { entity = 'customers' as ShopEntity, due = true, payload = {} as object } = {},
): Promise<void> {
  const jobId = await shop.job();
  const run = await shop.claim(jobId, entity);
  const { organizationId, connectionId } = run;
  const target = {
    sql: await targetSql(shop.bed.db, shop.connector, shop.entity(entity)),
    organizationId,
    connectionId,
    firstLoad: false,
  };
  await commitPages(shop.bed.db, target, run, {
    ...{ pages: 1, pagesBefore: 0, records: [], lossless: false, cursor: undefined, upperBound: undefined },
    mayResolve: true,
    asOf: new Date(),
    rejected: ids.map((id) => ({
      ...{ key: id, code: 'RECORD_INVALID', field: 'name', message: 'name: no text' },
      raw: { id, name: 7, ...payload },
    })),
  });
  await sql`update sync_jobs set status = 'partial', ended_at = now() where id = ${jobId}`.execute(shop.bed.db);
  if (due) await makeDue(shop);
}

export async function makeDue(shop: Shop): Promise<void> {
  await sql`update sync_failed_items set next_attempt_at = now() - interval '1 second'
    where connection_id = ${shop.connection.id} and next_attempt_at is not null`.execute(shop.bed.db);
}

/** A turn of the recovery over what is due of an entity; an empty one is about whole jobs. */
export function recoveryTurn(
  shop: Shop,
  entity: ShopEntity | '' = 'customers',
  over: Partial<Turn<WakeUpPayload>> = {},
): Turn<WakeUpPayload> {
  const { organizationId, id: connectionId } = shop.connection;
  return {
    payload: { v: 1, organizationId, connectionId, connector: 'shop', entity },
    signal: new AbortController().signal,
    failures: 0,
    othersWait: async () => false,
    ...over,
  };
}

/** The names of an entity's rows, by their vendor ids. */
export async function namesIn(shop: Shop, entity: ShopEntity = 'customers'): Promise<Record<string, string | null>> {
  const { rows } = await sql<{ vendor_id: string; name: string | null }>`
    select vendor_id, name from ${sql.table(entity)} where connection_id = ${shop.connection.id}
    order by 1`.execute(shop.bed.db);
  return Object.fromEntries(rows.map((row) => [row.vendor_id, row.name]));
}

/** A turn about a dead letter, which has come so often before. */
export function letterTurn(payload: DeadLetter, failures = 0): Turn<DeadLetter> {
  return { payload, signal: new AbortController().signal, failures, othersWait: async () => false };
}
