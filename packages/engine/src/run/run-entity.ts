import { type Connector, type Entity, entityOf, isSyncError, withSettings } from '@syncline/connector-kit';
import type { Turn, Verdict } from '@syncline/queue';
import {
  type ClaimedRun,
  type Connection,
  claimRun,
  findConnection,
  isTransientDatabaseError,
  type JobHead,
  noteWaiting,
  type RunEnd,
  readJob,
  readJobAccess,
  reopenJob,
  reportConnectionStatus,
  resolveFailedRun,
  type Standing,
} from '@syncline/store';
import { inSpan } from '@syncline/tracing';
import { settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';
import { giveWay } from '../history/give-way.js';
import { continueJob } from '../job/continue-job.js';
import { endRun } from '../measure/end-run.js';
import { openClient } from '../vendor/open-client.js';
import { surveyAccount } from '../vendor/survey-account.js';
import { checkDependencies } from './check-dependencies.js';
import { type Loss, startPulse } from './pulse.js';
import { priorityOf } from './selected.js';
import { serviceRest } from './service-rest.js';
import { settleFailure } from './settle-failure.js';
import { type SweepEnd, sweepUnseen } from './sweep-unseen.js';
import { transfer } from './transfer.js';

const done: Verdict = { kind: 'done' };

/** When to look again, if another job or another worker has to end first. */
const turnMs = 3_000;

/**
 * One turn of an entity run: claims it, goes on at its checkpoint, and ends it or says when to go on. Postgres being
 * away says nothing about the run: it rests.
 *
 * Throws SyncError when the run has failed for good; by then everything is noted in Postgres.
 */
export async function runEntity(ctx: EngineContext, turn: Turn): Promise<Verdict> {
  try {
    return await takeTurn(ctx, turn);
  } catch (error) {
    if (isTransientDatabaseError(error)) return serviceRest(ctx, error);
    throw error;
  }
}

async function takeTurn(ctx: EngineContext, turn: Turn): Promise<Verdict> {
  const { syncJobId, connector: connectorId, entity: name = '' } = turn.payload;
  const connector = connectorOf(ctx, connectorId);
  const entity = entityOf(connector, name);

  const job = await readJob(ctx.db, syncJobId);
  if (job === undefined) return done;
  const readiness = await checkDependencies(ctx, job, entity);
  if (readiness === 'ended' || readiness === 'skipped' || readiness === 'paused') return done;
  if (readiness === 'wait') return { kind: 'rest', until: new Date(Date.now() + turnMs) };
  // A failed run of an ended job is only queued again because somebody pressed retry.
  if (readiness === 'retry' && !(await reopen(ctx, connector, job))) {
    return { kind: 'rest', until: new Date(Date.now() + turnMs) };
  }
  const connection = await findConnection(ctx.db, job.organizationId, job.connectionId);
  const run = await claimRun(ctx.db, job.id, entity.name, ctx.bootId, { sweeps: entity.sweeps });
  if (connection === undefined || run === undefined) return done;
  const { organizationId, connectionId } = run;
  const subject = { organizationId, connectionId, connector: connectorId, syncJobId, entity: entity.name };
  const log = ctx.log.child({ ...subject, epoch: run.epoch });
  const scoped = { ...ctx, log };
  log.info({ event: 'run.claimed', mode: run.mode, pages: run.pages }, 'entity run claimed');
  await ctx.onBoundary?.('claimed', entity.name);

  const attributes = { 'syncline.mode': run.mode, 'syncline.epoch': run.epoch };
  const verdict = await inSpan('entity run', { subject, attributes }, async (span) => {
    const reached = await carryOn(scoped, connector, entity, connection, run, turn);
    span.set({ 'syncline.verdict': reached.kind });
    return reached;
  });
  // The flow goes on by itself, except after a retry of a job that had ended: its finish step is long through.
  if (verdict.kind === 'done') await continueJob(scoped, job.id);
  return verdict;
}

/** Windows of the history follow one another without a pause in between: so they have to make room here, too. */
async function reopen(ctx: EngineContext, connector: Connector, job: JobHead): Promise<boolean> {
  const { organizationId, connectionId: id } = job;
  if (connector.history !== undefined) {
    await ctx.db.transaction().execute((trx) => giveWay(trx, connector, { organizationId, id }));
  }
  return reopenJob(ctx.db, job.id);
}

/** Goes on with a claimed run under its pulse, and gives whatever fails its home. */
async function carryOn(
  ctx: EngineContext,
  connector: Connector,
  entity: Entity,
  connection: Connection,
  run: ClaimedRun,
  turn: Turn,
): Promise<Verdict> {
  const ending = new AbortController();
  let lost: Loss | undefined;
  const stopPulse = startPulse(ctx, run, (loss) => {
    lost = loss;
    ending.abort(new Error(`the run is ${loss}`));
  });
  try {
    return await goOn(ctx, connector, entity, connection, run, turn, AbortSignal.any([turn.signal, ending.signal]));
  } catch (error) {
    // First of all: a worker that was halted learns at the same moment that its lock is lost, and has nothing to give back.
    if (lost === 'fenced' || lost === 'cancelled' || isSyncError(error, 'FENCED_OUT')) {
      ctx.log.warn(
        { event: 'run.fenced', code: 'FENCED_OUT' },
        'the run has ended or is in other hands; nothing was written',
      );
      return done;
    }
    // Stopped while waiting for the vendor or a permit: nothing is lost, the next worker asks again.
    if (turn.signal.aborted) return { kind: 'hand-back' };
    if (lost === 'paused') return await pause(ctx, run);
    try {
      return await settleFailure(ctx, connection, run, error);
    } catch (failure) {
      if (!isTransientDatabaseError(failure)) await continueJob(ctx, run.syncJobId);
      throw failure;
    }
  } finally {
    stopPulse();
  }
}

async function goOn(
  ctx: EngineContext,
  connector: Connector,
  declared: Entity,
  connection: Connection,
  run: ClaimedRun,
  turn: Turn,
  /** Aborted when the turn has to end: the process stops, or the run is lost. */
  ending: AbortSignal,
): Promise<Verdict> {
  let settings = settingsOf(connector, connection);
  let entity = withSettings(declared, settings);
  if (!run.allPagesRead) {
    const reading = new AbortController();
    const signal = AbortSignal.any([ending, reading.signal]);
    const { syncJobId: id, organizationId } = run;
    const access = run.adhoc ? await readJobAccess(ctx.db, ctx.vault, { id, organizationId }) : undefined;
    const client = await openClient(ctx, connector, connection, signal, priorityOf(run), access);
    settings = await surveyAccount(ctx, connector, connection, client, run);
    entity = withSettings(declared, settings);
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
      case 'paused':
        return await pause(ctx, run);
      case 'cancelled':
        await endRun(ctx, connector.id, run, { status: 'cancelled', complete: false });
        return done;
      case 'page-cap':
        await endRun(ctx, connector.id, run, {
          status: 'partial',
          complete: false,
          errorCode: 'PAGE_CAP_REACHED',
          errorMessage: `Stopped after ${settings.maxPages} pages (maxPages); ${whatNext(run)}`,
        });
        ctx.log.warn({ event: 'run.page_cap', maxPages: settings.maxPages }, 'page cap reached');
        return done;
      case 'all-pages-read':
    }
  }
  await ctx.onBoundary?.('all-pages-read', entity.name);
  const swept = await sweepUnseen(ctx, run, { connector, entity, connection, settings, signal: ending });
  if (swept === 'paused') return await pause(ctx, run);
  if (swept === 'cancelled') await endRun(ctx, connector.id, run, { status: 'cancelled', complete: false });
  else await completeRun(ctx, connection, run, swept);
  await ctx.onBoundary?.('ended', entity.name);
  return done;
}

