import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import type { DeadLetter, Turn, Verdict } from '@syncline/queue';
import { buryItem, type ItemHead, isTransientDatabaseError, readItemHead } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { serviceRest } from '../run/service-rest.js';
import { type BuriedRun, buryFailedRun } from './bury-run.js';
import { itemOfLetter } from './item-of-letter.js';
import { retryItems } from './retry-items.js';

/** Something is dead, and stands as such in Postgres: the letter's job fails with this, and waits for somebody. */
export class Buried extends Error {
  override readonly name = 'Buried';
}

const done = (result: string): Verdict => ({ kind: 'done', result: { result } });

/**
 * Marks what a dead letter is about as dead. Then the letter's own job fails, on purpose, with the reason: so it stands
 * among the failed jobs of its queue, to be seen and to be retried there. When somebody has done so, it starts the
 * recovery again and ends. While Postgres is away the letter waits.
 *
 * Throws Buried, which is no error of ours.
 */
export async function bury(ctx: EngineContext, turn: Turn<DeadLetter>): Promise<Verdict> {
  try {
    // It has failed before, so it was buried; a crash in between is not counted.
    return turn.failures > 0 ? await digUp(ctx, turn.payload) : await buryNow(ctx, turn.payload);
  } catch (error) {
    if (isTransientDatabaseError(error)) return serviceRest(ctx, error);
    throw error;
  }
}

async function buryNow(ctx: EngineContext, letter: DeadLetter): Promise<Verdict> {
  if (letter.kind !== 'item') {
    const buried = await buryFailedRun(ctx, letter);
    if (buried === undefined) return done('superseded');
    throw new Buried(reasonOfRun(buried));
  }
  const item = await readItemHead(ctx.db, letter.itemId);
  if (item === undefined || item.status === 'resolved') return done('resolved');
  // Dead already: somebody died between the burial and the end of this job.
  const buried = item.status === 'dead' || (await buryItem(ctx.db, letter.itemId, letter.claim));
  if (!buried) return done('superseded');
  ctx.log.warn({ event: 'item.dead', itemId: item.id, entity: item.entity, code: item.code }, 'a failed item is dead');
  throw new Buried(reasonOfItem(item));
}

/** Everything that Redis may know of it: ids, codes and names of fields. */
function reasonOfItem(item: ItemHead): string {
  const title = catalogue[item.code as ErrorCode]?.title ?? 'It failed';
  const place = [item.entity, item.vendorId, item.field].filter(Boolean).join(', ');
  return `${item.code}: ${title} (${place}). Failed item ${item.id}`;
}

function reasonOfRun({ code, message, entity, syncJobId }: BuriedRun): string {
  return `${code}: ${message} (${entity || 'the whole job'}). Sync job ${syncJobId}`;
}

/** Somebody pressed retry. */
async function digUp(ctx: EngineContext, letter: DeadLetter): Promise<Verdict> {
  const item = await itemOfLetter(ctx, letter);
  if (item === undefined || item.status === 'resolved') return done('resolved');
  const by = { organizationId: item.organizationId, actor: 'Bull Board' };
  const { items } = await retryItems(ctx, by, { ids: [item.id] }, 1);
  return done(items > 0 ? 'retried' : 'under way');
}
