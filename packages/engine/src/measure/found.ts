import type { ReconcilerAction } from '@syncline/metrics';
import type { EngineContext } from '../context.js';

/** Tells what the reconciler has found and dealt with. */
export function found(ctx: Pick<EngineContext, 'metrics'>, action: ReconcilerAction, times = 1): void {
  if (times > 0) ctx.metrics?.count('syncline_reconciler_actions_total', { action }, times);
}
