import type { Connector, Entity, SyncSettings } from '@syncline/connector-kit';
import {
  type ClaimedRun,
  type Connection,
  closeSweep,
  countLive,
  type HeldSweep,
  holdSweep,
  lookForMissing,
  markGone,
  readClock,
  type Standing,
  type SweepRun,
  type Swept,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { targetSql } from '../table-families.js';
import { openClient } from '../vendor/open-client.js';
import { type Answers, askForMissing } from './ask-for-missing.js';
import { mayBeMarked } from './sweep-brake.js';
import { writeAnswers } from './write-answers.js';

/** How a run goes on to its end: well, or with a message about what is held; or that it must not go on. */
export type SweepEnd = 'swept' | { readonly held: string } | Exclude<Standing, 'live'>;

export interface SweepOptions {
  readonly connector: Connector;
  readonly entity: Entity;
  readonly connection: Connection;
  readonly settings: SyncSettings;
  /** Aborted when the turn has to end. */
  readonly signal: AbortSignal;
}

/** So many missing records at most are asked for by id; more are believed to be gone if the brake allows. */
const mostAskedFor = 100;
const sampleSize = 20;

/**
 * After every page of a full reading is in Postgres: marks rows as deleted that the vendor's list did not have. Records
 * are asked for by id first where that can be done; one that is there all the same was missed by the list, and is
 * written. More missing rows than the brake allows are left alone, for somebody to decide about.
 *
 * May be called again after a crash at any point. Throws what asking and committing throw; the run is tried again then.
 */
export async function sweepUnseen(ctx: EngineContext, claimed: ClaimedRun, options: SweepOptions): Promise<SweepEnd> {
  if (claimed.mode !== 'full' || claimed.scanId === null) return 'swept';
  const run = { ...claimed, scanId: claimed.scanId };
  const { connector, entity, settings } = options;
  const sql = await targetSql(ctx.db, connector, entity);
  const missing = await lookForMissing(ctx.db, sql, run, mostAskedFor + 1);
  if (missing === undefined) return endOf(ctx, 'not-whole');
  const { count, ids, returned, unnamed } = missing;
  const close = async (all: boolean) => endOf(ctx, await closeSweep(ctx.db, sql, run, { missing: all, returned }));
  if (count === 0) return close(false);

  const live = await countLive(ctx.db, sql, run.connectionId);
  const limit = mayBeMarked(live, settings);
  const candidates = { live, candidates: count, sample: ids.slice(0, sampleSize) };
  if (count > limit) {
    return hold(ctx, run, { reason: 'brake', ...candidates }, `${limit} may be deleted without being asked`);
  }
  const { fetchOne } = entity;
  if (fetchOne === undefined || count > mostAskedFor) {
    if (unnamed === 0) return close(true);
    return hold(ctx, run, { reason: 'unnamed', ...candidates }, `${unnamed} records of it had no readable id`);
  }
  const client = await openClient(ctx, connector, options.connection, options.signal, run.mode);
  const asOf = await readClock(ctx.db);
  const answers = await askForMissing(entity, (id) => fetchOne(client, id), ids, missing.listed);
  const standing = await writeAnswers(ctx, run, options, { ...answers, asOf }, missing.pages);
  if (standing !== 'live') return standing;
  const doubt = doubtOf(answers);
  if (doubt !== undefined) {
    const left = ids.filter((id) => !answers.alive.includes(id));
    const numbers = { live, candidates: left.length, sample: left.slice(0, sampleSize) };
    return hold(ctx, run, { reason: doubt.reason, ...numbers }, doubt.because);
  }
  const marked = answers.gone.length === 0 ? 'swept' : endOf(ctx, await markGone(ctx.db, sql, run, answers.gone));
  if (answers.stopped?.reason === 'failure') throw answers.stopped.error;
  return marked === 'swept' ? close(false) : marked;
}

/** Why the vendor's word on single records is not enough to delete by, be it that it said "not found" of some. */
function doubtOf({ stopped }: Answers) {
  switch (stopped?.reason) {
    case 'refused':
      return { reason: stopped.reason, because: `asked for them by id, the vendor refused: ${stopped.error.message}` };
    case 'distrusted':
      return { reason: stopped.reason, because: 'asked by id, the vendor denies also records that it has just listed' };
    default:
      return undefined;
  }
}

/** Leaves the rows alone until somebody decides about them. */
async function hold(
  ctx: EngineContext,
  run: SweepRun,
  numbers: Omit<HeldSweep['payload'], 'scanId'>,
  because: string,
): Promise<SweepEnd> {
  const { candidates, live, reason } = numbers;
  const message = `${candidates} of ${live} rows are not in the vendor's list any more. Nothing was deleted: ${because}`;
  const payload = { scanId: run.scanId, ...numbers };
  const end = endOf(ctx, await holdSweep(ctx.db, run, { message: message.slice(0, 2000), payload }));
  if (end !== 'swept') return end;
  ctx.log.warn({ event: 'sweep.held', reason, candidates, live }, 'sweep held');
  return { held: message };
}

function endOf(ctx: EngineContext, swept: Swept): 'swept' | Exclude<Standing, 'live'> {
  if (swept === 'paused' || swept === 'cancelled') return swept;
  if (swept === 'not-whole')
    ctx.log.warn({ event: 'sweep.skipped' }, 'nothing is swept: what this reading has seen is not known in full');
  else if (swept.deleted > 0) ctx.log.info({ event: 'rows.deleted', deleted: swept.deleted }, 'rows marked as deleted');
  return 'swept';
}
