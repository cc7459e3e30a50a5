import {
  type Entity,
  type MappedRecord,
  mapRecord,
  type RejectedRecord,
  type VendorAnswer,
} from '@syncline/connector-kit';
import { isAboutTheRecord } from '../recovery/fetch-again.js';
import { findOne, knowsOneOf } from './ask-for-missing.js';
import type { ReadPage } from './read-pages.js';

export interface ChosenOptions {
  /** Vendor ids, each once. */
  readonly ids: readonly string[];
  /** Where the run stands: how many of them are through. */
  readonly through: number;
  readonly fetchOne: (id: string) => Promise<VendorAnswer>;
  /** Asked with each page. Once true, no further one is begun. */
  readonly isEnough: () => Promise<boolean>;
  readonly database: {
    /** The time there. */
    now(): Promise<Date>;
    /** A few ids of live rows that are not among the chosen ones. */
    others(): Promise<readonly string[]>;
  };
}

/** What a crash costs, and how much is written in one transaction. */
const idsAPage = 10;

/**
 * Reads chosen records one by one, as pages. What is wrong with one of them is its own outcome. One that the vendor does
 * not have is `gone`, unless he denies just as well what he is known to have: then his word says nothing, and the record
 * has failed.
 *
 * Throws what says nothing about a single record (a budget that is used up, a vendor that cannot be reached), after
 * everything read before it.
 */
export async function* readChosen(entity: Pick<Entity, 'mapping'>, options: ChosenOptions): AsyncGenerator<ReadPage> {
  const { ids, fetchOne, database } = options;
  let isBelieved: boolean | undefined;
  const look = async (id: string): Promise<Look> => {
    try {
      const answer = await findOne(fetchOne, id);
      if (answer !== undefined) {
        isBelieved = true;
        return { ...outcomeOf(entity, id, answer.json), lossless: answer.lossless };
      }
    } catch (error) {
      if (!isAboutTheRecord(error)) throw error;
      return { rejected: failed(id, error.code, error.message) };
    }
    isBelieved ??= await knowsAnyOf(fetchOne, await database.others());
    return isBelieved ? { gone: id } : { rejected: distrusted(id) };
  };

  for (let through = options.through; through < ids.length; ) {
    const asOf = await database.now();
    const { looks, obstacle } = await lookAtSome(ids.slice(through, through + idsAPage), look);
    through += looks.length;
    if (looks.length > 0) {
      yield {
        records: looks.flatMap((one) => ('ok' in one ? [one.ok] : [])),
        rejected: looks.flatMap((one) => ('rejected' in one ? [one.rejected] : [])),
        gone: { vendorIds: looks.flatMap((one) => ('gone' in one ? [one.gone] : [])), asOf },
        lossless: looks.some((one) => 'lossless' in one && one.lossless),
        next: through < ids.length ? { through } : undefined,
        vendorTime: undefined,
      };
    }
    if (obstacle !== undefined) throw obstacle.error;
    if (await options.isEnough()) return;
  }
}

/** What came of asking for one record. */
type Look =
  | { readonly ok: MappedRecord; readonly lossless: boolean }
  | { readonly rejected: RejectedRecord; readonly lossless?: boolean }
  | { readonly gone: string };

/** Looks until something is in the way that is not about one record: requests that were spent are not spent again. */
async function lookAtSome(ids: readonly string[], look: (id: string) => Promise<Look>) {
  const looks: Look[] = [];
  try {
    for (const id of ids) looks.push(await look(id));
    return { looks };
  } catch (error) {
    return { looks, obstacle: { error } };
  }
}

async function knowsAnyOf(fetchOne: ChosenOptions['fetchOne'], others: readonly string[]): Promise<boolean> {
  return others.length === 0 || (await knowsOneOf(fetchOne, others));
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

function failed(key: string, code: RejectedRecord['code'], message: string): RejectedRecord {
  return { key, code, field: undefined, message, raw: null };
}

/** How many of the chosen ids are through, by a run's cursor. */
export function throughOf(cursor: unknown): number {
  const { through } = (cursor ?? {}) as { readonly through?: unknown };
  return typeof through === 'number' ? through : 0;
}
