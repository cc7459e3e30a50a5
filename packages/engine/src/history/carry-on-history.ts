import { type Connector, isSyncError } from '@syncline/connector-kit';
import {
  areReadWhole,
  type Connection,
  changeHistory,
  findConnection,
  type History,
  lockHistory,
  readClock,
  readWindowJob,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { type CreatedSync, createSync, enqueueSync } from '../job/start-sync.js';
import { entitiesOfHistory } from './history-of.js';
import { spanOfMonth } from './months.js';
import { failedWindow, historyDone, settleWindow } from './settle-window.js';

type HistoryContext = Pick<EngineContext, 'db' | 'flows' | 'connectors' | 'log'>;
type Owner = Pick<History, 'organizationId' | 'connectionId'>;

/** By which jobs of a history are known in the list of syncs. */
const syncType = 'history';

/**
 * Takes a connection's history a step further: looks at what came of its last window, and starts the next one if nothing
 * of the connection is being synced. To be called whenever a sync of the connection has ended, and every few seconds by the
 * reconciler; any number of processes may do so at once. A window and what the history knows of it are one transaction.
 *
 * Rejects when Postgres is away.
 */
export async function carryOnHistory(ctx: HistoryContext, owner: Owner): Promise<void> {
  const created = await ctx.db.transaction().execute(async (trx) => {
    const history = await lockHistory(trx, owner.organizationId, owner.connectionId);
    const connection = history && (await findConnection(trx, owner.organizationId, owner.connectionId));
    if (history === undefined || connection === undefined) return undefined;
    const connector = connectorOf(ctx, connection.connector);
    const now = await readClock(trx);
    const settled = await settle({ ...ctx, db: trx }, connector, history, now);
    if (settled?.state !== 'running') return undefined;
    if (settled.nextAttemptAt !== null && settled.nextAttemptAt > now) return undefined;
    return startWindow({ ...ctx, db: trx }, connector, connection, settled, now);
  });
  if (created !== undefined) await enqueueSync(ctx, created);
}

/** The history after what has happened since. Undefined while its job is under way. */
async function settle(
  ctx: Pick<HistoryContext, 'db' | 'log'>,
  connector: Connector,
  history: History,
  now: Date,
): Promise<History | undefined> {
  let current = history;
  const { organizationId, connectionId } = history;
  const change = async (what: Parameters<typeof changeHistory>[2], message: string) => {
    await changeHistory(ctx.db, history.id, what);
    current = { ...current, ...what };
    const { state, nextMonth, errorCode: code, nextAttemptAt } = current;
    ctx.log.info(
      { event: 'history.moved', organizationId, connectionId, state, nextMonth, code, nextAttemptAt },
      message,
    );
  };
  if (history.jobId !== null) {
    const job = await readWindowJob(ctx.db, history);
    if (job?.status === 'queued' || job?.status === 'running') return undefined;
    if (job !== undefined) await change(settleWindow(connector, history, job, now), 'a window of the history ended');
  }
  if (current.state !== 'done' && (await areReadWhole(ctx.db, current, entitiesOfHistory(connector)))) {
    await change(historyDone(now), 'a full sync has read all of the history');
  }
  return current;
}

/** Creates the job of the next window, or of what is left of it. Undefined when the connection cannot be synced now. */
async function startWindow(
  ctx: Pick<HistoryContext, 'db' | 'connectors'>,
  connector: Connector,
  connection: Connection,
  history: History,
  now: Date,
): Promise<CreatedSync | undefined> {
  const { nextMonth, lastMonth } = history;
  const window = history.openRuns ?? entitiesOfHistory(connector).map((entity) => ({ entity }));
  try {
    const created = await createSync(ctx, connection, {
      ...{ syncType, mode: 'backfill', entities: window.map(({ entity }) => entity), window },
      selection: spanOfMonth(nextMonth, nextMonth === lastMonth),
      // Nobody has asked for this one, and no clock: it fetches what is missing.
      ...{ trigger: 'recovery', triggeredBy: 'history' },
    });
    await changeHistory(ctx.db, history.id, { jobId: created.jobId });
    return created;
  } catch (error) {
    // Stopped, paused, or being synced: its turn comes when that is over.
    if (isSyncError(error, 'SYNC_STOPPED', 'CONNECTION_NOT_READY', 'SYNC_ALREADY_RUNNING')) return undefined;
    if (!isSyncError(error)) throw error;
    // Settings that are not valid, say: somebody has to see it, and it is not asked again every few seconds.
    const { code: errorCode, message: errorMessage } = error;
    await changeHistory(ctx.db, history.id, failedWindow(history.attempts, { errorCode, errorMessage }, now));
    return undefined;
  }
}

/** The same after a sync has ended, for whom a failure of it is none of his own: the reconciler comes by. */
export async function historyAfterSync(ctx: HistoryContext, connector: string, owner: Owner): Promise<void> {
  try {
    if (connectorOf(ctx, connector).history !== undefined) await carryOnHistory(ctx, owner);
  } catch (error) {
    ctx.log.warn(
      { event: 'history.postponed', err: error, ...owner },
      'the history goes on when the reconciler comes by',
    );
  }
}
