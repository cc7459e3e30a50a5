import {
  type Entity,
  isSyncError,
  type MappedRecord,
  mapRecord,
  type RejectedRecord,
  type SyncError,
  type VendorAnswer,
} from '@syncline/connector-kit';

/** What the vendor says about records that its list did not have. */
export interface Answers {
  /** Ids that it does not know. */
  readonly gone: readonly string[];
  /** Ids that it knows all the same, and their records, to be written. */
  readonly alive: readonly string[];
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
  readonly lossless: boolean;
  /**
   * Why not all were asked for. refused: the vendor does not let us. distrusted: it denies records that it has just
   * listed, so its "not found" says nothing. failure: whatever else; trying again may help.
   */
  readonly stopped?:
    | { readonly reason: 'refused'; readonly error: SyncError }
    | { readonly reason: 'distrusted' }
    | { readonly reason: 'failure'; readonly error: unknown };
}

/**
 * Asks for records by their ids, one after the other. One that the list had is asked for first: a path that does not
 * exist, or a user who may list but not look, answers 404 to everything. Never throws; what stopped it is in the answer.
 */
export async function askForMissing(
  entity: Pick<Entity, 'mapping'>,
  fetchOne: (id: string) => Promise<VendorAnswer>,
  ids: readonly string[],
  listed: readonly string[],
): Promise<Answers> {
  const gone: string[] = [];
  const alive: string[] = [];
  const records: MappedRecord[] = [];
  const rejected: RejectedRecord[] = [];
  let lossless = false;
  const so = (stopped?: Answers['stopped']): Answers => ({
    ...{ gone, alive, records, rejected, lossless },
    ...(stopped && { stopped }),
  });
  try {
    if (listed.length > 0 && !(await knowsOneOf(fetchOne, listed))) return so({ reason: 'distrusted' });
    for (const id of ids) {
      const answer = await findOne(fetchOne, id);
      if (answer === undefined) {
        gone.push(id);
        continue;
      }
      alive.push(id);
      lossless ||= answer.lossless;
      const outcome = mapRecord(entity.mapping, answer.json);
      if ('ok' in outcome) records.push(outcome.ok);
      else rejected.push(outcome.rejected);
    }
    return so();
  } catch (error) {
    const refused = isSyncError(error) && error.entry.kind === 'permanent' && error.code.startsWith('UPSTREAM_');
    return so(refused ? { reason: 'refused', error } : { reason: 'failure', error });
  }
}

/** Whether the vendor knows at least one of these records by its id. */
export async function knowsOneOf(
  fetchOne: (id: string) => Promise<VendorAnswer>,
  ids: readonly string[],
): Promise<boolean> {
  for (const id of ids) if ((await findOne(fetchOne, id)) !== undefined) return true;
  return false;
}

/** The record of that id; undefined where the vendor says that there is none. */
export async function findOne(
  fetchOne: (id: string) => Promise<VendorAnswer>,
  id: string,
): Promise<VendorAnswer | undefined> {
  try {
    return await fetchOne(id);
  } catch (error) {
    const status = isSyncError(error) ? error.details['status'] : undefined;
    if (status === 404 || status === 410) return undefined;
    throw error;
  }
}
