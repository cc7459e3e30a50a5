import { beatRun, type Fence, type Standing } from '@syncline/store';
import type { EngineContext } from '../context.js';

const everyMs = 5_000;

/** Why a run must not go on: it was paused or cancelled, or is in other hands. */
export type Loss = Exclude<Standing, 'live'> | 'fenced';

/**
 * Shows now and then that a run is alive, between its pages too, and notices when it must not go on: a vendor may take
 * minutes for a page, and nobody wants to wait for it who pressed stop. Gives the function that ends it.
 */
export function startPulse(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  fence: Fence,
  onLoss: (loss: Loss) => void,
): () => void {
  let asked = false;
  const beat = async () => {
    if (asked) return;
    asked = true;
    try {
      const standing = await beatRun(ctx.db, fence);
      if (standing !== 'live') onLoss(standing);
    } catch (error) {
      // Whoever writes the next page notices as well.
      ctx.log.debug({ event: 'pulse.missed', err: error }, 'no sign of life could be given');
    } finally {
      asked = false;
    }
  };
  const timer = setInterval(() => void beat(), everyMs);
  return () => clearInterval(timer);
}
