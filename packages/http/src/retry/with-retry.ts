import { type ErrorCode, isSyncError, SyncError } from '@syncline/connector-kit';
import type { Layer } from '../call.js';
import { isLasting } from '../exchange/classify-failure.js';
import { wait } from '../wait.js';
import { backoffMs } from './backoff.js';

export interface RetryPolicy {
  /** All in all, the first one included. */
  readonly tries: number;
  readonly baseMs: number;
}

/** A vendor that wants to be left alone for longer than this is not waited for; its job is put back instead. */
const longestRespectedMs = 5_000;

/** The vendor was not asked, and asking again now would meet the same answer. */
const nothingTried: ReadonlySet<ErrorCode> = new Set(['BUDGET_WAIT', 'BUDGET_UNAVAILABLE', 'CIRCUIT_OPEN']);

/**
 * Tries again what is worth it: failures at the vendor that the catalogue calls transient. A budget that cannot be
 * asked is none; it has taken its time already. Nor is an open circuit, or a permit that is far away.
 * @throws SyncError the last failure, with the number of tries in its details
 */
export function withRetry(policy: RetryPolicy): Layer {
  return (next) => async (call) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await next(call);
      } catch (error) {
        call.signal?.throwIfAborted();
        if (!isSyncError(error) || nothingTried.has(error.code)) throw error;
        const restMs = error.resumeAt ? error.resumeAt.getTime() - Date.now() : 0;
        if (tries >= policy.tries || !isWorthwhile(error) || restMs > longestRespectedMs) throw withTries(error, tries);
        await wait(Math.max(restMs, backoffMs(tries, policy.baseMs)), call.signal);
      }
    }
  };
}

function isWorthwhile(error: SyncError): boolean {
  return error.entry.kind === 'transient' && !isLasting(error);
}

function withTries(error: SyncError, tries: number): SyncError {
  return new SyncError(error.code, error.message, {
    details: { ...error.details, tries },
    ...(error.resumeAt && { resumeAt: error.resumeAt }),
    ...(error.field !== undefined && { field: error.field }),
  });
}
