import { catalogue, type ErrorCode, SyncError } from '@syncline/connector-kit';
import { guideStatus } from '@syncline/engine';
import type { JobView } from '@syncline/store';

/**
 * Why a sync that has ended came to nothing, as an answer says it: with the status of its own error. Undefined when every
 * entity was read, though single records may have failed.
 */
export function failureOfSync(job: JobView): SyncError | undefined {
  const outcome = guideStatus({ status: job.status, runs: job.entities });
  if (outcome === 'cancelled') return new SyncError('SYNC_NOT_RUNNING', `The sync ${job.id} was cancelled`);
  if (outcome !== 'failed') return undefined;
  const { errorCode, errorMessage } = job.entities.find((run) => run.errorCode !== null) ?? job;
  const code = isKnown(errorCode) ? errorCode : 'INTERNAL';
  return new SyncError(code, `The sync ${job.id} failed: ${errorMessage ?? errorCode ?? 'nobody said why'}`);
}

/** Another release may have written it. */
function isKnown(code: string | null): code is ErrorCode {
  return code !== null && Object.hasOwn(catalogue, code);
}
