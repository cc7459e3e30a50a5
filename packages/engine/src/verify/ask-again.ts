import type { Entity, VendorClient } from '@syncline/connector-kit';
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
import type { EntityEnd, VerificationWork } from './verification-work.js';

/** Findings that are asked for again: enough to tell a fault from a coincidence, and no second reading of everything. */
const mostConfirmed = 50;
/** Records without a finding, chosen by chance, that are asked for again. */
const sampleSize = 20;
/** Records that are asked for at the same time and settled in a transaction. */
const atOnce = 10;
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
  let sample: readonly string[] | undefined;
  for (;;) {
    const { open, confirmed } = await listOpenFindings(ctx.db, held, entity.name, atOnce);
    const isSample = open.length === 0 || confirmed >= mostConfirmed;
    if (isSample) sample ??= await chooseSample(ctx.db, held, { sql: target.sql, entity: entity.name }, sampleSize);
    const ids = sample?.slice(sampled, sampled + atOnce) ?? open.map(({ vendorId }) => vendorId);
    if (ids.length === 0) return { end: 'done', sampled };
    const asOf = await readClock(ctx.db);
    const look = lookUp(entity, {
      fetchOne: (id) => fetchOne(client, id),
      others: () => liveIdsBeside(ctx.db, target, ids, witnesses),
    });
    const looks = await Promise.all(ids.map(look));
    if (isSample) sampled += ids.length;
    const standing = await settleSecondLook(
      ctx.db,
      held,
      { entity: entity.name, target, sampled: isSample ? sampled : undefined },
      {
        ...{ ids, asOf },
        records: looks.flatMap((one) => ('ok' in one ? [one.ok] : [])),
        rejected: looks.flatMap((one) => ('rejected' in one ? [one.rejected] : [])),
        gone: looks.flatMap((one) => ('gone' in one ? [one.gone] : [])),
        lossless: looks.some((one) => 'lossless' in one && one.lossless === true),
      },
    );
    if (standing === 'paused') return { end: 'paused', sampled };
    if (turn.signal.aborted) return { end: 'stopping', sampled };
    if (await turn.othersWait()) return { end: 'slice-over', sampled };
  }
}
