import {
  type Entity,
  type MappedRecord,
  mapRecord,
  type RejectedRecord,
  type VendorAnswer,
} from '@syncline/connector-kit';
import { isAboutTheRecord } from '../recovery/fetch-again.js';
import { findOne, knowsOneOf } from './ask-for-missing.js';

/** What came of asking for one record. */
export type Look =
  | { readonly ok: MappedRecord; readonly lossless: boolean }
  | { readonly rejected: RejectedRecord; readonly lossless?: boolean }
  | { readonly gone: string };

export interface LookUpOptions {
  readonly fetchOne: (id: string) => Promise<VendorAnswer>;
  /** A few ids of live rows besides. */
  readonly others: () => Promise<readonly string[]>;
}

/**
 * Asks for records by their ids, one at a time or several. What is wrong with one of them is its own outcome. One that the
 * vendor does not have is `gone`, unless he denies just as well what he is known to have: then his word says nothing, and
 * the record has failed.
 *
 * Throws what says nothing about a single record: a budget that is used up, a vendor that cannot be reached.
 */
export function lookUp(
  entity: Pick<Entity, 'mapping'>,
  { fetchOne, others }: LookUpOptions,
): (id: string) => Promise<Look> {
  let isBelieved: Promise<boolean> | undefined;
  return async (id) => {
    try {
      const answer = await findOne(fetchOne, id);
      if (answer !== undefined) {
        isBelieved = Promise.resolve(true);
        return { ...outcomeOf(entity, id, answer.json), lossless: answer.lossless };
      }
    } catch (error) {
      if (!isAboutTheRecord(error)) throw error;
      return { rejected: failed(id, error.code, error.message) };
    }
    isBelieved ??= others().then((ids) => ids.length === 0 || knowsOneOf(fetchOne, ids));
    return (await isBelieved) ? { gone: id } : { rejected: distrusted(id) };
  };
}

function outcomeOf(entity: Pick<Entity, 'mapping'>, id: string, json: unknown) {
  const outcome = mapRecord(entity.mapping, json);
  if ('rejected' in outcome) return { rejected: { ...outcome.rejected, key: id } };
  // Vendors whose ids are UUIDs take them in any case.
  if (outcome.ok.key.toLowerCase() === id.toLowerCase()) return outcome;
  return { rejected: failed(id, 'UPSTREAM_BAD_BODY', 'The vendor gave another record than was asked for') };
}

function distrusted(id: string): RejectedRecord {
  const message = `Asked for ${id}, the vendor says that there is none; but so it says of other records that are stored`;
  return failed(id, 'UPSTREAM_GONE', message);
}

/** A record that could not be had at all. */
export function failed(key: string, code: RejectedRecord['code'], message: string): RejectedRecord {
  return { key, code, field: undefined, message, raw: null };
}
