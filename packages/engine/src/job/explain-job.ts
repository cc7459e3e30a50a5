import { setTimeout as pause } from 'node:timers/promises';
import { entityQueue, finishQueue, nodeId } from '@syncline/queue';
import {
  type JobNow,
  type JobView,
  type OrganizationNow,
  type RunView,
  readFleet,
  readJob,
  readStop,
  type WaitReason,
} from '@syncline/store';
import type { EngineContext } from '../context.js';

/** Why a live job does not move, and until when, as far as anybody knows. */
export interface Holdup {
  readonly reason:
    | Exclude<WaitReason, 'paused'>
    | 'stopped'
    | 'connection_paused'
    | 'no_worker'
    | 'turn'
    | 'queue_unavailable'
    | 'not_queued';
  readonly entity: string | null;
  readonly detail: string;
  readonly until: Date | null;
}

const rests: Record<WaitReason, string> = {
  budget: "The vendor's request budget is used up for now",
  vendor_rate_limit: 'The vendor asked to slow down',
  circuit: 'The vendor failed several times in a row and is left alone for a while',
  retry: 'The last attempt failed; there will be another one',
  paused: 'It was paused',
};

/**
 * What holds a job up, most weighty first: a stop, a rest that has an end, no worker, the queue. Null when it moves, or
 * has ended. Reads Postgres, and Redis where Postgres does not know; a Redis that is away is an answer of its own.
 */
export async function explainJob(ctx: EngineContext, organizationId: string, job: JobView): Promise<Holdup | null> {
  if (job.status !== 'queued' && job.status !== 'running') return null;
  const run = job.entities.find(isOpen);
  const entity = run?.entity ?? null;
  const head = await readJob(ctx.db, job.id);
  if (head?.standing === 'paused') return { entity, until: null, ...(await whyPaused(ctx, organizationId)) };
  const rest = run === undefined ? undefined : restOf(run);
  if (rest !== undefined) return rest;
  const { alive, lastSeenAt } = await readFleet(ctx.db);
  if (alive === 0) {
    const since = lastSeenAt === null ? 'none was ever seen' : `the last one was seen at ${lastSeenAt.toISOString()}`;
    return { reason: 'no_worker', entity, detail: `No worker process is alive: ${since}`, until: null };
  }
  if (head === undefined) return null;
  const [queue, step] = entity === null ? [finishQueue, 'finish'] : [entityQueue(head.connector, entity), entity];
  return await whereInQueue(ctx, queue, nodeId(job.id, head.flowRound, step), entity);
}

/**
 * The same in one word, from what was read anyway: as far as Postgres knows. Whether it is its turn in the queue is not
 * asked, so null may also mean that others are before it.
 */
export function holdupReason(
  job: JobNow,
  { isStopped, isServed }: Pick<OrganizationNow, 'isStopped' | 'isServed'>,
): Holdup['reason'] | null {
  if (job.status !== 'queued' && job.status !== 'running') return null;
  if (job.standing === 'paused') return isStopped ? 'stopped' : 'connection_paused';
  const rest = job.runs.find(isOpen)?.restsFor ?? null;
  if (rest !== null && rest !== 'paused') return rest;
  return isServed ? null : 'no_worker';
}

function isOpen({ status }: Pick<RunView, 'status'>): boolean {
  return status === 'running' || status === 'pending';
}

async function whyPaused(ctx: EngineContext, organizationId: string): Promise<Pick<Holdup, 'reason' | 'detail'>> {
  const stop = await readStop(ctx.db, organizationId);
  if (stop === undefined) return { reason: 'connection_paused', detail: 'The connection is paused' };
  const by = stop.stoppedBy === null ? '' : ` by ${stop.stoppedBy}`;
  return { reason: 'stopped', detail: `All syncs were stopped${by} at ${stop.stoppedAt.toISOString()}` };
}

function restOf(run: RunView): Holdup | undefined {
  const { entity, waitingFor, waitingUntil, errorCode, errorMessage } = run;
  if (waitingFor === null || waitingFor === 'paused' || waitingUntil === null || waitingUntil <= new Date())
    return undefined;
  const failure = errorCode === null ? '' : `: ${errorCode}, ${errorMessage}`;
  return { reason: waitingFor, entity, detail: `${rests[waitingFor]}${failure}`, until: waitingUntil };
}

/** A Redis that hangs keeps nobody from reading what Postgres knows. */
const queuePatienceMs = 500;

async function whereInQueue(
  ctx: EngineContext,
  queue: string,
  id: string,
  entity: string | null,
): Promise<Holdup | null> {
  const asked = ctx.queues.standing(queue, id).catch(() => undefined);
  const standing = await Promise.race([asked, pause(queuePatienceMs, undefined, { ref: false })]);
  switch (standing?.state) {
    case undefined:
      return { reason: 'queue_unavailable', entity, detail: 'Redis cannot be reached', until: null };
    case 'waiting':
      return {
        reason: 'turn',
        entity,
        detail: `Before it in the queue ${queue}: ${standing?.ahead ?? 0} others`,
        until: null,
      };
    case 'active':
    case 'delayed':
      return null;
    default:
      return {
        reason: 'not_queued',
        entity,
        detail: 'No queue holds it; a worker puts it back within a minute',
        until: null,
      };
  }
}
