import { listDueVerifications } from '@syncline/store';
import type { EngineContext } from '../context.js';

/** Most of them in one turn. */
const some = 1_000;

/** Queues verifications that are due, from what Postgres says alone. Safe at any time; nothing is queued twice. */
export async function reviveVerifications(
  ctx: Pick<EngineContext, 'db' | 'verifications' | 'connectors'>,
): Promise<void> {
  for (const place of await listDueVerifications(ctx.db, some)) {
    if (ctx.connectors.some(({ id }) => id === place.connector)) await ctx.verifications.wake(place);
  }
}
