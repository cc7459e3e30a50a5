import { entityOf, isSyncError } from '@syncline/connector-kit';
import type { Verdict } from '@syncline/queue';
import {
  type ClaimedVerification,
  type Connection,
  endRepair,
  listFindingIds,
  listRepairs,
  noteRepair,
  noteVerificationRest,
  prepareRepair,
  type RepairWork,
  readJob,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { type CreatedSync, createSync, enqueueSync, type SyncRequest } from '../job/start-sync.js';
import { targetSql } from '../table-families.js';

/** So many records are asked for one by one at most; of more, the whole list is shorter. */
const mostIds = 1_000;

/** How often it is looked whether the sync has ended that repairs an entity, or that is in the way of it. */
const lookMs = 1_000;
/** Somebody has to do something first. */
const refusedMs = 60_000;

/**
 * One turn of a repair: an entity after the other is brought right by a sync of its own, of the records that were found
 * or, where the vendor does not hand them out one by one, of everything.
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
    ctx.log.info('what a verification found was repaired');
    return { kind: 'done' };
  }
  const job = work.jobId === null ? undefined : await readJob(ctx.db, work.jobId);
  if (job === undefined) return begin(ctx, connection, held, work);
  if (job.status === 'queued' || job.status === 'running') return rest(ctx, held, 'repair', lookMs);
  if (job.status !== 'succeeded' && job.status !== 'partial') {
    await endRepair(ctx.db, held, `${work.entity}: the sync that repairs it ended as ${job.status}`);
    return { kind: 'done' };
  }
  await ctx.db.transaction().execute((trx) => noteRepair(trx, held, work.entity, { jobId: job.id, repaired: true }));
  return { kind: 'yield' };
}

async function rest(ctx: EngineContext, held: ClaimedVerification, waitingFor: string, ms: number): Promise<Verdict> {
  const until = new Date(Date.now() + ms);
  await noteVerificationRest(ctx.db, held, { waitingFor, until });
  return { kind: 'rest', until };
}

/** Starts the sync of an entity, in the transaction that notes it: it is started once. */
async function begin(
  ctx: EngineContext,
  connection: Connection,
  held: ClaimedVerification,
  { entity: name, findings }: RepairWork,
): Promise<Verdict> {
  const connector = connectorOf(ctx, connection.connector);
  const entity = entityOf(connector, name);
  const ids = await listFindingIds(ctx.db, held, name);
  const byId = entity.fetchOne !== undefined && ids.length <= mostIds;
  const onlyExtra = findings.extra === ids.length;
  const target = { sql: await targetSql(ctx.db, connector, entity), connectionId: connection.id };
  try {
    const created = await ctx.db.transaction().execute(async (trx): Promise<CreatedSync | undefined> => {
      await prepareRepair(trx, held, name, target, !byId);
      if (!byId && onlyExtra) {
        await noteRepair(trx, held, name, { jobId: null, repaired: true });
        return undefined;
      }
      const order = { syncType: 'repair', entities: [name], trigger: 'recovery', triggeredBy: held.repairBy } as const;
      const request: SyncRequest = byId
        ? { ...order, mode: 'backfill', selection: { ids } }
        : { ...order, mode: 'full' };
      const sync = await createSync({ ...ctx, db: trx }, connection, request);
      await noteRepair(trx, held, name, { jobId: sync.jobId, repaired: false });
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
