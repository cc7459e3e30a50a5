import { type ClaimedRun, concludeRun, type RunEnd } from '@syncline/store';
import type { EngineContext } from '../context.js';

type Fence = Pick<ClaimedRun, 'syncJobId' | 'entity' | 'epoch'>;

/** Ends a run, as `concludeRun` does, and tells how long it took. False when fenced out; then nothing has changed. */
export async function endRun(
  ctx: Pick<EngineContext, 'db' | 'metrics'>,
  connector: string,
  fence: Fence,
  end: RunEnd,
): Promise<boolean> {
  const ended = await concludeRun(ctx.db, fence, end);
  if (ended === undefined) return false;
  const { mode, status, seconds } = ended;
  ctx.metrics?.observe('syncline_entity_run_duration_seconds', { connector, mode, status }, seconds);
  return true;
}
