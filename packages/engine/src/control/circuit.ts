import type { CircuitState } from '@syncline/http';
import { entityQueue, nodeId } from '@syncline/queue';
import { type Actor, type Connection, listJobs, readJob, recordAudit } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { budgetOf } from '../vendor/budget-key.js';

/** How the circuit of a connection's vendor stands, for the whole fleet. Throws SyncError BUDGET_UNAVAILABLE. */
export async function readCircuit(ctx: EngineContext, connection: Connection): Promise<CircuitState> {
  return ctx.road.circuit((await budgetOf(ctx, connection)).key);
}

/**
 * Opens it: no request goes out for the connection, nor for others with the same credential, until somebody closes it.
 * Or closes it, whatever opened it: runs that rest because of it go on at once.
 *
 * Throws SyncError BUDGET_UNAVAILABLE.
 */
export async function setCircuit(
  ctx: EngineContext,
  connection: Connection,
  wanted: 'open' | 'closed',
  by: Actor,
): Promise<CircuitState> {
  const { key } = await budgetOf(ctx, connection);
  const state =
    wanted === 'open' ? await ctx.road.openCircuit(key, by.actor) : await ctx.road.closeCircuit(key, by.actor);
  const { organizationId, id: subjectId } = connection;
  const action = wanted === 'open' ? 'circuit.open' : 'circuit.close';
  await recordAudit(ctx.db, { organizationId, ...by, action, subjectKind: 'connection', subjectId });
  if (wanted === 'closed') await wakeThoseThatRest(ctx, connection);
  return state;
}

async function wakeThoseThatRest(ctx: EngineContext, connection: Connection): Promise<void> {
  const live = { connectionId: connection.id, statuses: ['queued', 'running'] } as const;
  for (const { id, entities } of await listJobs(ctx.db, connection.organizationId, live, { limit: 1, offset: 0 })) {
    const head = await readJob(ctx.db, id);
    const resting = entities.filter(({ waitingFor }) => waitingFor === 'circuit');
    for (const { entity } of resting) {
      const step = nodeId(id, head?.flowRound ?? 0, entity);
      await ctx.queues.wake(entityQueue(connection.connector, entity), step);
    }
  }
}
