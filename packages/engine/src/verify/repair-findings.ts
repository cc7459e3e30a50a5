import { type Entity, entityOf, isSyncError, type SyncSettings } from '@syncline/connector-kit';
import type { Verdict } from '@syncline/queue';
import {
  type ClaimedVerification,
  type Connection,
  countLive,
  endRepair,
  listFindingIds,
  listRepairs,
  noteRepair,
  noteVerificationRest,
  prepareRepair,
  type RepairWork,
  readJob,
  type Target,
} from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';
import { type CreatedSync, createSync, enqueueSync, type SyncRequest } from '../job/start-sync.js';
import { mayBeMarked } from '../run/sweep-brake.js';
import { targetSql } from '../table-families.js';

/** So many records are asked for one by one at most; of more, the whole list is shorter. */
const mostIds = 1_000;

/** How often it is looked whether the sync has ended that repairs an entity, or that is in the way of it. */
const lookMs = 1_000;
/** Somebody has to do something first. */
const refusedMs = 60_000;

/**
 * One turn of a repair: an entity after the other is brought right by a sync of its own, of the records that were found
 * or, where the vendor does not hand them out one by one, or they are very many, of everything.
 *
 * Throws SyncError FENCED_OUT, else what the database throws.
 */
export async function repairFindings(
  ctx: EngineContext,
  connection: Connection,
  held: ClaimedVerification,
): Promise<Verdict> {
  const [work] = await listRepairs(ctx.db, held);
  if (work === undefined) {
    await endRepair(ctx.db, held, null);
    ctx.log.info({ event: 'verification.repaired' }, 'what a verification found was repaired');
    return { kind: 'done' };
  }
  const job = work.jobId === null ? undefined : await readJob(ctx.db, work.jobId);
  if (job === undefined) return begin(ctx, connection, held, work);
  if (job.status === 'queued' || job.status === 'running') return rest(ctx, held, 'repair', lookMs);
  if (job.status !== 'succeeded' && job.status !== 'partial') {
    await endRepair(ctx.db, held, `${work.entity}: the sync that repairs it ended as ${job.status}`);
    return { kind: 'done' };
  }
  await ctx.db
    .transaction()
    .execute((trx) => noteRepair(trx, held, work.entity, { jobId: job.id, repaired: true, left: null }));
  return { kind: 'yield' };
}

async function rest(ctx: EngineContext, held: ClaimedVerification, waitingFor: string, ms: number): Promise<Verdict> {
  const until = new Date(Date.now() + ms);
  await noteVerificationRest(ctx.db, held, { waitingFor, until });
  return { kind: 'rest', until };
}

/**
 * Starts the sync of an entity, in the transaction that notes it: it is started once. The job comes first: where another one
 * is in the way, nothing is locked and nothing is looked for.
 */
async function begin(
  ctx: EngineContext,
  connection: Connection,
  held: ClaimedVerification,
  { entity: name, findings }: RepairWork,
): Promise<Verdict> {
  const connector = connectorOf(ctx, connection.connector);
  const entity = entityOf(connector, name);
  const all = findings.missing + findings.extra + findings.stale + findings.different;
  const byId = entity.fetchOne !== undefined && all <= mostIds;
  const target = { sql: await targetSql(ctx.db, connector, entity), connectionId: connection.id };
  const left = await leftAlone(ctx, settingsOf(connector, connection), { entity, target }, findings.extra);
  const marksExtra = entity.fetchOne === undefined && left === null;
  const needsSync = entity.fetchOne !== undefined || findings.extra < all;
  const ids = byId ? await listFindingIds(ctx.db, held, name) : [];
  try {
    const created = await ctx.db.transaction().execute(async (trx): Promise<CreatedSync | undefined> => {
      const order = { syncType: 'repair', entities: [name], trigger: 'recovery', triggeredBy: held.repairBy } as const;
      const request: SyncRequest = byId
        ? { ...order, mode: 'backfill', selection: { ids } }
        : { ...order, mode: 'full' };
      const sync = needsSync ? await createSync({ ...ctx, db: trx }, connection, request) : undefined;
      await prepareRepair(trx, held, name, target, marksExtra);
      await noteRepair(trx, held, name, { jobId: sync?.jobId ?? null, repaired: sync === undefined, left });
      return sync;
    });
    if (created === undefined) return { kind: 'yield' };
    await enqueueSync(ctx, created);
    return rest(ctx, held, 'repair', lookMs);
  } catch (error) {
    if (!isSyncError(error, 'SYNC_ALREADY_RUNNING', 'SYNC_STOPPED', 'CONNECTION_NOT_READY')) throw error;
    return rest(ctx, held, error.code, error.code === 'SYNC_ALREADY_RUNNING' ? lookMs : refusedMs);
  }
}

/**
 * Why rows that are too many are left alone: there are more of them than a sweep would mark by itself, in an entity of which
 * even a full sync does not read all that there ever was. Years that a connection is told to leave out look like that.
 * Null: they are not.
 */
async function leftAlone(
  ctx: EngineContext,
  settings: SyncSettings,
  { entity, target }: { readonly entity: Entity; readonly target: Pick<Target, 'sql' | 'connectionId'> },
  extra: number,
): Promise<string | null> {
  if (entity.sweeps !== false || entity.fetchOne !== undefined || extra === 0) return null;
  const limit = mayBeMarked(await countLive(ctx.db, target.sql, target.connectionId), settings);
  if (extra <= limit) return null;
  return `${entity.name}: ${extra} rows are too many and were left alone; ${limit} may be deleted (sweepMaxShare, sweepMaxRows)`;
}
