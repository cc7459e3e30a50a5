import { isLosslessNumber } from 'lossless-json';
import type { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.js';
import { replacedIn } from '../json/storable.js';
import { type Flag, instant } from './fields.js';

export interface RecordFlag {
  readonly field: string;
  readonly code: string;
  readonly value?: unknown;
}

/** A record that is ready to be written. */
export interface MappedRecord {
  readonly key: string;
  /** The vendor's own time of change, ISO in UTC; null where the vendor gives none. */
  readonly sourceUpdatedAt: string | null;
  readonly values: Readonly<Record<string, unknown>>;
  readonly flags: readonly RecordFlag[];
  readonly raw: unknown;
}

/** A record that cannot be written, with all that is needed to try again. */
export interface RejectedRecord {
  readonly key: string | undefined;
  /** RECORD_INVALID, RECORD_UNSTORABLE; or what the vendor said when it was asked for the record by its id. */
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly message: string;
  readonly raw: unknown;
}

/** How an entity turns the vendor's record into its own row. */
export interface RecordMapping<Rec, Settings = unknown> {
  readonly schema: z.ZodType<Rec>;
  readonly key: (record: Rec) => string;
  readonly updatedAt?: (record: Rec) => string | null | undefined;
  /** `settings` are the connection's; undefined where nobody has given the entity any. */
  readonly map: (record: Rec, flag: Flag, settings?: Settings) => Readonly<Record<string, unknown>>;
  /** The vendor's own record, where reading has put more into it. What fails is kept with everything. */
  readonly raw?: (record: unknown) => unknown;
}

export type MapOutcome = { readonly ok: MappedRecord } | { readonly rejected: RejectedRecord };

/**
 * Validates and maps one record, as `parseJson` gave it: text that had to be replaced is flagged. Never throws: what goes
 * wrong with a record is that record's own outcome.
 */
export function mapRecord<Rec>(mapping: RecordMapping<Rec>, raw: unknown): MapOutcome {
  try {
    const parsed = mapping.schema.safeParse(raw);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = issue?.path.join('.') || undefined;
      return reject(raw, field, `${field ?? 'record'}: ${issue?.message ?? 'invalid'}`);
    }
    const flags: RecordFlag[] = [];
    const flag: Flag = (field, code, value) => void flags.push({ field, code, value });
    const values = mapping.map(parsed.data, flag);
    const sourceUpdatedAt = instant(mapping.updatedAt?.(parsed.data), 'updated_at', flag);
    for (const field of replacedIn(raw)) flags.push({ field, code: 'TEXT_REPLACED' });
    const own = mapping.raw === undefined ? raw : mapping.raw(raw);
    return { ok: { key: mapping.key(parsed.data), sourceUpdatedAt, values, flags, raw: own } };
  } catch (error) {
    return reject(raw, undefined, `mapping failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function reject(raw: unknown, field: string | undefined, message: string): MapOutcome {
  return { rejected: { key: looseKey(raw), code: 'RECORD_INVALID', field, message, raw } };
}

/** Ids of failed items are indexed, and an index takes no endless ones. */
const longestKey = 200;

/** The vendor's id of a record that may have any shape, so that its failed item can be found and retried by it. */
function looseKey(raw: unknown): string | undefined {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  if (typeof id !== 'string' && typeof id !== 'number' && !isLosslessNumber(id)) return undefined;
  return String(id).slice(0, longestKey).toWellFormed() || undefined;
}
