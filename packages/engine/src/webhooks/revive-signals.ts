import { endExpiredSignals, listSignalledPlaces, tidyLedger } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { found } from '../measure/found.js';

/** Most of a kind in one turn. */
const some = 1_000;

/**
 * Looks after what webhooks told of, from what Postgres says alone: what a dead worker had in hand is due again, what is
 * due is queued, what is old goes. Safe at any time, and by several at once; nothing is queued twice.
 */
export async function reviveSignals(
  ctx: Pick<EngineContext, 'db' | 'refetches' | 'connectors' | 'metrics'>,
): Promise<void> {
  await endExpiredSignals(ctx.db);
  for (const place of await listSignalledPlaces(ctx.db, some)) {
    const connector = ctx.connectors.find(({ id }) => id === place.connector);
    // Of an entity that this release does not have: it waits for one that has.
    if (!connector?.entities.some(({ name }) => name === place.entity)) continue;
    await ctx.refetches.wake(place);
    found(ctx, 'refetch_woken');
  }
  await tidyLedger(ctx.db, some);
}
