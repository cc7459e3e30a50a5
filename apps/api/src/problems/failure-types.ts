import { catalogue, type ErrorCode } from '@syncline/connector-kit';

/**
 * Every code of the catalogue in the words of the sync management API (`error_type`). A code that is new has to be given
 * one here, or this does not compile; docs/api-sync-management.md explains each, and a test compares the two.
 */
const typeOfCode = {
  CONNECTION_NOT_FOUND: 'credentials_not_found',
  UPSTREAM_AUTH: 'credentials_invalid',
  CREDENTIALS_UNREADABLE: 'credentials_invalid',
  CREDENTIALS_REPLACED: 'credentials_invalid',
  CONNECTION_SETTINGS_INVALID: 'credentials_invalid',
  UPSTREAM_UNREACHABLE: 'api_connection_failed',
  UPSTREAM_TIMEOUT: 'api_connection_failed',
  UPSTREAM_UNAVAILABLE: 'api_connection_failed',
  CIRCUIT_OPEN: 'api_connection_failed',
  EGRESS_REFUSED: 'api_connection_failed',
  UPSTREAM_REJECTED: 'api_request_refused',
  UPSTREAM_GONE: 'api_request_refused',
  UPSTREAM_RATE_LIMITED: 'rate_limit_exceeded',
  BUDGET_WAIT: 'rate_limit_exceeded',
  TOO_MANY_REQUESTS: 'rate_limit_exceeded',
  TOO_MANY_STREAMS: 'rate_limit_exceeded',
  UPSTREAM_BAD_BODY: 'invalid_data_format',
  UPSTREAM_TOO_LARGE: 'invalid_data_format',
  UPSTREAM_SCHEMA: 'invalid_data_format',
  UPSTREAM_BAD_WATERMARK: 'invalid_data_format',
  CURSOR_CYCLE: 'invalid_data_format',
  CURSOR_UNREADABLE: 'invalid_data_format',
  RECORD_INVALID: 'invalid_data_format',
  DATABASE_UNAVAILABLE: 'database_error',
  RECORD_UNSTORABLE: 'database_error',
  TARGET_SCHEMA: 'database_error',
  QUEUE_UNAVAILABLE: 'queue_unavailable',
  BUDGET_UNAVAILABLE: 'queue_unavailable',
  SYNC_ALREADY_RUNNING: 'sync_already_running',
  VERIFICATION_RUNNING: 'sync_not_allowed',
  SYNC_STOPPED: 'sync_not_allowed',
  CONNECTION_NOT_READY: 'sync_not_allowed',
  PAGE_CAP_REACHED: 'sync_incomplete',
  FAILED_ITEMS_FULL: 'sync_incomplete',
  SWEEP_HELD: 'sync_incomplete',
  DEPENDENCY_FAILED: 'sync_incomplete',
  JOB_STALE: 'sync_incomplete',
  JOB_UNREADABLE: 'sync_incomplete',
  FENCED_OUT: 'sync_incomplete',
  SYNC_UNHEALTHY: 'sync_incomplete',
  SYNC_NOT_RUNNING: 'invalid_request',
  NO_HISTORY: 'invalid_request',
  ITEM_RESOLVED: 'invalid_request',
  ORGANIZATION_REQUIRED: 'invalid_request',
  CONNECTION_AMBIGUOUS: 'invalid_request',
  VALIDATION_FAILED: 'invalid_request',
  PAYLOAD_TOO_LARGE: 'invalid_request',
  NOT_FOUND: 'not_found',
  ORGANIZATION_NOT_FOUND: 'not_found',
  UNAUTHENTICATED: 'authentication_failed',
  IDENTITY_PROVIDER_UNAVAILABLE: 'authentication_failed',
  WEBHOOK_REFUSED: 'authentication_failed',
  WEBHOOK_NOT_AWAITED: 'invalid_request',
  MEMBER_BLOCKED: 'permission_denied',
  MEMBER_KEPT: 'invalid_request',
  FORBIDDEN: 'permission_denied',
  ADHOC_CREDENTIALS_OFF: 'permission_denied',
  INTERNAL: 'internal_error',
} as const satisfies Record<ErrorCode, string>;

export type FailureType = (typeof typeOfCode)[ErrorCode];

export const failureTypes = [...new Set(Object.values(typeOfCode))] as [FailureType, ...FailureType[]];

/** What a code is called there. Codes come from the database too, and another release may have written them. */
export function failureTypeOf(code: string): FailureType {
  return isKnown(code) ? typeOfCode[code] : 'internal_error';
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
