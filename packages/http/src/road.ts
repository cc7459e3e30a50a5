import { setMaxListeners } from 'node:events';
import { type BudgetWindow, type Send, SyncError } from '@syncline/connector-kit';
import { Budget, type BudgetUse } from './budget/budget.js';
import { withBudget } from './budget/with-budget.js';
import { stack } from './call.js';
import { parseAllowList } from './egress/allow-list.js';
import { checkEgress } from './egress/check-egress.js';
import { systemResolve } from './egress/resolve-public.js';
import { createAgent } from './exchange/agent.js';
import { attemptOver } from './exchange/attempt-over.js';
import { refuseServerErrors } from './exchange/refuse-server-errors.js';
import { followRedirects } from './follow-redirects.js';
import { defaults, type LaneOptions, type RoadOptions } from './options.js';
import { baseOf, prepareCall } from './prepare-call.js';
import { withRetry } from './retry/with-retry.js';

export interface Road {
  /** @throws SyncError EGRESS_REFUSED, CONNECTION_SETTINGS_INVALID */
  open(lane: LaneOptions): Send;
  /** What is used of each window now. @throws SyncError BUDGET_UNAVAILABLE */
  budgetUse(key: string, windows: readonly BudgetWindow[]): Promise<BudgetUse[]>;
  /** Ends what is still under way; later sends fail. The Redis client stays open. */
  close(): Promise<void>;
}

/**
 * The one way to a vendor.
 *
 * The layers of a lane, from the outside: redirects, retry, budget, classification, exchange. Retry stands around the
 * budget, because the vendor counts attempts; a redirect is a request of its own as well.
 * @throws TypeError if an `egressAllow` entry is not a host:port
 */
export function createRoad(options: RoadOptions): Road {
  const allow = parseAllowList(options.egressAllow);
  const agent = createAgent(allow, options.resolve ?? systemResolve);
  const { redis, keyPrefix, bootId } = options;
  const budget = new Budget(redis, keyPrefix, bootId);

  return {
    open(lane) {
      checkEgress(lane.baseUrl, allow);
      checkWindows(lane.windows);
      // Every request under way listens to it: more than ten of them are no leak.
      if (lane.signal) setMaxListeners(0, lane.signal);
      const { maxInlineWaitMs = defaults.maxInlineWaitMs, maxBodyBytes = defaults.maxBodyBytes } = lane;
      const { tries = defaults.tries, baseMs = defaults.baseMs } = lane.retry ?? {};
      const { budgetKey: key, windows, priority = defaults.priority } = lane;
      const attempt = stack(
        [
          followRedirects,
          withRetry({ tries, baseMs }),
          withBudget(budget, { key, windows, priority, maxInlineWaitMs }),
          refuseServerErrors,
        ],
        attemptOver(agent, maxBodyBytes),
      );
      const callDefaults = {
        base: baseOf(lane.baseUrl),
        userAgent: options.userAgent ?? defaults.userAgent,
        deadlineMs: lane.deadlineMs ?? defaults.deadlineMs,
        signal: lane.signal,
      };
      return async (request) => attempt(prepareCall(request, callDefaults));
    },
    budgetUse: (key, windows) => budget.use(key, windows),
    async close() {
      await agent.destroy();
      await budget.drain();
    },
  };
}

function checkWindows(windows: readonly BudgetWindow[]): void {
  if (windows.every(({ requests, seconds }) => Number.isInteger(requests) && requests >= 1 && seconds > 0)) return;
  throw new SyncError('CONNECTION_SETTINGS_INVALID', 'A budget window needs at least one request and a positive time');
}
