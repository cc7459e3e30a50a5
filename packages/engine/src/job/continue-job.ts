import { entityQueue, finishQueue, nodeId } from '@syncline/queue';
import { type JobHead, nextFlowRound, readJob, readRuns } from '@syncline/store';
import { inSpan, traceOfJob } from '@syncline/tracing';
import type { EngineContext } from '../context.js';
import { concludeJob } from '../measure/conclude-job.js';

/**
 * Sees to it that a live job goes on: if a step that has not ended is in no queue any more, the flow is laid out anew
 * for all that has not; if all has ended, the job is concluded. Steps of the old layout that are still about find their
 * runs ended, or are fenced off. Harmless when the flow is alive, or when several do it at once. Says what it did, if
 * anything was to do.
 */
export async function continueJob(ctx: EngineContext, jobId: string): Promise<'queued' | 'concluded' | undefined> {
  const job = await readJob(ctx.db, jobId);
  if (job?.standing !== 'live') return undefined;
  const runs = await readRuns(ctx.db, job.id);
  const openRuns = runs.filter(({ status }) => status === 'pending' || status === 'running');
  const open = openRuns.map(({ entity }) => entity);
  const { organizationId, connectionId, connector } = job;
  if (job.flowRound > 0) {
    const at = (queue: string, step: string) => ({ queue, id: nodeId(job.id, job.flowRound, step) });
    const nodes = [at(finishQueue, 'finish'), ...open.map((entity) => at(entityQueue(connector, entity), entity))];
    if (await ctx.queues.holdsAll(nodes)) return undefined;
  }
  if (open.length === 0) {
    const status = await concludeJob(ctx, connector, job.id);
    ctx.log.info(
      { event: 'sync.ended', organizationId, connectionId, connector, syncJobId: job.id, status },
      'sync job ended',
    );
    return 'concluded';
  }
  const subject = { organizationId, connectionId, connector, syncJobId: job.id };
  const startAt = openRuns[0]?.waitingUntil ?? undefined;
  await inSpan('sync job again', { subject, otherwise: traceOfJob(job.id) }, () =>
    layFlow(ctx, job, connector, open, startAt),
  );
  return 'queued';
}

/** Adds a job's flow to the queues, for these entities, the first of them not before `startAt`. Rejects when Redis is away. */
export async function layFlow(
  ctx: Pick<EngineContext, 'db' | 'flows' | 'log'>,
  job: Pick<JobHead, 'id' | 'organizationId' | 'flowRound'>,
  connector: string,
  entities: readonly string[],
  startAt?: Date,
): Promise<void> {
  const round = await nextFlowRound(ctx.db, job.id, job.flowRound);
  if (round === undefined) return;
  const { id: syncJobId, organizationId } = job;
  await ctx.flows.add({ syncJobId, organizationId, connector, round, entities, startAt });
  ctx.log.info({ event: 'sync.queued', organizationId, connector, syncJobId, round, entities }, 'flow added');
}
