import type { Connector, Refresh } from '@syncline/connector-kit';
import {
  connectionsWithChanges,
  hasChanges,
  isStatementTimeout,
  isTransientDatabaseError,
  noteRefreshed,
  noteRefreshFailure,
  type Refreshed,
  refreshPart,
} from '@syncline/store';
import type { EngineContext } from '../context.js';

type RefreshContext = Pick<EngineContext, 'db' | 'log'>;

/** Longer than any part takes; a statement that hangs must not hold a step, or the reconciler, for ever. */
const partSeconds = 30;
const connectionsAtOnce = 20;

/**
 * Brings what is computed from a connection's rows up to date, for about `seconds`; what is left then is the reconciler's.
 * Whatever goes wrong is noted and tried again, and is nobody else's failure: the rows themselves are there.
 */
export async function refreshConnection(
  ctx: RefreshContext,
  connector: Pick<Connector, 'refreshes'>,
  connection: Refreshed,
  seconds: number,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  for (const refresh of connector.refreshes ?? []) await refreshUntil(ctx, refresh, connection, deadline);
}

/**
 * The same for all connections that have changes nobody has seen to: a webhook or a repair has written them, a job ended
 * without its last step, or its time was not enough.
 */
export async function refreshDue(ctx: RefreshContext & Pick<EngineContext, 'connectors'>, seconds: number) {
  const deadline = performance.now() + seconds * 1_000;
  for (const { id, refreshes = [] } of ctx.connectors) {
    for (const refresh of refreshes) {
      for (const connection of await connectionsWithChanges(ctx.db, id, refresh, connectionsAtOnce)) {
        await refreshUntil(ctx, refresh, connection, deadline);
        if (performance.now() > deadline) return;
      }
    }
  }
}

async function refreshUntil(ctx: RefreshContext, { run, changes }: Refresh, connection: Refreshed, deadline: number) {
  const at = { refresh: run, connectionId: connection.id };
  try {
    if (!(await hasChanges(ctx.db, changes, connection))) return;
    while (await refreshPart(ctx.db, run, connection, partSeconds)) {
      if (performance.now() < deadline) continue;
      ctx.log.info(
        { event: 'refresh.unfinished', ...at },
        'what is computed from the rows is not up to date yet; it goes on later',
      );
      return;
    }
    await noteRefreshed(ctx.db, run, connection);
    ctx.log.info({ event: 'refresh.done', ...at }, 'what is computed from the rows is up to date');
  } catch (error) {
    ctx.log.warn(
      { event: 'refresh.failed', err: error, ...at },
      'what is computed from the rows could not be brought up to date; tried again later',
    );
    if (isTransientDatabaseError(error) && !isStatementTimeout(error)) return;
    const message = error instanceof Error ? error.message : String(error);
    await noteRefreshFailure(ctx.db, run, connection, message).catch(() => undefined);
  }
}
