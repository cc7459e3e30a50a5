import type { Entity, VendorAnswer } from '@syncline/connector-kit';
import { type Look, lookUp } from './look-up.js';
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
    now(): Date;
    /** A few ids of live rows that are not among the chosen ones. */
    others(): Promise<readonly string[]>;
  };
}

/** What a crash costs, and how much is written in one transaction. */
const idsAPage = 10;

/**
 * Reads chosen records one by one, as pages; what comes of each, `lookUp` says.
 *
 * Throws what says nothing about a single record (a budget that is used up, a vendor that cannot be reached), after
 * everything read before it.
 */
export async function* readChosen(entity: Pick<Entity, 'mapping'>, options: ChosenOptions): AsyncGenerator<ReadPage> {
  const { ids, fetchOne, database } = options;
  const look = lookUp(entity, { fetchOne, others: database.others });
  for (let through = options.through; through < ids.length; ) {
    const asOf = database.now();
    const { looks, obstacle } = await lookAtSome(ids.slice(through, through + idsAPage), look);
    through += looks.length;
    if (looks.length > 0) {
      yield {
        records: looks.flatMap((one) => ('ok' in one ? [one.ok] : [])),
        rejected: looks.flatMap((one) => ('rejected' in one ? [one.rejected] : [])),
        gone: { vendorIds: looks.flatMap((one) => ('gone' in one ? [one.gone] : [])), asOf },
        lossless: looks.some((one) => 'lossless' in one && one.lossless),
        asOf,
        next: through < ids.length ? { through } : undefined,
        vendorTime: undefined,
      };
    }
    if (obstacle !== undefined) throw obstacle.error;
    if (await options.isEnough()) return;
  }
}

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

/** How many of the chosen ids are through, by a run's cursor. */
export function throughOf(cursor: unknown): number {
  const { through } = (cursor ?? {}) as { readonly through?: unknown };
  return typeof through === 'number' ? through : 0;
}
