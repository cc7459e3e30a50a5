import { type ErrorCode, isSyncError } from '@syncline/connector-kit';
import { isLasting } from '../exchange/classify-failure.js';

/** What a call says about the health of the vendor. */
export type Outcome = 'success' | 'failure' | 'neither';

/**
 * What speaks against the vendor: nobody is there, nobody answers in time, or the answer is a server error. Every other
 * answer is a sign of life, a 404 or 429 too.
 */
const failures: readonly ErrorCode[] = ['UPSTREAM_UNREACHABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'];

/**
 * What the error that a call ended with says. Neither for or against the vendor are calls that were cancelled or never
 * sent, and certificates: these are wrong until somebody changes them, which no pause brings about.
 */
export function outcomeOf(error: unknown): Outcome {
  return isSyncError(error, ...failures) && !isLasting(error) ? 'failure' : 'neither';
}
