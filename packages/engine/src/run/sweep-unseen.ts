import type { Connector, Entity, SyncSettings } from '@syncline/connector-kit';
import {
  type ClaimedRun,
  type Connection,
  closeSweep,
  commitPages,
  countLive,
  type HeldSweep,
  holdSweep,
  lookForMissing,
  markGone,
  type Standing,
  type SweepRun,
  type Swept,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { targetSql } from '../table-families.js';
import { openClient } from '../vendor/open-client.js';
import { type Answers, askForMissing } from './ask-for-missing.js';

/** How a run goes on to its end: well, or with a message about what is held; or that it must not go on. */
export type SweepEnd = 'swept' | { readonly held: string } | Exclude<Standing, 'live'>;

export interface SweepOptions {
  readonly connector: Connector;
  readonly entity: Entity;
  readonly connection: Connection;
  readonly settings: SyncSettings;
  /** Aborted when the process stops or the job's lock is lost. */
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
  const sql = targetSql(connector, entity);
  const missing = await lookForMissing(ctx.db, sql, run, mostAskedFor + 1);
  if (missing === undefined) return endOf(ctx, 'not-whole');
  const { count, returned } = missing;
  const close = async (all: boolean) => endOf(ctx, await closeSweep(ctx.db, sql, run, { missing: all, returned }));
  if (count === 0) return close(false);

  const live = await countLive(ctx.db, sql, run.connectionId);
  const held = (reason: HeldSweep['payload']['reason'], because: string, left = missing.ids, candidates = count) =>
    hold(ctx, run, { reason, because, candidates, live, sample: left.slice(0, sampleSize) });
  const allowed = Math.max(settings.sweepMaxShare * live, settings.sweepMaxRows);
  if (count > allowed) return held('brake', `that is more than ${Math.floor(allowed)}`);
  const { fetchOne } = entity;
  if (fetchOne === undefined || count > mostAskedFor) {
    if (missing.unnamed === 0) return close(true);
    return held('unnamed', `and ${missing.unnamed} records of the list had no readable id`);
  }
  const client = await openClient(ctx, connector, options.connection, options.signal);
  const answers = await askForMissing(entity, (id) => fetchOne(client, id), missing.ids, missing.listed);
  const kept = await keep(ctx, run, options, answers, missing.pages);
  if (kept !== 'swept') return kept;
  const left = missing.ids.filter((id) => !answers.alive.includes(id));
  switch (answers.stopped?.reason) {
    case 'refused':
      return held(
        'refused',
        `and the vendor did not let us ask for them: ${answers.stopped.error.message}`,
        left,
        left.length,
      );
    case 'distrusted':
      return held(
        'distrusted',
        'and asked by id, the vendor denied records that it had just listed',
        left,
        left.length,
      );
    case 'failure':
      throw answers.stopped.error;
    case undefined:
      return close(false);
  }
}

/** Writes what the vendor has said: records that the list did not have, as one more page, and those that are gone. */
async function keep(
  ctx: EngineContext,
  run: SweepRun,
  { connector, entity }: SweepOptions,
  { gone, alive, records, rejected, lossless, stopped }: Answers,
  pagesBefore: number,
): Promise<Exclude<SweepEnd, object>> {
  const sql = targetSql(connector, entity);
  const { organizationId, connectionId, scanId } = run;
  if (alive.length > 0) {
    const target = { sql, organizationId, connectionId, firstLoad: false };
    const seen = { scanId, vendorIds: alive, unnamed: 0 };
    const page = { pages: 1, pagesBefore, cursor: undefined, upperBound: undefined, mayResolve: true };
    const outcome = await commitPages(ctx.db, target, run, { ...page, records, rejected, lossless, seen });
    ctx.log.warn({ records: alive.length }, 'the list left out records that the vendor has');
    if (outcome.standing !== 'live') return outcome.standing;
  }
  // What was said before the vendor refused to go on, or contradicted itself, is not enough to delete by.
  if (gone.length === 0 || stopped?.reason === 'refused' || stopped?.reason === 'distrusted') return 'swept';
  return endOf(ctx, await markGone(ctx.db, sql, run, gone));
}

async function hold(
  ctx: EngineContext,
  run: SweepRun,
  what: { because: string } & Omit<HeldSweep['payload'], 'scanId'>,
): Promise<SweepEnd> {
  const { because, ...numbers } = what;
  const message = `${numbers.candidates} of ${numbers.live} rows are not in the vendor's list any more, ${because}. Nothing was deleted`;
  const end = endOf(ctx, await holdSweep(ctx.db, run, { message, payload: { scanId: run.scanId, ...numbers } }));
  if (end !== 'swept') return end;
  ctx.log.warn({ reason: numbers.reason, candidates: numbers.candidates, live: numbers.live }, 'sweep held');
  return { held: message };
}

function endOf(ctx: EngineContext, swept: Swept): Exclude<SweepEnd, object> {
  if (swept === 'paused' || swept === 'cancelled') return swept;
  if (swept === 'not-whole') ctx.log.warn('nothing is swept: what this reading has seen is not known in full');
  else if (swept.deleted > 0) ctx.log.info({ deleted: swept.deleted }, 'rows marked as deleted');
  return 'swept';
}
