import type { Entity, MappedRecord, RejectedRecord, VendorClient } from '@syncline/connector-kit';
import {
  chooseSample,
  listOpenFindings,
  liveIdsBeside,
  readClock,
  settleSecondLook,
  type Target,
  type VerifiedEntity,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { lookUp } from '../run/look-up.js';
import { fetchOneOf } from '../run/selected.js';
import type { EntityEnd, VerificationWork } from './verify-entity.js';

/** Findings that are asked for again: enough to tell a fault from a coincidence, and no second reading of everything. */
const mostConfirmed = 50;
/** Records without a finding, chosen by chance, that are asked for again. */
const sampleSize = 20;
/** Records of a transaction, and what a crash costs. */
const atOnce = 5;
/** Stored records that are asked for, before the vendor's "not found" of another one is believed. */
const witnesses = 3;

interface SecondReading {
  readonly entity: Entity;
  readonly target: Target;
  readonly client: VendorClient;
  readonly state: VerifiedEntity;
}

/**
 * Asks for findings one by one, which confirms or dismisses each, and then for a sample of records that looked right: a
 * list may say something else than the record itself. `sampled` is null for an entity whose vendor does not hand its
 * records out one by one.
 *
 * Throws what says nothing about a single record.
 */
export async function askAgain(
  ctx: EngineContext,
  { held, turn }: VerificationWork,
  { entity, target, client, state }: SecondReading,
): Promise<{ readonly end: EntityEnd; readonly sampled: number | null }> {
  if (entity.fetchOne === undefined) return { end: 'done', sampled: null };
  const fetchOne = fetchOneOf(entity);
  let sampled = state.sampled ?? 0;
  for (;;) {
    const { open, confirmed } = await listOpenFindings(ctx.db, held, entity.name, atOnce);
    const isSample = open.length === 0 || confirmed >= mostConfirmed;
    const ids = isSample
      ? (await chooseSample(ctx.db, held, { sql: target.sql, entity: entity.name }, sampleSize)).slice(
          sampled,
          sampled + atOnce,
        )
      : open.map(({ vendorId }) => vendorId);
    if (ids.length === 0) return { end: 'done', sampled };
    const asOf = await readClock(ctx.db);
    const look = lookUp(entity, {
      fetchOne: (id) => fetchOne(client, id),
      others: () => liveIdsBeside(ctx.db, target, ids, witnesses),
    });
    const records: MappedRecord[] = [];
    const rejected: RejectedRecord[] = [];
    const gone: string[] = [];
    let lossless = false;
    for (const id of ids) {
      const seen = await look(id);
      if ('ok' in seen) records.push(seen.ok);
      else if ('gone' in seen) gone.push(seen.gone);
      else rejected.push(seen.rejected);
      lossless ||= 'lossless' in seen && seen.lossless === true;
    }
    if (isSample) sampled += ids.length;
    await settleSecondLook(
      ctx.db,
      held,
      { entity: entity.name, target, sampled: isSample ? sampled : undefined },
      { ids, records, rejected, gone, lossless, asOf },
    );
    if (turn.signal.aborted) return { end: 'stopping', sampled };
    if (await turn.othersWait()) return { end: 'slice-over', sampled };
  }
}
