import { idleHistories } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { carryOnHistory } from './carry-on-history.js';

const batch = 100;

/**
 * A round of looking after histories: those whose window has ended without anybody noticing (its worker died), or that can
 * go on now (after a failure, a stop, a pause of the connection), go on. Also where the scheduler is switched off: a
 * history belongs to a sync that somebody has started.
 */
export async function keepHistories(ctx: Pick<EngineContext, 'db' | 'flows' | 'connectors' | 'log'>): Promise<void> {
  const connectors = ctx.connectors.filter(({ history }) => history !== undefined).map(({ id }) => id);
  for (const owner of await idleHistories(ctx.db, connectors, batch)) {
    // One connection's trouble is not the others'.
    await carryOnHistory(ctx, owner).catch((error: unknown) =>
      ctx.log.warn(
        { event: 'history.postponed', err: error, connectionId: owner.connectionId },
        'the history could not go on this time',
      ),
    );
  }
}
