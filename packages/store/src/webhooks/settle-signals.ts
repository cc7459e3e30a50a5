import type { MappedRecord, RejectedRecord } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { WebhookOutcome } from '../schema.js';
import { type Gone, settleGone } from '../sweep/settle-gone.js';
import { afterLostRaces } from '../writer/after-lost-races.js';
import { noteOutcomes } from '../writer/note-outcomes.js';
import { isTableRefusal, postgresRefusal } from '../writer/postgres-refusal.js';
import { tableChanged } from '../writer/table-changed.js';
import { type Target, writeAll, writeHalving } from '../writer/write-records.js';

/** What the vendor says about records that webhooks told of. */
export interface Refetched {
  /** Their keys are distinct, and the ids that were asked for. */
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
  /** With the time as of which all of it is. */
  readonly gone: Gone;
  readonly lossless: boolean;
}

/** How many signals' records came to what; `lost` were in other hands by then, and nothing was written for them. */
export interface SettledSignals
  extends Readonly<Record<'written' | 'deleted' | 'unknown' | 'failed' | 'lost', number>> {
  /** Of each delivery's row that was settled: the seconds since it came. */
  readonly lags: readonly number[];
}

/**
 * Writes what was fetched and settles the signals that it was fetched for, in one transaction. The claim is the fence: a
 * record whose signal somebody has taken over is left to them. What does not fit becomes a failed item, as in a page, and
 * has its next try there. A lost race is run again.
 *
 * Throws SyncError TARGET_SCHEMA, FAILED_ITEMS_FULL, else the database's error. Nothing has happened then.
 */
export async function settleSignals(
  db: Db,
  target: Target,
  place: { readonly entity: string; readonly claim: string },
  fetched: Refetched,
): Promise<SettledSignals> {
  try {
    return await afterLostRaces(() => attempt(db, target, place, fetched, writeAll));
  } catch (error) {
    if (isTableRefusal(error)) throw tableChanged(error);
    if (postgresRefusal(error) === undefined) throw error;
    return afterLostRaces(() => attempt(db, target, place, fetched, writeHalving));
  }
}

async function attempt(
  db: Db,
  target: Target,
  { entity, claim }: { readonly entity: string; readonly claim: string },
  fetched: Refetched,
  write: typeof writeAll | typeof writeHalving,
): Promise<SettledSignals> {
  return db.transaction().execute(async (trx) => {
    const held = await holdClaim(trx, target, claim);
    const { records, rejected, gone, lossless } = onlyHeld(fetched, held);
    // In the order of their keys also when they are halved: writers meet rows in one order.
    const { refused } = await write(trx, target, { records: records.toSorted(byKey), lossless, asOf: gone.asOf });
    const { unknown } = await settleGone(trx, target, gone);
    const failed = [...rejected, ...refused];
    const bad = new Set(failed.map(({ key }) => key));
    const good = records.map(({ key }) => key).filter((key) => !bad.has(key));
    const owner = { ...target, syncJobId: null, entity };
    await noteOutcomes(trx, target, owner, { rejected: failed, good, lossless, mayResolve: true });
    const unheardOf = new Set(unknown.map(({ key }) => key));
    const outcomes: [WebhookOutcome, readonly (string | undefined)[]][] = [
      ['written', good],
      ['deleted', gone.vendorIds.filter((id) => !unheardOf.has(id))],
      ['unknown', [...unheardOf]],
      ['failed', [...bad]],
    ];
    const lags: number[] = [];
    for (const [outcome, ids] of outcomes) lags.push(...(await noteDone(trx, claim, outcome, ids)));
    const [written, deleted, unknownCount, failedCount] = outcomes.map(([, ids]) => ids.length);
    const asked = fetched.records.length + fetched.rejected.length + fetched.gone.vendorIds.length;
    const settled = good.length + gone.vendorIds.length + bad.size;
    return {
      ...{ written: written ?? 0, deleted: deleted ?? 0, unknown: unknownCount ?? 0, failed: failedCount ?? 0 },
      lost: asked - settled,
      lags,
    };
  });
}

/** Locks what is still under the claim, so that whoever takes it over waits for this transaction. Gives the ids. */
async function holdClaim(trx: Db, target: Target, claim: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select vendor_id as id from webhook_deliveries
    where organization_id = ${target.organizationId} and connection_id = ${target.connectionId}
      and claim = ${claim} and status = 'in_hand'
    order by id for update`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

function onlyHeld(fetched: Refetched, held: ReadonlySet<string>): Refetched {
  const isHeld = ({ key }: { readonly key: string | undefined }) => key !== undefined && held.has(key);
  return {
    ...fetched,
    records: fetched.records.filter(isHeld),
    rejected: fetched.rejected.filter(isHeld),
    gone: { ...fetched.gone, vendorIds: fetched.gone.vendorIds.filter((id) => held.has(id)) },
  };
}

function byKey(a: MappedRecord, b: MappedRecord): number {
  return a.key < b.key ? -1 : Number(a.key > b.key);
}

async function noteDone(
  trx: Db,
  claim: string,
  outcome: WebhookOutcome,
  ids: readonly (string | undefined)[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ lag: number }>`
    update webhook_deliveries set status = 'done', outcome = ${outcome}, settled_at = now(), claim = null,
      claimed_until = null
    where claim = ${claim} and status = 'in_hand' and vendor_id = any(${[...ids]}::text[])
    returning extract(epoch from settled_at - received_at)::float8 as lag`.execute(trx);
  return rows.map(({ lag }) => lag);
}
