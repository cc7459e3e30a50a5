import { SyncError } from '@syncline/connector-kit';

/** Whatever was thrown, with a code. */
export function failureOf(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new SyncError('INTERNAL', message, { cause: error });
}
