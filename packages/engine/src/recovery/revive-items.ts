import { endExpiredClaims, listDuePlaces, listGivenUp, listUnburiedRuns, settleEndedRetries } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { found } from '../measure/found.js';
import { postLetter } from './post-letter.js';
import { tidyLetters } from './tidy-letters.js';

/** A letter has so long to arrive; then it counts as lost with Redis. */
const letterSeconds = 30;
/** Most of a kind in one turn. */
const some = 1_000;

/**
 * Looks after failed items, from what Postgres says alone: what a dead worker had in hand is due again, what is due is
 * queued, what was given up gets its letter, retries that ended are settled, and letters about what is settled go. Safe at
 * any time, and by several at once; nothing is queued twice.
 */
export async function reviveItems(ctx: EngineContext): Promise<void> {
  await endExpiredClaims(ctx.db, ctx.recoveryPolicy.attempts);
  await settleEndedRetries(ctx.db);
  for (const place of await listDuePlaces(ctx.db, some)) {
    // Of an entity that this release does not have: it waits for one that has.
    if (!isKnown(ctx, place.connector, place.entity)) continue;
    await ctx.recovery.wake(place);
    found(ctx, 'recovery_woken');
  }
  for (const letter of await listGivenUp(ctx.db, letterSeconds, some)) {
    await postLetter(ctx, { kind: 'item', ...letter });
    found(ctx, 'letter_posted');
  }
  for (const run of await listUnburiedRuns(ctx.db, letterSeconds, some)) {
    const { syncJobId, connector, entity, epoch, code, message } = run;
    await postLetter(ctx, { kind: 'entity_run', syncJobId, connector, entity, epoch, code, message });
    found(ctx, 'letter_posted');
  }
  await tidyLetters(ctx);
}

function isKnown(ctx: EngineContext, connectorId: string, entity: string): boolean {
  const connector = ctx.connectors.find(({ id }) => id === connectorId);
  return connector !== undefined && (entity === '' || connector.entities.some(({ name }) => name === entity));
}
