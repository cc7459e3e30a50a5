import type { MappedRecord } from '@syncline/connector-kit';
import { type SqlBool, sql } from 'kysely';
import type { Db } from '../open-database.js';
import { fieldName, payloadAsText, shortened } from '../queries/failed-items.js';
import type { GivenUp } from '../queries/recovery.js';
import { afterLostRaces } from './after-lost-races.js';
import { inSavepoint } from './in-savepoint.js';
import { isTableRefusal, postgresRefusal } from './postgres-refusal.js';
import { tableChanged } from './table-changed.js';
import { type RefusedRecord, type Target, writeAll, writeHalving } from './write-records.js';

/** A failed item whose record can be written now. */
export interface MendedItem {
  readonly itemId: string;
  readonly record: MappedRecord;
}

/** A failed item that has failed once more. */
export interface FailedRetry {
  readonly itemId: string;
  readonly code: string;
  readonly field: string | undefined;
  readonly message: string;
  /** The record as it was fetched; undefined keeps the payload there is. */
  readonly fresh: unknown;
  /** When it is tried again; undefined gives it up. */
  readonly retrySeconds: number | undefined;
}

export interface RetryOutcomes {
  /** Their keys are distinct. */
  readonly mended: readonly MendedItem[];
  readonly failed: readonly FailedRetry[];
  readonly lossless: boolean;
  /** By Postgres' clock, before the first of the records was asked for. */
  readonly asOf: Date;
}

export interface Settlement {
  readonly resolved: number;
  readonly givenUp: readonly GivenUp[];
  /** Items that were no longer ours: nothing was written for them. */
  readonly lost: number;
}

/** Raised inside the transaction, to undo it: these items are no longer under the claim. */
class ClaimsLost extends Error {
  readonly itemIds: ReadonlySet<string>;

  constructor(itemIds: ReadonlySet<string>) {
    super('items are in other hands');
    this.itemIds = itemIds;
  }
}

/**
 * Writes the records of retried items and settles the items, in one transaction: rows first, then items, as a page
 * does. The claim is the fence. A record whose item has gone into other hands meanwhile is not written at all, because
 * what is in hand may be older than what those hands have written; the others are tried again without it. A lost race
 * (deadlock, serialization) is run again.
 *
 * Throws SyncError TARGET_SCHEMA when the table has changed, else the database's error. Nothing has happened then.
 */
export async function settleItems(db: Db, target: Target, claim: string, outcomes: RetryOutcomes): Promise<Settlement> {
  const asked = outcomes.mended.length + outcomes.failed.length;
  let write: typeof writeAll | typeof writeHalving = writeAll;
  let rest = outcomes;
  for (;;) {
    try {
      const settled = await afterLostRaces(() => attempt(db, target, claim, rest, write));
      return { ...settled, lost: asked - rest.mended.length - rest.failed.length };
    } catch (error) {
      if (error instanceof ClaimsLost) {
        rest = without(rest, error.itemIds);
      } else if (write === writeAll && postgresRefusal(error) !== undefined) {
        write = writeHalving;
      } else {
        throw isTableRefusal(error) ? tableChanged(error) : error;
      }
    }
  }
}

function without(outcomes: RetryOutcomes, lost: ReadonlySet<string>): RetryOutcomes {
  const kept = ({ itemId }: { readonly itemId: string }) => !lost.has(itemId);
  return { ...outcomes, mended: outcomes.mended.filter(kept), failed: outcomes.failed.filter(kept) };
}

async function attempt(
  db: Db,
  target: Target,
  claim: string,
  { mended, failed, lossless, asOf }: RetryOutcomes,
  write: typeof writeAll | typeof writeHalving,
) {
  return db.transaction().execute(async (trx) => {
    // In the order of their keys also when they are halved: writers meet rows in one order.
    const records = mended.map(({ record }) => record).sort(byKey);
    const { refused } = await write(trx, target, { records, lossless, asOf });
    await holdClaim(trx, target, claim, [...mended, ...failed]);
    const refusals = new Map(refused.map((record) => [record.key, record]));
    const written = mended.filter(({ record }) => !refusals.has(record.key));
    if (written.length > 0) await resolve(trx, claim, written);
    const unwritten = mended.flatMap(({ itemId, record }) => {
      const refusal = refusals.get(record.key);
      return refusal === undefined ? [] : [refusedAgain(itemId, refusal)];
    });
    const again = [...failed, ...unwritten];
    for (const item of again) await noteFailure(trx, claim, item, lossless);
    const givenUp = again.filter(({ retrySeconds }) => retrySeconds === undefined);
    return { resolved: written.length, givenUp: givenUp.map(({ itemId }) => ({ itemId, claim })) };
  });
}

function byKey(a: MappedRecord, b: MappedRecord): number {
  return a.key < b.key ? -1 : Number(a.key > b.key);
}

/** Postgres' word is final: it has now refused the record as it is, not only as it was. */
function refusedAgain(itemId: string, { code, field, message, raw }: RefusedRecord): FailedRetry {
  return { itemId, code, field, message, fresh: raw, retrySeconds: undefined };
}

async function holdClaim(
  trx: Db,
  target: Target,
  claim: string,
  items: readonly { readonly itemId: string }[],
): Promise<void> {
  const rows = await trx
    .selectFrom('sync_failed_items')
    .select('id')
    .where('organization_id', '=', target.organizationId)
    .where('connection_id', '=', target.connectionId)
    .where('claim', '=', claim)
    .where('status', '=', 'retrying')
    .where(sql<SqlBool>`id = any(${items.map(({ itemId }) => itemId)}::uuid[])`)
    .orderBy('vendor_id')
    .orderBy('id')
    .forUpdate()
    .execute();
  const held = new Set(rows.map(({ id }) => id));
  const lost = items.filter(({ itemId }) => !held.has(itemId));
  if (lost.length > 0) throw new ClaimsLost(new Set(lost.map(({ itemId }) => itemId)));
}

async function resolve(trx: Db, claim: string, items: readonly MendedItem[]): Promise<void> {
  await sql`
    update sync_failed_items set status = 'resolved', resolved_at = now(), resolved_by = 'recovery', updated_at = now(),
      next_attempt_at = null, claim = null, claimed_until = null
    where claim = ${claim} and id = any(${items.map(({ itemId }) => itemId)}::uuid[])`.execute(trx);
}

/** An edited payload has had its chance: the next retry takes the vendor's again, and so may a page. */
async function noteFailure(trx: Db, claim: string, item: FailedRetry, lossless: boolean): Promise<void> {
  const { itemId, code, field, message, retrySeconds: seconds } = item;
  const givenUp = seconds === undefined;
  const update = (payload: string | null) =>
    sql`
    update sync_failed_items set attempts = attempts + 1, status = 'pending', updated_at = now(), error_code = ${code},
      field = ${fieldName(field)}, message = ${shortened(message)}, claimed_until = null,
      payload = coalesce(${payload}::jsonb, payload),
      payload_edited_at = case when ${givenUp} then null else payload_edited_at end,
      claim = case when ${givenUp} then claim end,
      next_attempt_at = now() + make_interval(secs => ${seconds ?? null}::float8)
    where id = ${itemId} and claim = ${claim}`.execute(trx);
  if (item.fresh === undefined) return void (await update(null));
  const text = payloadAsText(item.fresh, lossless);
  const outcome = await inSavepoint(trx, () => update(text));
  // What jsonb cannot hold is kept as the text it came as.
  if ('refusal' in outcome) await update(JSON.stringify(text));
}
