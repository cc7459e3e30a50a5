import { type ErrorCode, SyncError } from '@syncline/connector-kit';
import { isTransientDatabaseError, isUnstorableText } from '@syncline/store';
import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { invalidFields } from './invalid-fields.js';
import { type Particulars, type Problem, problemOf } from './problem.js';
import { isRedisError } from './redis-error.js';

/** Turns whatever was thrown into the problem that the client sees: nothing that is not meant for it gets through. */
export function classifyError(error: unknown, requestId: string): Problem {
  if (error instanceof SyncError) return fromSyncError(error, requestId);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = invalidFields(error.validation, error.validationContext ?? 'request');
    const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return problemOf('VALIDATION_FAILED', requestId, { detail, errors });
  }
  // The handlers are bounded towards Redis and vendors; what is left to hang on is Postgres.
  if (hasCode(error, 'FST_ERR_HANDLER_TIMEOUT')) return problemOf('DATABASE_UNAVAILABLE', requestId);
  const refused = refusedByFastify(error);
  if (refused !== undefined) return problemOf(refused.code, requestId, refused.particulars);
  if (isRedisError(error)) return problemOf('QUEUE_UNAVAILABLE', requestId);
  if (isTransientDatabaseError(error)) return problemOf('DATABASE_UNAVAILABLE', requestId);
  if (isUnstorableText(error)) {
    return problemOf('VALIDATION_FAILED', requestId, {
      detail: 'A text has a character that cannot be stored (U+0000, or half of one)',
    });
  }
  return problemOf('INTERNAL', requestId);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as FastifyError).code === code;
}

function fromSyncError(error: SyncError, requestId: string): Problem {
  const { runningJobId } = error.details;
  const known = typeof runningJobId === 'string' || runningJobId === null ? { runningJobId } : {};
  const errors = error.field === undefined ? {} : { errors: [{ field: error.field, message: error.message }] };
  return problemOf(error.code, requestId, { detail: error.message, ...known, ...errors });
}

/** Requests that never reached a handler: too large, not JSON, another content type, a path that cannot be read. */
function refusedByFastify(error: unknown): { code: ErrorCode; particulars: Particulars } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode = 500, message, code } = error as FastifyError;
  if (statusCode < 400 || statusCode > 499) return undefined;
  if (statusCode === 404) return { code: 'NOT_FOUND', particulars: { detail: 'Nothing is here' } };
  if (statusCode === 413) return { code: 'PAYLOAD_TOO_LARGE', particulars: { detail: message } };
  const wrong =
    statusCode === 415
      ? { field: 'Content-Type', message: 'has to be application/json' }
      : code === 'FST_ERR_BAD_URL'
        ? // Its own message repeats the path, which may hold what nobody should read.
          { field: 'url', message: 'cannot be read' }
        : { field: 'body', message };
  return { code: 'VALIDATION_FAILED', particulars: { detail: `${wrong.field}: ${wrong.message}`, errors: [wrong] } };
}
