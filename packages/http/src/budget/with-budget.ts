import { type BudgetWindow, isSyncError, type Priority, SyncError } from '@syncline/connector-kit';
import { type Call, describe, type Layer } from '../call.js';
import type { LaneMeter } from '../measure/lane-meter.js';
import { patienceMs } from '../redis/within-patience.js';
import { rateLimitRestMs } from '../retry/retry-after.js';
import { wait } from '../wait.js';
import type { Budget, Permit } from './budget.js';
import { shortfallOf } from './shortfall.js';

export interface BudgetShare {
  readonly key: string;
  readonly windows: readonly BudgetWindow[];
  readonly priority: Priority;
  readonly maxInlineWaitMs: number;
  readonly meter?: LaneMeter | undefined;
}

/** For a vendor that says "slow down", but not for how long. */
const defaultRestMs = 30_000;
/** A vendor that answers 429 right after each pause it asked for is not waited for any further. */
const mostRests = 3;

/**
 * Takes a permit for each attempt that passes, and makes the whole fleet rest when the vendor answers 429, or
 * 529 with the time to come back.
 * @throws SyncError BUDGET_WAIT, BUDGET_UNAVAILABLE, UPSTREAM_RATE_LIMITED
 */
export function withBudget(budget: Budget, share: BudgetShare): Layer {
  return (next) => async (call) => {
    for (let rests = 0; ; rests += 1) {
      const permit = await takePermit(budget, share, call);
      const takenAt = performance.now();
      const response = await next(call).catch(async (error: unknown) => {
        if (neverSent(error)) budget.release(permit);
        else budget.settle(permit);
        const overloadMs = overloadRestMs(error);
        if (overloadMs !== undefined) await rest(budget, share.key, overloadMs);
        throw error;
      });
      budget.settle(permit);
      if (response.status !== 429) {
        const elapsedMs = performance.now() - takenAt;
        const shortfall = shortfallOf(response.headers, share.windows, permit.left, elapsedMs);
        if (shortfall) budget.withhold(share.key, shortfall);
        return response;
      }

      const restMs = await rest(budget, share.key, rateLimitRestMs(response.headers) ?? defaultRestMs);
      if (restMs > share.maxInlineWaitMs || rests === mostRests) {
        const details = { ...describe(call), status: 429 };
        throw new SyncError('UPSTREAM_RATE_LIMITED', undefined, { details, resumeAt: new Date(Date.now() + restMs) });
      }
    }
  };
}

/**
 * How long a vendor that is overloaded as a whole (529) wants to be left alone: by everybody, so that the fleet does not
 * come back one by one. Undefined for every other failure, and where it does not say how long.
 */
function overloadRestMs(error: unknown): number | undefined {
  if (!isSyncError(error, 'UPSTREAM_UNAVAILABLE') || error.details['status'] !== 529) return undefined;
  const ms = (error.resumeAt?.getTime() ?? 0) - Date.now();
  return ms > 0 ? ms : undefined;
}

/** The breaker, which stands further in, let nothing pass. */
function neverSent(error: unknown): boolean {
  return isSyncError(error, 'CIRCUIT_OPEN', 'BUDGET_UNAVAILABLE');
}

/** Waits for a permit, all in all no longer than the lane allows. */
async function takePermit(budget: Budget, share: BudgetShare, call: Call): Promise<Permit> {
  // Redis' patience on top, for the answer to this question and for the breaker's: that long may pass between the
  // permit's start there and the call's start here.
  const { key, windows, priority, meter } = share;
  const question = { key, windows, priority, holdMs: call.deadlineMs + 2 * patienceMs };
  const startedAt = performance.now();
  for (let refusals = 0; ; refusals += 1) {
    call.signal?.throwIfAborted();
    const outcome = await budget.acquire(question, call.signal);
    const waitedMs = performance.now() - startedAt;
    if ('id' in outcome) {
      // What Redis took to answer is not a wait for the budget.
      meter?.permit(refusals === 0 ? 0 : waitedMs);
      return outcome;
    }

    if (waitedMs + outcome.waitMs > share.maxInlineWaitMs) {
      meter?.deferral(outcome.paused ? 'paused' : 'window', outcome.waitMs);
      throw new SyncError('BUDGET_WAIT', undefined, {
        details: { ...describe(call), reason: outcome.paused ? 'paused by the vendor' : 'window full' },
        resumeAt: new Date(Date.now() + outcome.waitMs),
      });
    }
    await wait(outcome.waitMs, call.signal);
  }
}

/** Notes the pause for everyone. Where Redis is just away, nobody gets a permit anyhow: the 429 is what is reported. */
async function rest(budget: Budget, key: string, ms: number): Promise<number> {
  try {
    return await budget.pause(key, ms);
  } catch {
    return ms;
  }
}
