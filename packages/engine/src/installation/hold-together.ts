import { countUp, readInstallation } from '@syncline/store';
import type { WorkContext } from '../context.js';
import { putRight, settleRestorations } from './put-right.js';
import { readFooting } from './read-footing.js';

/**
 * One turn of the reconciler: counts the generation up in Postgres and then in Redis, or puts right what a restore has
 * left behind. Whether Postgres and Redis belong together now; if not, nothing of what Postgres knows is to be queued.
 *
 * Rejects when one of them is away.
 */
export async function holdTogether(ctx: WorkContext, everySeconds: number): Promise<boolean> {
  const footing = await readFooting(ctx);
  if (footing.kind === 'held') return false;
  if (footing.kind !== 'free') {
    await putRight(ctx, footing, everySeconds);
    return (await readFooting(ctx)).kind === 'free';
  }
  const found = await readInstallation(ctx.db);
  if (found === undefined) return true;
  const generation = await countUp(ctx.db, found);
  if (generation === undefined) return false;
  const { identity, here: place } = found;
  if (!(await ctx.marks.put({ identity, generation, place, everySeconds }))) return false;
  await settleRestorations(ctx);
  return true;
}
