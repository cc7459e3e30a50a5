import {
  type Connector,
  type Cursor,
  type Entity,
  entityOf,
  type SyncSettings,
  type VendorClient,
  withSettings,
} from '@syncline/connector-kit';
import {
  type ClaimedRun,
  type CommitOutcome,
  commitPages,
  followClock,
  type Gone,
  hasOpenItems,
  holdsRows,
  liveIdsBeside,
  type PageBatch,
  type RecordBatch,
  type Target,
  takeOverRows,
} from '@syncline/store';
import { inSpan } from '@syncline/tracing';
import type { EngineContext } from '../context.js';
import { measureCommit } from '../measure/measure-commit.js';
import { targetSql } from '../table-families.js';
import { keepStatistics } from './keep-statistics.js';
import { prefetch } from './prefetch.js';
import { readChosen, throughOf } from './read-chosen.js';
import { type ReadPage, readPages } from './read-pages.js';
import { seenIn } from './seen-in.js';
import { fetchOneOf, idsOf, scopeOf, spanOf } from './selected.js';

/** How far the pages of a run were taken this time. */
export type TransferEnd = 'all-pages-read' | 'page-cap' | 'paused' | 'cancelled' | 'stopping' | 'slice-over';

export interface TransferOptions {
  readonly connector: Connector;
  readonly entity: Entity;
  readonly settings: SyncSettings;
  readonly client: VendorClient;
  /** Aborted when the process stops or the job's lock is lost. */
  readonly signal: AbortSignal;
  /** Ends what the client is waiting for. */
  readonly stopReading: () => void;
  /** Asked between pages; once true, the turn ends with what was read. The checkpoint makes that cheap. */
  readonly othersWait: () => Promise<boolean>;
}

/** So many stored records at most are asked for, before the vendor's "not found" of another one is believed. */
const witnesses = 3;

/** Pages read ahead of the one being written. Bounds memory, and how much is read again after a crash. */
const pagesAhead = 12;

/**
 * Takes pages from the vendor to Postgres until there are no more, or until there is a reason to stop. Reading is
 * ahead of writing; pages that pile up share a transaction.
 *
 * Throws what reading and committing throw; everything committed before stays.
 */
export async function transfer(ctx: EngineContext, run: ClaimedRun, options: TransferOptions): Promise<TransferEnd> {
  const { entity, settings, client, signal } = options;
  const { organizationId, connectionId } = run;
  const sql = await targetSql(ctx.db, options.connector, entity);
  if (run.scanId !== null) await takeOverRows(ctx.db, { sql, organizationId, connectionId });
  const firstLoad = !(await holdsRows(ctx.db, { sql, connectionId }));
  const retrySeconds = ctx.recoveryPolicy.baseSeconds;
  const maxOpenItems = settings.maxOpenFailedItems;
  const target: Target = { sql, organizationId, connectionId, firstLoad, retrySeconds, maxOpenItems };
  const brought = (entity.brings ?? []).map((name) => withSettings(entityOf(options.connector, name), settings));
  const alongTargets = await targetsOf(ctx, options.connector, brought, target);
  const ids = idsOf(run.selection);
  // Who names records has set a limit to them already.
  const uncapped = settings.maxPages === 0 || ids !== undefined;
  const pagesLeft = uncapped ? Number.POSITIVE_INFINITY : settings.maxPages - run.pages;
  if (pagesLeft <= 0) return 'page-cap';
  let turnIsOver = false;
  // Before a page is asked for, not after: its permit would be spent, and its answer waited for or thrown away.
  const isEnough = async () => {
    turnIsOver ||= await options.othersWait();
    return turnIsOver;
  };
  const scope = scopeOf(run);
  const now = await followClock(ctx.db);
  const pages =
    ids === undefined
      ? readPages(entity, {
          client,
          now,
          cursor: run.cursor as Cursor | undefined,
          since: scope === undefined ? (run.lowerBound ?? undefined) : undefined,
          span: spanOf(run.selection),
          scope,
          pageSize: settings.pageSize,
          maxPages: pagesLeft,
          pagesBefore: run.pages,
          isEnough,
          brought,
        })
      : readChosen(entity, {
          ids,
          through: throughOf(run.cursor),
          fetchOne: (id) => fetchOneOf(entity)(client, id),
          isEnough,
          database: {
            now,
            others: () => liveIdsBeside(ctx.db, target, ids, witnesses),
          },
        });
  let committed = run.pages;
  let mayResolve = run.hasOpenItems || (await hasOpenItems(ctx.db, connectionId, entity.brings ?? []));
  const afterCommit = keepStatistics(ctx, run, [entity, ...brought]);
  for await (const pile of prefetch(pages, pagesAhead, options.stopReading)) {
    const along = alongTargets.map((one) => alongBatch(one, pile));
    const read = toBatch(pile, committed, mayResolve);
    // An access of the job's own may be shown less of a part than there is.
    const whole = run.adhoc ? [] : read.whole;
    const batch = { ...read, whole, seen: seenIn(run, pile), along };
    await ctx.onBoundary?.('fetched', entity.name);
    const beforeCommit = ctx.onBoundary && (() => ctx.onBoundary?.('in-transaction', entity.name));
    const told = { subject: { page: committed + pile.length }, attributes: { 'syncline.pages': pile.length } };
    const outcome = await inSpan('write pages', told, async (span) => {
      const written = await commitPages(ctx.db, target, run, batch, beforeCommit);
      const { created, updated, unchanged, failed } = written;
      span.set({ 'syncline.created': created, 'syncline.updated': updated });
      span.set({ 'syncline.unchanged': unchanged, 'syncline.failed': failed });
      return written;
    });
    await ctx.onBoundary?.('committed', entity.name);
    committed += pile.length;
    mayResolve ||= outcome.failed > 0 || outcome.alongFailed > 0;
    logCommit(ctx, committed, pile.length, outcome);
    if (ctx.metrics) measureCommit(ctx.metrics, options.connector.id, run.entity, pile.length, outcome);
    await afterCommit(recordsOf(batch), batch.cursor === undefined);
    if (batch.cursor === undefined) return 'all-pages-read';
    if (outcome.standing !== 'live') return outcome.standing;
    if (signal.aborted) return 'stopping';
  }
  return turnIsOver ? 'slice-over' : 'page-cap';
}

