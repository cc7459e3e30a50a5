import { type DeadLetter, readNodeId } from '@syncline/queue';
import { buryRun, failUnreadRun, type JobHead, type RunState, readJob, readRunState } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { continueJob } from '../job/continue-job.js';
import { endRun } from '../measure/end-run.js';

export interface BuriedRun {
  readonly syncJobId: string;
  /** Empty for a whole job. */
  readonly entity: string;
  readonly code: string;
  readonly message: string;
}

type RunLetter = Exclude<DeadLetter, { kind: 'item' }>;

/**
 * Keeps a failed run, or a failed job, as a dead item, sees to it that the run has ended, and that its job goes on
 * without it. Undefined when there is nothing to bury: the job is gone, or has come further since.
 */
export async function buryFailedRun(ctx: EngineContext, letter: RunLetter): Promise<BuriedRun | undefined> {
  switch (letter.kind) {
    case 'entity_run':
      return buryEntityRun(ctx, letter);
    case 'job':
      return buryJob(ctx, letter);
    case 'step':
      return buryStep(ctx, letter);
  }
}

async function buryEntityRun(ctx: EngineContext, letter: Extract<RunLetter, { kind: 'entity_run' }>) {
  const job = await readJob(ctx.db, letter.syncJobId);
  const run = await readRunState(ctx.db, letter.syncJobId, letter.entity);
  if (job === undefined || run === undefined) return undefined;
  const { syncJobId, entity, epoch, code, message } = letter;
  if (run.status === 'failed') return noteDead(ctx, job, entity, failureOf(run, { code, message }));
  if (run.epoch !== epoch || run.status !== 'running') return undefined;
  const end = { status: 'failed', complete: false, errorCode: code, errorMessage: message } as const;
  if (!(await endRun(ctx, job.connector, { syncJobId, entity, epoch }, end))) return undefined;
  return noteDead(ctx, job, entity, { code, message });
}

/** It may have failed once more since the letter was written: the last reason counts. */
function failureOf({ errorCode, errorMessage }: RunState, letter: { code: string; message: string }) {
  return errorCode === null ? letter : { code: errorCode, message: errorMessage ?? '' };
}

/** Whoever gives a job up fails it first: one that is live has been taken up again since. */
async function buryJob(ctx: EngineContext, { syncJobId, code, message }: Extract<RunLetter, { kind: 'job' }>) {
  const job = await readJob(ctx.db, syncJobId);
  return job?.status === 'failed' ? noteDead(ctx, job, '', { code, message }) : undefined;
}

/**
 * A queued step that cannot be read, of the flow that is current. The step that ends a job needs no burial: all that it
 * does is done without it.
 */
async function buryStep(ctx: EngineContext, letter: Extract<RunLetter, { kind: 'step' }>) {
  const node = readNodeId(letter.stepId);
  const job = node === undefined ? undefined : await readJob(ctx.db, node.syncJobId);
  if (node === undefined || job === undefined || node.round !== job.flowRound) return undefined;
  if (node.step === 'finish') return undefined;
  const failure = { code: 'JOB_UNREADABLE', message: letter.message };
  await failUnreadRun(ctx.db, job.id, node.step, failure);
  const run = await readRunState(ctx.db, job.id, node.step);
  return run?.status === 'failed' ? noteDead(ctx, job, node.step, failureOf(run, failure)) : undefined;
}

async function noteDead(
  ctx: EngineContext,
  job: JobHead,
  entity: string,
  failure: { readonly code: string; readonly message: string },
): Promise<BuriedRun> {
  const { organizationId, connectionId, id: syncJobId } = job;
  const kind = entity === '' ? 'job' : 'entity_run';
  await buryRun(ctx.db, { organizationId, connectionId, syncJobId, entity }, kind, failure);
  ctx.log.error(
    { event: 'run.dead', organizationId, connectionId, syncJobId, entity: entity || undefined, code: failure.code },
    kind === 'job' ? 'a job is dead' : 'an entity run is dead',
  );
  await continueJob(ctx, syncJobId);
  return { syncJobId, entity, ...failure };
}
