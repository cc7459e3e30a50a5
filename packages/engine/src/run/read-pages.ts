import {
  type Cursor,
  type Entity,
  type MappedRecord,
  mapRecord,
  nearlyAllFail,
  type Page,
  type Partition,
  type RejectedRecord,
  type Scope,
  type Span,
  SyncError,
  type VendorClient,
} from '@syncline/connector-kit';
import type { Gone, WholePartitions } from '@syncline/store';
import { inSpan } from '@syncline/tracing';

/** A page that is ready to be written. */
export interface ReadPage {
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
  readonly lossless: boolean;
  /** By Postgres' clock, before it was asked for. */
  readonly asOf: Date;
  /** Undefined after the last page. */
  readonly next: Cursor | undefined;
  readonly vendorTime: Date | undefined;
  /** Records that were asked for by their ids, and that the vendor does not have. */
  readonly gone?: Gone;
  /** What the page has all of; nothing where a record has no readable id, which could be any row's. */
  readonly whole?: WholePartitions;
  /** Records of other entities that came with it. */
  readonly along?: readonly AlongPage[];
}

interface AlongPage {
  readonly entity: string;
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
}

export interface ReadOptions {
  readonly client: VendorClient;
  /** The time, by Postgres' clock. */
  readonly now: () => Date;
  readonly cursor: Cursor | undefined;
  readonly since: Date | undefined;
  /** Given, nothing else is wanted; `since` is where it begins. */
  readonly span?: Span | undefined;
  /** Given, nothing is wanted but what belongs to it. */
  readonly scope?: Scope | undefined;
  readonly pageSize: number;
  /** Pages to read at most. */
  readonly maxPages: number;
  /** Asked with each page, before the next one is asked for. Once true, that is not done any more. */
  readonly isEnough?: () => Promise<boolean>;
  /** Entities whose records come along with the pages. */
  readonly brought?: readonly Entity[];
  /** Pages of the run that were read before; for messages. */
  readonly pagesBefore?: number;
}

/**
 * Reads an entity's pages one after the other, validated and mapped. While a page is mapped and handed over, the next
 * one is already asked for.
 *
 * Throws SyncError: what the road and the connector throw, CURSOR_CYCLE when a page leads back to itself, and
 * UPSTREAM_SCHEMA instead of a page of which (nearly) nothing can be used.
 */
export async function* readPages(entity: Entity, options: ReadOptions): AsyncGenerator<ReadPage> {
  const { client, now, since, span, scope, pageSize } = options;
  const isRepeated = cycleDetector();
  const before = options.pagesBefore ?? 0;
  const ask = (cursor: Cursor | undefined, number: number) => {
    const asOf = now();
    const page = inSpan('page', { subject: { page: number } }, () =>
      entity.fetchPage({ client, cursor, since, span, scope, pageSize }),
    );
    // Whoever stops reading early leaves a page unread; what became of it is nobody's concern.
    page.catch(() => undefined);
    return { page, asOf };
  };
  let asked: { readonly page: Promise<Page>; readonly asOf: Date } | undefined = ask(options.cursor, before + 1);
  for (let page = 1; asked !== undefined; page += 1) {
    const { asOf } = asked;
    const { records: raws, lossless, next, vendorTime, partitions = [], along = {} }: Page = await asked.page;
    const repeated: boolean = next !== undefined && isRepeated(JSON.stringify(next));
    const isLast: boolean =
      next === undefined || repeated || page >= options.maxPages || (await options.isEnough?.()) === true;
    const number = before + page;
    asked = isLast ? undefined : ask(next, number + 1);
    const mapped = mapAll(entity, raws);
    stopIfNearlyAllFail(entity, number, mapped.rejected, raws.length);
    const more = { ...wholeOf(partitions, mapped, asOf), ...alongOf(options.brought, along, number) };
    yield { ...mapped, lossless, asOf, next, vendorTime, ...more };
    if (repeated) {
      throw new SyncError('CURSOR_CYCLE', `${entity.name}: the vendor leads back to a page already read`);
    }
  }
}

function alongOf(
  brought: readonly Entity[] = [],
  along: NonNullable<Page['along']>,
  page: number,
): Pick<ReadPage, 'along'> {
  if (brought.length === 0) return {};
  return {
    along: brought.map((entity) => {
      const raws = along[entity.name] ?? [];
      const mapped = mapAll(entity, raws);
      stopIfNearlyAllFail(entity, page, mapped.rejected, raws.length);
      return { entity: entity.name, ...mapped };
    }),
  };
}

function wholeOf(
  partitions: readonly Partition[],
  { records, rejected }: Pick<ReadPage, 'records' | 'rejected'>,
  asOf: Date,
): Pick<ReadPage, 'whole'> {
  const keys = [...records, ...rejected].map(({ key }) => key);
  const vendorIds = keys.filter((key) => key !== undefined);
  return partitions.length === 0 || vendorIds.length < keys.length ? {} : { whole: { partitions, vendorIds, asOf } };
}

/** Then it is the list that is wrong, not its records: one run that says so is better than as many failed items. */
function stopIfNearlyAllFail(entity: Entity, page: number, rejected: readonly RejectedRecord[], all: number): void {
  if (!nearlyAllFail(rejected.length, all)) return;
  const first = rejected[0]?.message ?? '';
  const message = `${entity.name}, page ${page}: ${rejected.length} of ${all} records have another shape; the first: ${first}`;
  throw new SyncError('UPSTREAM_SCHEMA', message);
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
