import { type Connector, type Entity, withSettings } from '@syncline/connector-kit';
import type { Verdict } from '@syncline/queue';
import {
  type ClaimedItem,
  type Connection,
  type FailedRetry,
  isTransientDatabaseError,
  type RetryOutcomes,
  readClock,
  type Settlement,
  settleItems,
} from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';
import { targetSql } from '../table-families.js';
import { openClient } from '../vendor/open-client.js';
import { failureOf } from './failure-of.js';
import { type Look, lookAgain, type OpenClient } from './fetch-again.js';
import { countsAsAttempt, verdictOn } from './obstacle.js';
import { retrySecondsAfter } from './policy.js';
import { postLetter } from './post-letter.js';

export interface RecordsInHand {
  readonly connector: Connector;
  readonly entity: Entity;
  readonly connection: Connection;
  readonly claim: string;
  readonly items: readonly ClaimedItem[];
  /** Aborted when the process stops or the job's lock is lost. */
  readonly signal: AbortSignal;
  /** Whether there is time to look at one more before the claim runs out. */
  readonly inTime: () => boolean;
}

/** Records of one connection that are fetched at the same time. The budget decides how fast that can be. */
const atOnce = 4;

/**
 * Tries failed records again: each as the vendor has it now, all of them settled in one transaction, with no HTTP while
 * it is open. Items that it does not come to stay under the claim.
 *
 * Gives a verdict when it makes no sense to go on with others now; those are not to blame and lose no attempt.
 */
export async function retryRecords(ctx: EngineContext, hand: RecordsInHand): Promise<Verdict | undefined> {
  // Payloads that were kept or put right count as of now, too: what was written since they were is no longer under the claim.
  const asOf = await readClock(ctx.db);
  const { looks, obstacle } = await lookAtAll(ctx, hand);
  const verdict = obstacle === undefined ? undefined : await verdictOn(ctx, hand, obstacle.error);
  if (obstacle !== undefined && countsAsAttempt(hand.signal, obstacle.error)) {
    looks.push(failedLook(obstacle.item, obstacle.error));
  }
  if (looks.length > 0) await settle(ctx, hand, looks, asOf);
  return verdict;
}

interface Obstacle {
  readonly error: unknown;
  readonly item: ClaimedItem;
}

async function lookAtAll(ctx: EngineContext, hand: RecordsInHand) {
  const { connector, entity, connection, signal } = hand;
  let opened: ReturnType<OpenClient> | undefined;
  const open: OpenClient = () => {
    // What has changed goes before what has failed.
    opened ??= openClient(ctx, connector, connection, signal, 'full');
    return opened;
  };
  const waiting = [...hand.items];
  const looks: Look[] = [];
  let obstacle: Obstacle | undefined;
  const look = async () => {
    for (;;) {
      const item = obstacle === undefined && !signal.aborted && hand.inTime() ? waiting.shift() : undefined;
      if (item === undefined) return;
      try {
        looks.push(await lookAgain(withSettings(entity, settingsOf(connector, connection)), open, item));
      } catch (error) {
        obstacle ??= { error, item };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, look));
  return { looks, obstacle };
}

function failedLook(item: ClaimedItem, error: unknown): Look {
  return { kind: 'failed', item, failure: failureOf(error), fresh: undefined, lossless: false };
}

/** Settles what was looked at. Where the table itself objects, or we do, it counts as an attempt of each. */
async function settle(ctx: EngineContext, hand: RecordsInHand, looks: readonly Look[], asOf: Date): Promise<void> {
  const { connector, entity, connection, claim } = hand;
  const { organizationId, id: connectionId } = connection;
  const target = { sql: await targetSql(ctx.db, connector, entity), organizationId, connectionId, firstLoad: false };
  let settlement: Settlement;
  try {
    settlement = await settleItems(ctx.db, target, claim, { ...outcomesOf(ctx, looks), asOf });
  } catch (error) {
    if (isTransientDatabaseError(error)) throw error;
    ctx.log.error({ event: 'item.write_failed', err: error }, 'retried records could not be written');
    const failed = looks.map((look) => (look.kind === 'failed' ? look : failedLook(look.item, error)));
    settlement = await settleItems(ctx.db, target, claim, { ...outcomesOf(ctx, failed), asOf });
  }
  const { resolved, givenUp, lost } = settlement;
  for (const letter of givenUp) await postLetter(ctx, { kind: 'item', ...letter });
  ctx.log.info(
    { event: 'item.retried', looked: looks.length, resolved, dead: givenUp.length, lost },
    'failed records were tried again',
  );
}

function outcomesOf(ctx: EngineContext, looks: readonly Look[]): Omit<RetryOutcomes, 'asOf'> {
  // Items without an id may turn out to be the same record: one of them now, the other when that is in.
  const mended = new Map(looks.flatMap((look) => (look.kind === 'mended' ? [[look.record.key, look] as const] : [])));
  return {
    mended: [...mended.values()].map(({ item, record }) => ({ itemId: item.id, record })),
    failed: looks.flatMap((look) => (look.kind === 'failed' ? [failedRetry(ctx, look)] : [])),
    lossless: looks.some((look) => look.lossless),
  };
}

/** A permanent failure is final now: the record was seen as it is. */
function failedRetry(ctx: EngineContext, look: Extract<Look, { kind: 'failed' }>): FailedRetry {
  const { item, failure, fresh } = look;
  const { code, field, message } = failure;
  // A table that takes nothing says nothing about the record either.
  const mayPass = failure.entry.kind === 'transient' || code === 'TARGET_SCHEMA';
  const retrySeconds = mayPass ? retrySecondsAfter(ctx.recoveryPolicy, item.attempts + 1) : undefined;
  return { itemId: item.id, code, field, message, fresh, retrySeconds };
}
