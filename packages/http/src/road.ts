import { setMaxListeners } from 'node:events';
import { type BudgetWindow, type Send, SyncError, type VendorResponse } from '@syncline/connector-kit';
import { Breaker } from './breaker/breaker.js';
import { type CircuitState, Circuits } from './breaker/circuits.js';
import { Registration } from './breaker/voters.js';
import { withBreaker } from './breaker/with-breaker.js';
import { Budget, type BudgetUse } from './budget/budget.js';
import { withBudget } from './budget/with-budget.js';
import { stack } from './call.js';
import { parseAllowList } from './egress/allow-list.js';
import { checkEgress } from './egress/check-egress.js';
import { systemResolve } from './egress/resolve-public.js';
import { createAgent } from './exchange/agent.js';
import { attemptOver } from './exchange/attempt-over.js';
import { refuseServerErrors } from './exchange/refuse-server-errors.js';
import { traced } from './exchange/traced.js';
import { followRedirects } from './follow-redirects.js';
import { watchCircuits } from './measure/circuits-met.js';
import { laneMeter } from './measure/lane-meter.js';
import { withMeter } from './measure/with-meter.js';
import { defaults, type LaneOptions, type RoadOptions } from './options.js';
import { type PostRequest, postOnce } from './post-once.js';
import { baseOf, prepareCall } from './prepare-call.js';
import { withRetry } from './retry/with-retry.js';

export interface Road {
  /** To be asked before a base URL is saved; a name is resolved and looked at when connecting. @throws SyncError EGRESS_REFUSED */
  requireAllowed(baseUrl: string): void;
  /** @throws SyncError EGRESS_REFUSED, CONNECTION_SETTINGS_INVALID */
  open(lane: LaneOptions): Send;
  /**
   * One POST to an address that is no vendor's, such as an operator's webhook: guard, deadline and size cap, and nothing
   * that needs Redis. Answers any status; redirects are not followed, and nothing is tried again.
   * @throws SyncError EGRESS_REFUSED, UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT, UPSTREAM_TOO_LARGE, UPSTREAM_BAD_BODY
   */
  post(request: PostRequest): Promise<VendorResponse>;
  /** What is used of each window now. @throws SyncError BUDGET_UNAVAILABLE */
  budgetUse(key: string, windows: readonly BudgetWindow[]): Promise<BudgetUse[]>;
  /** How the circuit of a credential stands, for the whole fleet. @throws SyncError BUDGET_UNAVAILABLE */
  circuit(key: string): Promise<CircuitState>;
  /** No call goes out for this credential, until somebody closes its circuit. @throws SyncError BUDGET_UNAVAILABLE */
  openCircuit(key: string, by: string): Promise<CircuitState>;
  /**
   * Calls go out again, from every process, whatever it thought of the vendor. A circuit that is closed anyhow makes
   * those try again that keep back their own calls only. @throws SyncError BUDGET_UNAVAILABLE
   */
  closeCircuit(key: string, by: string): Promise<CircuitState>;
  /** Ends what is still under way; later sends fail. The Redis client stays open. */
  close(): Promise<void>;
}

/** Of what answers to a POST say nothing is kept; a page of HTML fits. */
const mostOfAnAnswer = 64 * 1024;

/**
 * The one way to a vendor.
 *
 * The layers of a lane, from the outside: redirects, retry, budget, breaker, classification, exchange. Retry stands
 * around the budget, because the vendor counts attempts; a redirect is a request of its own as well. The breaker stands
 * within it, because it is asked right before a call goes out: the wait for a permit may have been long.
 * @throws TypeError if an `egressAllow` entry is not a host:port
 */
export function createRoad(options: RoadOptions): Road {
  const allow = parseAllowList(options.egressAllow);
  const agent = createAgent(allow, options.resolve ?? systemResolve);
  const { redis, keyPrefix, bootId } = options;
  const budget = new Budget(redis, keyPrefix, bootId);
  const circuits = new Circuits(redis, keyPrefix, bootId);
  const breaker = new Breaker(circuits, options.votes ?? false);
  const circuitsMet =
    options.metrics && watchCircuits(options.metrics, async (key) => (await circuits.state(key)).state);
  const registration = options.votes ? new Registration(redis, keyPrefix, bootId) : undefined;

  return {
    requireAllowed: (baseUrl) => checkEgress(baseUrl, allow),
    open(lane) {
      checkEgress(lane.baseUrl, allow);
      checkWindows(lane.windows);
      // Every request under way listens to it: more than ten of them are no leak.
      if (lane.signal) setMaxListeners(0, lane.signal);
      const { maxInlineWaitMs = defaults.maxInlineWaitMs, maxBodyBytes = defaults.maxBodyBytes } = lane;
      const { tries = defaults.tries, baseMs = defaults.baseMs } = lane.retry ?? {};
      const { maxFailures = defaults.maxFailures, resetSeconds = defaults.resetSeconds } = lane.circuit ?? {};
      const { budgetKey: key, windows, priority = defaults.priority } = lane;
      const meter = laneMeter(options.metrics, circuitsMet, { ...lane, priority });
      const attempt = stack(
        [
          followRedirects,
          withRetry({ tries, baseMs }),
          withBudget(budget, { key, windows, priority, maxInlineWaitMs, meter }),
          withBreaker(breaker, { key, maxFailures, resetMs: resetSeconds * 1_000 }, meter),
          refuseServerErrors,
          withMeter(meter),
        ],
        traced(attemptOver(agent, maxBodyBytes)),
      );
      const callDefaults = {
        base: baseOf(lane.baseUrl),
        userAgent: options.userAgent ?? defaults.userAgent,
        deadlineMs: lane.deadlineMs ?? defaults.deadlineMs,
        signal: lane.signal,
      };
      return async (request) => attempt(prepareCall(request, callDefaults));
    },
    post: (request) =>
      postOnce(attemptOver(agent, mostOfAnAnswer), allow, options.userAgent ?? defaults.userAgent, request),
    budgetUse: (key, windows) => budget.use(key, windows),
    circuit: (key) => circuits.state(key),
    async openCircuit(key, by) {
      await circuits.byHand(key, 'open', by);
      return circuits.state(key);
    },
    async closeCircuit(key, by) {
      await circuits.byHand(key, 'close', by);
      return circuits.state(key);
    },
    async close() {
      await agent.destroy();
      breaker.close();
      await Promise.all([budget.drain(), registration?.leave()]);
    },
  };
}

function checkWindows(windows: readonly BudgetWindow[]): void {
  if (windows.every(({ requests, seconds }) => Number.isInteger(requests) && requests >= 1 && seconds > 0)) return;
  throw new SyncError('CONNECTION_SETTINGS_INVALID', 'A budget window needs at least one request and a positive time');
}
