import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { entityOf, isSyncError } from '@syncline/connector-kit';
import type { Turn, Verdict, WakeUpPayload } from '@syncline/queue';
import {
  type ClaimedItem,
  type Connection,
  claimDueItems,
  giveUpWhole,
  type ItemPlace,
  isTransientDatabaseError,
  msUntilDue,
  releaseItems,
  takeOverItems,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { type DueTurn, workOnDue } from '../run/due-work.js';
import { confirmSweep } from '../run/sweep.js';
import { failureOf } from './failure-of.js';
import { postLetter } from './post-letter.js';
import { retryRecords } from './retry-records.js';
import { retryRun } from './retry-run.js';

const done: Verdict = { kind: 'done' };

/** Items in hand at once: what a crash costs, and how much is written in one transaction. */
const batchSize = 20;
/** How long they may be in hand, and how long others are begun with: the rest is for those that are slow. */
const claimSeconds = 600;
const beginMs = 300_000;

const releaseTries = 10;

/** The reconciler finds what is due; what comes sooner than it does is waited for. */
const soonMs = 15_000;

/** One turn of the recovery: tries again what is due of one entity of one connection. The budget costs no attempt. */
export function recoverItems(ctx: EngineContext, turn: Turn<WakeUpPayload>): Promise<Verdict> {
  return workOnDue(ctx, turn, { takeOver, takeBatch });
}

async function takeOver(ctx: EngineContext, place: ItemPlace): Promise<void> {
  for (const letter of await takeOverItems(ctx.db, place, ctx.recoveryPolicy.attempts)) {
    await postLetter(ctx, { kind: 'item', ...letter });
  }
}

async function takeBatch(ctx: EngineContext, { turn, place, connection }: DueTurn): Promise<Verdict | undefined> {
  const connector = connectorOf(ctx, connection.connector);
  const entity = place.entity === '' ? undefined : entityOf(connector, place.entity);
  const claim = randomUUID();
  const begun = Date.now();
  const items = await claimDueItems(ctx.db, place, {
    claim,
    seconds: claimSeconds,
    limit: batchSize,
    withPayload: entity?.fetchOne === undefined,
  });
  if (items.length === 0) return untilNext(ctx, place);
  try {
    for (const item of items) await retryWhole(ctx, place, connection, item, claim);
    const records = items.filter(({ kind }) => kind === 'record');
    if (entity === undefined || records.length === 0) return undefined;
    return await retryRecords(ctx, {
      ...{ connector, entity, connection, claim, items: records },
      signal: turn.signal,
      inTime: () => Date.now() < begun + beginMs,
    });
  } finally {
    await letGo(ctx, claim, turn.signal);
  }
}

/**
 * Items that are about more than one record have a retry of their own. One that fails there is given up: each of them
 * says itself when it only has to wait.
 */
async function retryWhole(
  ctx: EngineContext,
  place: ItemPlace,
  connection: Connection,
  item: ClaimedItem,
  claim: string,
): Promise<void> {
  try {
    switch (item.kind) {
      case 'record':
        return;
      case 'entity_run':
      case 'job':
        return await retryRun(ctx, connection, item, claim);
      case 'sweep':
        // The retry is the word that a held sweep waits for.
        await confirmSweep(ctx, { ...place, claim });
        return;
    }
  } catch (error) {
    if (isTransientDatabaseError(error)) throw error;
    // A later scan has decided, or somebody was quicker: nothing is left to do.
    if (isSyncError(error, 'ITEM_RESOLVED')) return;
    const { code, message } = failureOf(error);
    ctx.log.error(
      { event: 'item.retry_failed', err: error, itemId: item.id },
      'a failed item could not be tried again',
    );
    if (await giveUpWhole(ctx.db, item, claim, { code, message })) {
      await postLetter(ctx, { kind: 'item', itemId: item.id, claim });
    }
  }
}

/**
 * What was not come to is due as before. A Postgres that restarts is waited for: if it stays away the next turn takes the
 * items over as from somebody who has died, and that costs an attempt.
 */
async function letGo(ctx: EngineContext, claim: string, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await releaseItems(ctx.db, claim);
    } catch (error) {
      if (tries === releaseTries || signal.aborted || !isTransientDatabaseError(error)) {
        ctx.log.warn(
          { event: 'item.not_given_back', err: error },
          'items could not be given back; the next turn takes them over',
        );
        return;
      }
      await pause(1_000, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function untilNext(ctx: EngineContext, place: ItemPlace): Promise<Verdict> {
  const ms = await msUntilDue(ctx.db, place);
  if (ms === undefined || ms > soonMs) return done;
  return { kind: 'rest', until: new Date(Date.now() + Math.max(50, ms)) };
}