function whatNext({ selection }: ClaimedRun): string {
  if (selection === null) return 'the next run goes on from there';
  return 'the rest of the selection was not read. Choose a shorter span, or raise the cap';
}

/** Leaves the run where it is. No queue holds it then: whoever lifts the stop lays the flow out anew. */
async function pause(ctx: EngineContext, run: ClaimedRun): Promise<Verdict> {
  await noteWaiting(ctx.db, run, 'paused', null);
  ctx.log.info({ event: 'run.paused', pages: run.pages }, 'the run is paused');
  return done;
}

/** Every page was read: the run ends well (or with deletes that wait for somebody's word), and the watermark moves. */
async function completeRun(
  ctx: EngineContext,
  connection: Connection,
  run: ClaimedRun,
  swept: Exclude<SweepEnd, Standing>,
): Promise<void> {
  const end: RunEnd =
    swept === 'swept'
      ? { status: 'succeeded', complete: true }
      : { status: 'partial', complete: true, errorCode: 'SWEEP_HELD', errorMessage: swept.held };
  if (!(await endRun(ctx, connection.connector, run, end))) return;
  ctx.log.info({ event: 'run.read', status: end.status }, 'entity run has read every page');
  // What another access was shown puts nothing right that is wrong with the connection's own.
  if (run.adhoc) return;
  const { id: connectionId, organizationId } = connection;
  await resolveFailedRun(
    ctx.db,
    { organizationId, connectionId, syncJobId: run.syncJobId, entity: run.entity },
    run.mode,
  );
  // What was wrong with the connection has been put right.
  if (connection.status === 'error') await reportConnectionStatus(ctx.db, connection, 'active', null);
}
