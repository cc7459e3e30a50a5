import {
  type Entity,
  isSyncError,
  type MappedRecord,
  mapRecord,
  parseJson,
  SyncError,
  type VendorClient,
} from '@syncline/connector-kit';
import type { ClaimedItem } from '@syncline/store';

/**
 * What came of looking at a failed record again.
 *
 * mended   it can be written now. failed: it cannot; `fresh` is the record as the vendor has it, where it was fetched.
 */
export type Look =
  | { readonly kind: 'mended'; readonly item: ClaimedItem; readonly record: MappedRecord; readonly lossless: boolean }
  | {
      readonly kind: 'failed';
      readonly item: ClaimedItem;
      readonly failure: SyncError;
      readonly fresh: unknown;
      readonly lossless: boolean;
    };

/** The vendor, opened only when a record has to be fetched. */
export type OpenClient = () => Promise<VendorClient>;

interface Raw {
  readonly record: unknown;
  readonly lossless: boolean;
  readonly isFresh: boolean;
}

/**
 * Gets a failed record as it is now and maps it: from the vendor, by its id; from what was kept where the connector
 * cannot ask for one record, the item has no id, or an operator has put the payload right.
 *
 * What is wrong with this record is the result. Throws what says nothing about it: a budget that is used up, a vendor
 * that cannot be reached, credentials that are refused, a call that was broken off.
 */
export async function lookAgain(entity: Entity, open: OpenClient, item: ClaimedItem): Promise<Look> {
  let raw: Raw;
  try {
    raw = await rawOf(entity, open, item);
  } catch (error) {
    if (!isAboutTheRecord(error)) throw error;
    return { kind: 'failed', item, failure: error, fresh: undefined, lossless: false };
  }
  const { record, lossless, isFresh } = raw;
  const failed = (failure: SyncError): Look => {
    return { kind: 'failed', item, failure, fresh: isFresh ? record : undefined, lossless };
  };
  const outcome = mapRecord(entity.mapping, record);
  if ('rejected' in outcome) {
    const { code, field, message } = outcome.rejected;
    return failed(new SyncError(code, message, field === undefined ? {} : { field }));
  }
  // Another record than was asked for must not settle this one, nor be written by mistake.
  if (item.vendorId !== null && outcome.ok.key !== item.vendorId) {
    return isFresh
      ? { kind: 'failed', item, failure: anotherRecord('UPSTREAM_BAD_BODY'), fresh: undefined, lossless }
      : failed(anotherRecord('RECORD_INVALID'));
  }
  return { kind: 'mended', item, record: outcome.ok, lossless };
}

function anotherRecord(code: 'UPSTREAM_BAD_BODY' | 'RECORD_INVALID'): SyncError {
  return new SyncError(code, 'This is another record than the failed item is about');
}

async function rawOf(entity: Entity, open: OpenClient, item: ClaimedItem): Promise<Raw> {
  if (entity.fetchOne === undefined || item.vendorId === null || item.edited) return { ...kept(item), isFresh: false };
  try {
    const { json, lossless } = await entity.fetchOne(await open(), item.vendorId);
    return { record: json, lossless, isFresh: true };
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new SyncError('UPSTREAM_GONE', undefined, { cause: error, details: error.details });
  }
}

/** What jsonb could not hold was kept as its text. */
function kept({ payload }: ClaimedItem): { record: unknown; lossless: boolean } {
  const { value, lossless } = parseJson(payload ?? 'null');
  if (typeof value !== 'string') return { record: value, lossless };
  try {
    const inner = parseJson(value);
    return { record: inner.value, lossless: inner.lossless };
  } catch {
    return { record: value, lossless };
  }
}

function isGone(error: unknown): error is SyncError {
  return (
    isSyncError(error, 'UPSTREAM_REJECTED') && (error.details['status'] === 404 || error.details['status'] === 410)
  );
}

/** Refusals of this one record; everything else would come to the same for any other. */
export function isAboutTheRecord(error: unknown): error is SyncError {
  return isSyncError(error, 'UPSTREAM_GONE', 'UPSTREAM_REJECTED', 'UPSTREAM_BAD_BODY', 'UPSTREAM_TOO_LARGE');
}
