import { type Connector, type Entity, entityOf, type SyncSettings, withSettings } from '@syncline/connector-kit';
import {
  beginVerifiedEntity,
  comparePages,
  type EvidenceBatch,
  endVerifiedEntity,
  followClock,
  type Listing,
  settleVerifiedEntity,
  type Target,
  type VerifiedEntity,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { prefetch } from '../run/prefetch.js';
import { type ReadPage, readPages } from '../run/read-pages.js';
import { targetSql } from '../table-families.js';
import { knownSettings } from '../vendor/known-settings.js';
import { openClient } from '../vendor/open-client.js';
import { askAgain } from './ask-again.js';
import type { EntityEnd, VerificationWork } from './verification-work.js';

/** Pages read ahead of the one being compared. */
const pagesAhead = 12;

/**
 * Takes an entity through its verification, from where it stands: its pages are compared, then its rows as a whole, then
 * findings and a sample are asked for again. All of it in the lane of those who can wait.
 *
 * Throws what reading and comparing throw; everything noted before stays.
 */
export async function verifyEntity(
  ctx: EngineContext,
  work: VerificationWork,
  state: VerifiedEntity,
): Promise<EntityEnd> {
  const { connector, connection, held, turn } = work;
  const declared = entityOf(connector, state.entity);
  await beginVerifiedEntity(ctx.db, held, state.entity);
  const client = await openClient(ctx, connector, connection, turn.signal, 'backfill');
  const settings = await knownSettings(ctx, connector, connection, client);
  const entity = withSettings(declared, settings);
  const target = await targetOf(ctx, work, declared);
  if (state.status !== 'checking') {
    const end = state.allPagesRead ? 'done' : await comparePagesOf(ctx, work, { entity, target, state, settings });
    if (end !== 'done') return end;
    await settleVerifiedEntity(ctx.db, held, state.entity, target, listingOf(connector, declared));
  }
  const asked = await askAgain(ctx, work, { entity, target, client, state });
  if (asked.end !== 'done') return asked.end;
  await endVerifiedEntity(ctx.db, held, state.entity, asked.sampled);
  return 'done';
}

function listingOf({ entities }: Connector, { name, sweeps, history }: Entity): Listing {
  const bringers = entities.filter(({ brings }) => brings?.includes(name)).map((one) => one.name);
  const readers = bringers.length > 0 ? bringers : [name];
  return { readers, inParts: sweeps === false, history: history === true };
}

async function targetOf(
  ctx: EngineContext,
  { connector, connection }: VerificationWork,
  entity: Entity,
): Promise<Target> {
  const { organizationId, id: connectionId } = connection;
  return { sql: await targetSql(ctx.db, connector, entity), organizationId, connectionId, firstLoad: false };
}

interface PageWork {
  readonly entity: Entity;
  readonly target: Target;
  readonly state: VerifiedEntity;
  readonly settings: SyncSettings;
}

async function comparePagesOf(
  ctx: EngineContext,
  work: VerificationWork,
  { entity, target, state, settings }: PageWork,
): Promise<EntityEnd> {
  const { connector, connection, held, turn } = work;
  // Its own client: the reading ahead is told to stop where the comparing ends, what is asked after it is not.
  const reading = new AbortController();
  const signal = AbortSignal.any([turn.signal, reading.signal]);
  const client = await openClient(ctx, connector, connection, signal, 'backfill');
  const brought = (entity.brings ?? []).map((name) => withSettings(entityOf(connector, name), settings));
  const targets = new Map([[entity.name, target]]);
  for (const one of brought) targets.set(one.name, await targetOf(ctx, work, entityOf(connector, one.name)));
  const pages = readPages(entity, {
    client,
    now: await followClock(ctx.db),
    cursor: state.cursor,
    since: undefined,
    pageSize: settings.pageSize,
    maxPages: Number.POSITIVE_INFINITY,
    pagesBefore: state.pages,
    isEnough: turn.othersWait,
    brought,
  });
  let compared = state.pages;
  for await (const pile of prefetch(pages, pagesAhead, () => reading.abort())) {
    const batch = { ...toBatch(entity.name, pile, targets), pagesBefore: compared };
    const standing = await comparePages(ctx.db, held, batch);
    compared += pile.length;
    if (standing === 'paused') return 'paused';
    if (batch.cursor === undefined) return 'done';
    if (turn.signal.aborted) return 'stopping';
  }
  return 'slice-over';
}

function toBatch(
  entity: string,
  pile: readonly ReadPage[],
  targets: ReadonlyMap<string, Target>,
): Omit<EvidenceBatch, 'pagesBefore'> {
  const lossless = pile.some((page) => page.lossless);
  const asOf = new Date(Math.min(...pile.map((page) => page.asOf.getTime())));
  const parts = pile.flatMap((page) => [{ entity, ...page }, ...(page.along ?? [])]);
  const evidence = [...targets].map(([name, target]) => {
    const own = parts.filter((part) => part.entity === name);
    return {
      ...{ entity: name, target, lossless, asOf },
      records: own.flatMap(({ records }) => records),
      rejected: own.flatMap(({ rejected }) => rejected),
    };
  });
  return { entity, pages: pile.length, cursor: pile.at(-1)?.next, evidence };
}
