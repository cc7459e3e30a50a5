import {
  type Cursor,
  type Entity,
  type MappedRecord,
  mapRecord,
  type RejectedRecord,
  SyncError,
  type VendorClient,
} from '@syncline/connector-kit';

/** A page that is ready to be written. */
export interface ReadPage {
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
  readonly lossless: boolean;
  /** Undefined after the last page. */
  readonly next: Cursor | undefined;
  readonly vendorTime: Date | undefined;
}

export interface ReadOptions {
  readonly client: VendorClient;
  readonly cursor: Cursor | undefined;
  readonly since: Date | undefined;
  readonly pageSize: number;
  /** Pages to read at most. */
  readonly maxPages: number;
}

/**
 * Reads an entity's pages one after the other, validated and mapped.
 *
 * Throws SyncError: what the road and the connector throw, and CURSOR_CYCLE when a page leads back to itself.
 */
export async function* readPages(entity: Entity, options: ReadOptions): AsyncGenerator<ReadPage> {
  let cursor = options.cursor;
  const isRepeated = cycleDetector();
  for (let page = 0; page < options.maxPages; page += 1) {
    const { client, since, pageSize } = options;
    const answer = await entity.fetchPage({ client, cursor, since, pageSize });
    const { records, rejected } = mapAll(entity, answer.records);
    yield { records, rejected, lossless: answer.lossless, next: answer.next, vendorTime: answer.vendorTime };
    if (answer.next === undefined) return;
    if (isRepeated(JSON.stringify(answer.next))) {
      throw new SyncError('CURSOR_CYCLE', `${entity.name}: the vendor leads back to a page already read`);
    }
    cursor = answer.next;
  }
}

/** Brent's way: compares with one remembered place, which moves on at growing distances. Constant memory. */
function cycleDetector(): (place: string) => boolean {
  let remembered = '';
  let steps = 0;
  let distance = 1;
  return (place) => {
    if (place === remembered) return true;
    steps += 1;
    if (steps === distance) {
      remembered = place;
      steps = 0;
      distance *= 2;
    }
    return false;
  };
}

function mapAll(entity: Entity, raws: readonly unknown[]) {
  const records: MappedRecord[] = [];
  const rejected: RejectedRecord[] = [];
  for (const raw of raws) {
    const outcome = mapRecord(entity.mapping, raw);
    if ('ok' in outcome) records.push(outcome.ok);
    else rejected.push(outcome.rejected);
  }
  return { records, rejected };
}
