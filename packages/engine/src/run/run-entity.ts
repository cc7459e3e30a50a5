import { type Connector, type Entity, entityOf, isSyncError } from '@syncline/connector-kit';
import type { Turn, Verdict } from '@syncline/queue';
import {
  type ClaimedRun,
  type Connection,
  claimRun,
  endRun,
  findConnection,
  readJob,
  reopenJob,
  resolveFailedRun,
  setConnectionStatus,
} from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';
import { continueJob } from '../job/continue-job.js';
import { openClient } from '../vendor/open-client.js';
import { checkDependencies } from './check-dependencies.js';
import { settleFailure } from './settle-failure.js';
import { transfer } from './transfer.js';

const done: Verdict = { kind: 'done' };

/** When to look again, if another job or another worker has to end first. */
const turnMs = 3_000;

/**
 * One turn of an entity run: claims it, goes on at its checkpoint, and ends it or says when to go on.
 *
 * Throws SyncError for a failure that counts as an attempt; by then everything is noted in Postgres.
 */
export async function runEntity(ctx: EngineContext, turn: Turn): Promise<Verdict> {
  const { syncJobId, connector: connectorId, entity: name = '' } = turn.payload;
  const connector = connectorOf(ctx, connectorId);
  const entity = entityOf(connector, name);

  const job = await readJob(ctx.db, syncJobId);
  if (job === undefined) return done;
  const readiness = await checkDependencies(ctx, job, entity);
  if (readiness === 'ended' || readiness === 'skipped') return done;
  if (readiness === 'wait') return { kind: 'rest', until: new Date(Date.now() + turnMs) };
  // A failed run of an ended job is only queued again because somebody pressed retry.
  if (readiness === 'retry' && !(await reopenJob(ctx.db, job.id))) {
    return { kind: 'rest', until: new Date(Date.now() + turnMs) };
  }
  const connection = await findConnection(ctx.db, job.organizationId, job.connectionId);
  const run = await claimRun(ctx.db, job.id, entity.name, ctx.bootId);
  if (connection === undefined || run === undefined) return done;
  const log = ctx.log.child({ syncJobId, connectionId: connection.id, entity: entity.name, epoch: run.epoch });
  const scoped = { ...ctx, log };
  log.info({ mode: run.mode, pages: run.pages }, 'entity run claimed');

  let verdict: Verdict;
  try {
    verdict = await goOn(scoped, connector, entity, connection, run, turn);
  } catch (error) {
    // Stopped while waiting for the vendor or a permit: nothing is lost, the next worker asks again.
    if (turn.signal.aborted) return { kind: 'hand-back' };
    if (isSyncError(error, 'FENCED_OUT')) {
      log.warn('another worker has taken this entity run over; nothing was written');
      return done;
    }
    try {
      verdict = await settleFailure(scoped, connection, run, turn, error);
    } catch (failure) {
      await continueJob(scoped, job.id);
      throw failure;
    }
  }
  // The flow goes on by itself, except after a retry of a job that had ended: its finish step is long through.
  if (verdict.kind === 'done') await continueJob(scoped, job.id);
  return verdict;
}

async function goOn(
  ctx: EngineContext,
  connector: Connector,
  entity: Entity,
  connection: Connection,
  run: ClaimedRun,
  turn: Turn,
): Promise<Verdict> {
  const settings = settingsOf(connector, connection);
  if (!run.allPagesRead) {
    const reading = new AbortController();
    const client = await openClient(ctx, connector, connection, AbortSignal.any([turn.signal, reading.signal]));
    const end = await transfer(ctx, run, {
      connector,
      entity,
      settings,
      client,
      signal: turn.signal,
      stopReading: () => reading.abort(new Error('no more pages are wanted')),
      othersWait: turn.othersWait,
    });
    switch (end) {
      case 'stopping':
        return { kind: 'hand-back' };
      case 'slice-over':
        return { kind: 'yield' };
      case 'cancelled':
        await endRun(ctx.db, run, { status: 'cancelled', complete: false });
        return done;
      case 'page-cap':
        await endRun(ctx.db, run, {
          status: 'partial',
          complete: false,
          errorCode: 'PAGE_CAP_REACHED',
          errorMessage: `Stopped after ${settings.maxPages} pages (maxPages); the next run goes on from there`,
        });
        ctx.log.warn({ maxPages: settings.maxPages }, 'page cap reached');
        return done;
      case 'all-pages-read':
    }
  }
  await completeRun(ctx, connection, run);
  return done;
}

/** Every page was read: the run ends well, and the watermark moves. */
async function completeRun(ctx: EngineContext, connection: Connection, run: ClaimedRun): Promise<void> {
  if (!(await endRun(ctx.db, run, { status: 'succeeded', complete: true }))) return;
  const { id: connectionId, organizationId } = connection;
  await resolveFailedRun(ctx.db, { organizationId, connectionId, syncJobId: run.syncJobId, entity: run.entity });
  // What was wrong with the connection has been put right.
  if (connection.status === 'error') await setConnectionStatus(ctx.db, connection, 'active', null);
  ctx.log.info('entity run succeeded');
}
