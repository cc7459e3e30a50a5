import { SyncError } from '@syncline/connector-kit';
import { describe, type Layer } from '../call.js';
import { retryAfterMs } from '../retry/retry-after.js';

/**
 * Turns the answers that say "not now" into errors: 408 and 5xx (Notion's 529 among them). Where the vendor says when
 * to come back, the error's `resumeAt` does too. 429 is left to the budget.
 */
export const refuseServerErrors: Layer = (next) => async (call) => {
  const response = await next(call);
  const { status } = response;
  if (status !== 408 && status < 500) return response;

  const restMs = retryAfterMs(response.headers);
  throw new SyncError(status === 408 ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE', undefined, {
    details: { ...describe(call), status },
    ...(restMs !== undefined && { resumeAt: new Date(Date.now() + restMs) }),
  });
};
