import { type Connector, SyncError } from '@syncline/connector-kit';
import {
  type Actor,
  type Connection,
  changeHistory,
  type Db,
  findConnection,
  type History,
  type HistoryChange,
  insertHistory,
  lockHistory,
  readClock,
  recordAudit,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { historyAfterSync } from './carry-on-history.js';
import { cutWindow } from './give-way.js';
import { monthsOfHistory } from './history-of.js';
import { type HistoryProgress, readHistory } from './read-history.js';
import { noTrouble } from './settle-window.js';

type ChangeContext = Pick<EngineContext, 'db' | 'flows' | 'connectors' | 'log'>;

/**
 * Starts a connection's history, lets one that is paused go on where it was, and reads one that is done again, from the
 * newest month. One that is running goes on, at once if it was waiting after a failure. Tells how far it is then.
 *
 * Throws SyncError CONNECTION_NOT_FOUND, NO_HISTORY, CONNECTION_SETTINGS_INVALID.
 */
export async function startHistory(
  ctx: ChangeContext,
  organizationId: string,
  connectionId: string,
  by: Actor,
): Promise<HistoryProgress> {
  const { connector } = await changeLocked(ctx, organizationId, connectionId, async (trx, found) => {
    const { connection, history } = found;
    if (history?.state === 'running') {
      await changeHistory(trx, history.id, { nextAttemptAt: null });
      return undefined;
    }
    if (history?.state === 'paused') {
      await changeHistory(trx, history.id, { ...noTrouble, state: 'running', pausedBy: null });
      return { ...by, action: 'history.resume' };
    }
    const now = await readClock(trx);
    const months = monthsOfHistory(found.connector, connection, now);
    if (months === undefined) throw noHistory(found.connector);
    if (history === undefined) await insertHistory(trx, { organizationId, connectionId }, months);
    else await changeHistory(trx, history.id, { ...again, ...months, nextMonth: months.lastMonth, begunAt: now });
    return { ...by, action: 'history.start' };
  });
  await historyAfterSync(ctx, connector.id, { organizationId, connectionId });
  const progress = await readHistory(ctx, organizationId, { connectionId });
  if (progress === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'The connection was deleted meanwhile');
  return progress;
}

const again = {
  ...noTrouble,
  ...({ state: 'running', pausedBy: null, openRuns: null, windowSeconds: 0, endedAt: null } as const),
  records: { read: 0, created: 0, updated: 0, unchanged: 0, failed: 0, deleted: 0 },
} as const satisfies HistoryChange;

/**
 * Pauses a connection's history, over restarts and for every process: a window that is being read ends here, and what is
 * left of it is read when the history goes on. Nothing happens to one that is not running.
 *
 * Throws SyncError CONNECTION_NOT_FOUND, NO_HISTORY.
 */
export async function pauseHistory(
  ctx: Pick<ChangeContext, 'db' | 'connectors' | 'log'>,
  organizationId: string,
  connectionId: string,
  by: Actor,
): Promise<void> {
  await changeLocked(ctx, organizationId, connectionId, async (trx, { connector, history }) => {
    if (history?.state !== 'running') return undefined;
    await cutWindow(trx, connector, history, by.actor);
    await changeHistory(trx, history.id, { state: 'paused', pausedBy: by.actor });
    return { ...by, action: 'history.pause' };
  });
}

interface Found {
  readonly connection: Connection;
  readonly connector: Connector;
  readonly history: History | undefined;
}

/** A change under the history's lock, with its entry in the audit log where there is something to enter. */
async function changeLocked(
  ctx: Pick<ChangeContext, 'db' | 'connectors' | 'log'>,
  organizationId: string,
  connectionId: string,
  change: (trx: Db, found: Found) => Promise<(Actor & { readonly action: string }) | undefined>,
): Promise<Found> {
  return ctx.db.transaction().execute(async (trx) => {
    const history = await lockHistory(trx, organizationId, connectionId);
    const connection = await findConnection(trx, organizationId, connectionId);
    if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
    const connector = connectorOf(ctx, connection.connector);
    if (connector.history === undefined) throw noHistory(connector);
    const found = { connection, connector, history };
    const entry = await change(trx, found);
    if (entry === undefined) return found;
    await recordAudit(trx, { organizationId, ...entry, subjectKind: 'connection', subjectId: connectionId });
    ctx.log.info({ event: 'history.changed', organizationId, connectionId, action: entry.action }, 'history changed');
    return found;
  });
}

function noHistory({ displayName }: Connector): SyncError {
  return new SyncError('NO_HISTORY', `${displayName} has no history that is read in windows`);
}