function toBatch(pile: readonly ReadPage[], pagesBefore: number, mayResolve: boolean): PageBatch {
  return {
    pages: pile.length,
    pagesBefore,
    records: pile.flatMap((page) => page.records),
    rejected: pile.flatMap((page) => page.rejected),
    lossless: pile.some((page) => page.lossless),
    asOf: new Date(Math.min(...pile.map(({ asOf }) => asOf.getTime()))),
    cursor: pile.at(-1)?.next,
    upperBound: pile.find((page) => page.vendorTime !== undefined)?.vendorTime,
    mayResolve,
    gone: goneOf(pile),
    whole: pile.flatMap(({ whole }) => whole ?? []),
  };
}

/** Where records go that come along with an entity's pages. */
async function targetsOf(
  ctx: EngineContext,
  connector: Connector,
  brought: readonly Entity[],
  owner: Target,
): Promise<Pick<RecordBatch, 'entity' | 'target'>[]> {
  return Promise.all(
    brought.map(async (entity) => {
      const sql = await targetSql(ctx.db, connector, entity);
      const firstLoad = !(await holdsRows(ctx.db, { sql, connectionId: owner.connectionId }));
      return { entity: entity.name, target: { ...owner, sql, firstLoad } };
    }),
  );
}

function alongBatch(one: Pick<RecordBatch, 'entity' | 'target'>, pile: readonly ReadPage[]): RecordBatch {
  const pages = pile.flatMap(({ along = [] }) => along.filter(({ entity }) => entity === one.entity));
  return {
    ...one,
    records: pages.flatMap(({ records }) => records),
    rejected: pages.flatMap(({ rejected }) => rejected),
  };
}

/** With those that came along. */
function recordsOf({ records, along = [] }: PageBatch): number {
  return along.reduce((sum, one) => sum + one.records.length, records.length);
}

/** Of all the pages together; what was written since the first of them was asked for is left alone. */
function goneOf(pile: readonly ReadPage[]): Gone | undefined {
  const some = pile.flatMap(({ gone }) => (gone === undefined || gone.vendorIds.length === 0 ? [] : [gone]));
  const [first] = some;
  return first && { vendorIds: some.flatMap(({ vendorIds }) => vendorIds), asOf: first.asOf };
}

function logCommit(
  ctx: EngineContext,
  page: number,
  pages: number,
  { standing: _, along: __, ...counts }: CommitOutcome,
) {
  ctx.log.debug({ event: 'pages.committed', page, pages, ...counts }, 'pages committed');
  if (counts.deleted > 0)
    ctx.log.info(
      { event: 'rows.deleted', deleted: counts.deleted },
      'rows marked as deleted: the vendor does not have them any more',
    );
}
