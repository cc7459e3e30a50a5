import type { ErrorCode } from '@syncline/connector-kit';

/** What may be in the way of a start. */
export const startFailures: readonly ErrorCode[] = [
  'VALIDATION_FAILED',
  'CONNECTION_NOT_FOUND',
  'CONNECTION_NOT_READY',
  'CONNECTION_SETTINGS_INVALID',
  'SYNC_ALREADY_RUNNING',
  'SYNC_STOPPED',
  'PAYLOAD_TOO_LARGE',
];
