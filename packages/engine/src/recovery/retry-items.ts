import { type ItemActor, type ItemSelection, retryFailedItems } from '@syncline/store';
import type { EngineContext } from '../context.js';

export interface RetryResult {
  /** Items that are due now. */
  readonly items: number;
  /** False when Redis is away: they are due in Postgres, and tried as soon as Redis is back. */
  readonly enqueued: boolean;
}

/**
 * Has failed items tried again at once, dead ones too, with all their attempts. At most `limit`, the oldest first.
 * Retrying a held sweep is the word that it waits for.
 */
export async function retryItems(
  ctx: Pick<EngineContext, 'db' | 'recovery' | 'log'>,
  by: ItemActor,
  selection: ItemSelection,
  limit: number,
): Promise<RetryResult> {
  const { items, places } = await retryFailedItems(ctx.db, by, selection, limit);
  try {
    for (const place of places) await ctx.recovery.wake(place, { hurry: true });
    return { items, enqueued: true };
  } catch (error) {
    ctx.log.warn(
      { event: 'redis.awaited', err: error },
      'Redis is away; the reconciler queues the recovery when it is back',
    );
    return { items, enqueued: false };
  }
}
