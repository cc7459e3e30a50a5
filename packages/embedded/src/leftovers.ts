import { sweepEphemeralRuns } from './home/ephemeral-run.js';
import { type Layout, layoutOf } from './home/layout.js';
import { stopStalePostgres } from './postgres/stale-postgres.js';
import { stopStaleRedis } from './redis/stale-redis.js';

/**
 * Stops services whose keeper was killed and could not stop them itself: those of ephemeral runs
 * noted in `home`, and those of `layout`, of which the caller must know that no keeper is there.
 */
export async function clearLeftovers(
  home: string,
  layout: Layout | undefined,
  onStep: (line: string) => void,
): Promise<void> {
  const clear = async (left: Layout): Promise<void> => {
    await Promise.all([stopStalePostgres(left.postgres, onStep), stopStaleRedis(left.redis, onStep)]);
  };
  await sweepEphemeralRuns(home, (folder) => clear(layoutOf(home, folder)));
  if (layout) await clear(layout);
}
