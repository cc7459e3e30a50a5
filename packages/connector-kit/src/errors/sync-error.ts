import { type CatalogueEntry, catalogue, type ErrorCode } from './catalogue.js';

export interface SyncErrorOptions {
  /** Safe to show and to store: never a secret, a token or a record's content. */
  readonly details?: Record<string, unknown>;
  /** For kind `wait`: when it makes sense to go on. */
  readonly resumeAt?: Date;
  /** The record's field, for record errors. */
  readonly field?: string;
  readonly cause?: unknown;
}

/** An expected failure, classified by the catalogue. Anything else that is thrown is a bug. */
export class SyncError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  readonly resumeAt: Date | undefined;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message?: string, options: SyncErrorOptions = {}) {
    // Messages may quote a vendor, and Postgres keeps them: it takes neither NUL nor halves of characters.
    super((message ?? catalogue[code].title).replaceAll('\u0000', '\uFFFD').toWellFormed(), { cause: options.cause });
    this.name = 'SyncError';
    this.code = code;
    this.details = options.details ?? {};
    this.resumeAt = options.resumeAt;
    this.field = options.field;
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code];
  }
}

export function isSyncError(error: unknown, ...codes: ErrorCode[]): error is SyncError {
  return error instanceof SyncError && (codes.length === 0 || codes.includes(error.code));
}
