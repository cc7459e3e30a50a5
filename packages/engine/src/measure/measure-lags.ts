import type { EngineContext } from '../context.js';

/** Tells how long deliveries of webhooks took to be settled, in seconds. */
export function measureLags(ctx: Pick<EngineContext, 'metrics'>, connector: string, lags: readonly number[]): void {
  // Between two servers' clocks nothing is measured here; but a clock that was set back would be.
  for (const lag of lags) ctx.metrics?.observe('syncline_webhook_lag_seconds', { connector }, Math.max(0, lag));
}
