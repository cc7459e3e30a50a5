import { SyncError } from '@syncline/connector-kit';
import type { Db } from '../open-database.js';
import { lockScans } from '../queries/scans.js';
import { afterLostRaces } from '../writer/after-lost-races.js';
import type { TableSql } from '../writer/table-sql.js';
import { resolveHeldSweep } from './held-sweep.js';
import { markRows } from './mark-rows.js';

/** Whose sweep: the owner of the failed item. */
export interface SweepOwner {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly entity: string;
  /** Who has the item in hand. Given, it has to be so still: a later scan's item is not what was confirmed. */
  readonly claim?: string;
}

/**
 * Sweeps by what a held scan has seen, without the brake: somebody has said so. Rows that were written since that scan
 * began stay, and so do rows that a scan under way has met. Resolves the item. Returns how many rows were marked.
 *
 * Throws SyncError ITEM_RESOLVED when that sweep is not held any more: a later one has decided, or somebody was quicker.
 */
export async function confirmHeldSweep(db: Db, target: TableSql, owner: SweepOwner): Promise<number> {
  return afterLostRaces(() => db.transaction().execute((trx) => confirm(trx, target, owner)));
}

async function confirm(trx: Db, target: TableSql, owner: SweepOwner): Promise<number> {
  // Pages of a scan that is under way wait from here on: what they have met so far is seen below, and what comes after
  // them sees the marks.
  const scans = await lockScans(trx, owner.connectionId, owner.entity);
  const held = scans.find((scan) => scan.held_at !== null);
  const item = await openItem(trx, owner);
  if (held === undefined || item === undefined) throw new SyncError('ITEM_RESOLVED');
  const parameters = [scans.map(({ id }) => id), held.started_at];
  const deleted = await markRows(trx, target, owner.connectionId, 'markMissing', parameters);
  await trx.deleteFrom('sync_scans').where('id', '=', held.id).execute();
  await resolveHeldSweep(trx, owner, `Confirmed: ${deleted} rows were marked as deleted.`);
  return deleted;
}

async function openItem(trx: Db, owner: SweepOwner) {
  let items = trx
    .selectFrom('sync_failed_items')
    .select('id')
    .where('organization_id', '=', owner.organizationId)
    .where('connection_id', '=', owner.connectionId)
    .where('entity', '=', owner.entity)
    .where('kind', '=', 'sweep')
    .where('status', '<>', 'resolved');
  if (owner.claim !== undefined) items = items.where('claim', '=', owner.claim);
  return items.forUpdate().executeTakeFirst();
}
