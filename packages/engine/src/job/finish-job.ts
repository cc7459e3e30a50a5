import type { Turn, Verdict } from '@syncline/queue';
import { type JobHead, readJob, readRuns } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { historyAfterSync } from '../history/carry-on-history.js';
import { concludeJob } from '../measure/conclude-job.js';
import { refreshConnection } from '../refresh/refresh-computed.js';

/** What is computed from the rows is up to date when a job ends, if that takes no longer; else soon after. */
const refreshSeconds = 60;

/**
 * The last step of a flow: has what is computed from the connection's rows follow them, and gives the job its final
 * status. It waits while an entity run is in other hands.
 */
export async function finishJob(ctx: EngineContext, turn: Turn): Promise<Verdict> {
  const { syncJobId } = turn.payload;
  await refreshAfter(ctx, turn.payload);
  const status = await concludeJob(ctx, turn.payload.connector, syncJobId);
  const job = await readJob(ctx.db, syncJobId);
  if (status === undefined) {
    // Paused: the flow is laid out anew when it goes on, with a finish step of its own.
    return job?.standing === 'paused' ? { kind: 'done' } : { kind: 'rest', until: new Date(Date.now() + 2_000) };
  }
  ctx.log.info({ event: 'sync.ended', ...(job && placeOf(job)), syncJobId, status }, 'sync job ended');
  // At once, and not when the reconciler comes by: months that are read in a second would wait for it longer than that.
  if (job !== undefined) await historyAfterSync(ctx, job.connector, job);
  return { kind: 'done', result: { status } };
}

async function refreshAfter(ctx: EngineContext, { syncJobId, connector: id }: Turn['payload']): Promise<void> {
  // A job of another release ends as well.
  const connector = ctx.connectors.find((one) => one.id === id);
  if (connector?.refreshes === undefined) return;
  const job = await readJob(ctx.db, syncJobId);
  if (job === undefined) return;
  const runs = await readRuns(ctx.db, syncJobId);
  if (runs.some(({ status }) => status === 'pending' || status === 'running')) return;
  const { connectionId, organizationId } = job;
  await refreshConnection(ctx, connector, { id: connectionId, organizationId }, refreshSeconds);
}

function placeOf({ organizationId, connectionId, connector }: JobHead) {
  return { organizationId, connectionId, connector };
}
