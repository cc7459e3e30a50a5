import { listDueVerifications } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { found } from '../measure/found.js';

/** Most of them in one turn. */
const some = 1_000;

/** Queues verifications that are due, from what Postgres says alone. Safe at any time; nothing is queued twice. */
export async function reviveVerifications(
  ctx: Pick<EngineContext, 'db' | 'verifications' | 'connectors' | 'metrics'>,
): Promise<void> {
  for (const place of await listDueVerifications(ctx.db, some)) {
    if (!ctx.connectors.some(({ id }) => id === place.connector)) continue;
    await ctx.verifications.wake(place);
    found(ctx, 'verification_woken');
  }
}
