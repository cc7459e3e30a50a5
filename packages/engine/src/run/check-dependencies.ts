import type { Entity } from '@syncline/connector-kit';
import { type JobHead, readRuns, skipRun } from '@syncline/store';
import type { EngineContext } from '../context.js';

/**
 * ready    go on. retry: go on, but the job has ended and has to be taken up again.
 * wait     something this entity depends on has not ended yet (another worker has it).
 * skipped  something it depends on failed: noted. ended: nothing to do.
 * paused   somebody has stopped the organization's syncs, or paused the connection: the flow is laid out anew later.
 */
export type Readiness = 'ready' | 'retry' | 'wait' | 'skipped' | 'ended' | 'paused';

/**
 * Looks in Postgres whether an entity can run. BullMQ releases a link when the one before it has failed, too, and
 * delivers a step twice when its worker died at the wrong moment; both are told apart here.
 */
export async function checkDependencies(ctx: EngineContext, job: JobHead, entity: Entity): Promise<Readiness> {
  const runs = new Map((await readRuns(ctx.db, job.id)).map((run) => [run.entity, run.status]));
  const own = runs.get(entity.name);
  const live = job.status === 'queued' || job.status === 'running';
  if (!live) return own === 'failed' && (job.status === 'partial' || job.status === 'failed') ? 'retry' : 'ended';
  if (own !== 'pending' && own !== 'running' && own !== 'failed') return 'ended';
  if (job.standing === 'paused') return 'paused';

  const statuses = entity.dependsOn.map((name) => ({ name, status: runs.get(name) }));
  const broken = statuses.find(({ status }) => status === 'failed' || status === 'skipped' || status === 'cancelled');
  if (broken !== undefined) {
    await skipRun(ctx.db, job.id, entity.name, 'DEPENDENCY_FAILED', `${broken.name} ${broken.status}`);
    ctx.log.warn(
      {
        ...{ event: 'run.skipped', organizationId: job.organizationId, connectionId: job.connectionId },
        ...{ syncJobId: job.id, entity: entity.name, dependsOn: broken.name },
      },
      'entity skipped',
    );
    return 'skipped';
  }
  return statuses.some(({ status }) => status === 'pending' || status === 'running') ? 'wait' : 'ready';
}
