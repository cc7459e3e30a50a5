import { guideStatus, type HistoryProgress, operationOf, percentage, syncStatuses } from '@syncline/engine';
import type { JobView, RunView } from '@syncline/store';
import { z } from 'zod';
import { historyUrl } from '../../v1/connections/history-answer.js';
import { jobUrl } from '../../v1/get-sync-job.js';

/** The guide's phases, and the entities that belong to each; the one that has the phase's name is the one it counts. */
const phases = {
  merchants: ['processors', 'merchants'],
  transactions: ['batches', 'transactions'],
  residuals: ['residual_summaries', 'residuals', 'residual_line_items'],
} as const;
type Phase = keyof typeof phases;
const phaseNames = Object.keys(phases) as [Phase, ...Phase[]];

const instant = z.iso.datetime();
const count = z.int().min(0);
const metricsSchema = z.object({
  status: z.enum(['pending', 'running', 'succeeded', 'partial', 'failed', 'skipped', 'cancelled']),
  fetched: count.describe('new, updated, unchanged and failed together'),
  new: count,
  updated: count,
  unchanged: count,
  failed: count,
  deleted: count.describe('Rows marked as deleted'),
  durationSeconds: z.number().min(0).nullable().describe('Null before it begins'),
});
type Metrics = z.infer<typeof metricsSchema>;

/** A sync in the words of the enhanced sync document. */
export const enhancedSchema = z
  .object({
    success: z.literal(true),
    syncId: z.guid(),
    connectionId: z.guid(),
    syncType: z.string(),
    mode: z.enum(['full', 'incremental', 'backfill']),
    status: z.enum(syncStatuses),
    phase: z
      .enum([...phaseNames, 'starting', 'waiting', 'paused', 'finishing', 'completed', 'failed', 'cancelled'])
      .describe(
        'What it is at, by the entity that is being read; a history may also wait for other syncs, or be paused',
      ),
    progress: z.number().min(0).max(100).describe('Percent; never goes back while the sync lives'),
    message: z.string(),
    metrics: z
      .record(z.string(), metricsSchema)
      .describe(
        `By phase: counts of ${phaseNames.join(', ')}; the time is that of all that belongs to the phase. Of a history one, \`history\`, with everything that it has read`,
      ),
    eta: instant.nullable().describe('When a history will be read, once that is known'),
    entities: z.array(metricsSchema.extend({ entity: z.string(), phase: z.string() })),
    errors: z.array(z.object({ entity: z.string().nullable(), code: z.string(), message: z.string() })),
    triggeredBy: z.string().nullable(),
    startedAt: instant.describe('Of a sync that waits in its queue: when it was asked for'),
    completedAt: instant.nullable(),
    statusUrl: z.string(),
  })
  .meta({ id: 'EnhancedSync' });

/** `now`: until when what is under way has taken. */
export function enhancedAnswer(job: JobView, now: Date): z.infer<typeof enhancedSchema> {
  const progress = { ...job, runs: job.entities };
  const present = phaseNames.filter((phase) => runsOf(job, phase).length > 0);
  return {
    success: true,
    syncId: job.id,
    connectionId: job.connectionId,
    syncType: job.syncType,
    mode: job.mode,
    status: guideStatus(progress),
    phase: phaseOf(job),
    progress: percentage(progress),
    eta: null,
    message: operationOf(progress),
    metrics: Object.fromEntries(present.map((phase) => [phase, metricsOfPhase(job, phase, now)])),
    entities: job.entities.map((run) => ({
      entity: run.entity,
      phase: phaseOfEntity(run.entity) ?? run.entity,
      ...metricsOf(run, seconds([run], now)),
    })),
    errors: errorsOf(job),
    triggeredBy: job.triggeredBy,
    startedAt: (job.startedAt ?? job.createdAt).toISOString(),
    completedAt: job.endedAt?.toISOString() ?? null,
    statusUrl: jobUrl(job.id),
  };
}

/** The history in the same words. `window`: the sync that reads of it now. */
export function enhancedHistoryAnswer(
  history: HistoryProgress,
  window: JobView | undefined,
  now: Date,
): z.infer<typeof enhancedSchema> {
  const { id, connectionId, state, records, error, begunAt, endedAt, eta } = history;
  const isDone = state === 'done';
  return {
    success: true,
    syncId: id,
    connectionId,
    syncType: 'initial',
    mode: 'backfill',
    status: isDone ? 'completed' : 'running',
    phase: isDone ? 'completed' : state === 'paused' ? 'paused' : window === undefined ? 'waiting' : phaseOf(window),
    progress: history.percent,
    message: history.message,
    metrics: {
      history: {
        ...{ status: isDone ? 'succeeded' : 'running', fetched: records.read, new: records.created },
        ...{ updated: records.updated, unchanged: records.unchanged, failed: records.failed, deleted: records.deleted },
        durationSeconds: ((endedAt ?? now).getTime() - begunAt.getTime()) / 1_000,
      },
    },
    eta: eta?.toISOString() ?? null,
    entities: [],
    errors: error === null ? [] : [{ entity: null, code: error.code, message: error.message }],
    triggeredBy: null,
    startedAt: begunAt.toISOString(),
    completedAt: endedAt?.toISOString() ?? null,
    statusUrl: historyUrl(connectionId),
  };
}

function phaseOfEntity(entity: string): Phase | undefined {
  return phaseNames.find((phase) => (phases[phase] as readonly string[]).includes(entity));
}

function runsOf(job: JobView, phase: Phase): RunView[] {
  return job.entities.filter(({ entity }) => phaseOfEntity(entity) === phase);
}

function phaseOf(job: JobView) {
  const status = guideStatus({ status: job.status, runs: job.entities });
  if (status !== 'running') return status;
  const isOpen = (wanted: RunView['status']) => job.entities.find((run) => run.status === wanted);
  const current = isOpen('running') ?? isOpen('pending');
  return (current && phaseOfEntity(current.entity)) ?? 'finishing';
}

function metricsOfPhase(job: JobView, phase: Phase, now: Date): Metrics {
  const runs = runsOf(job, phase);
  const counted = runs.find(({ entity }) => entity === phase) ?? runs[0];
  if (counted === undefined) throw new Error(`no run of ${phase}`);
  // Transactions come along with their batches: what is being read of a phase is what it is at.
  const status = runs.find((run) => run.status === 'running')?.status ?? counted.status;
  return { ...metricsOf(counted, seconds(runs, now)), status };
}

function metricsOf(run: RunView, durationSeconds: number | null): Metrics {
  return {
    status: run.status,
    fetched: run.recordsRead,
    new: run.recordsCreated,
    updated: run.recordsUpdated,
    unchanged: run.recordsUnchanged,
    failed: run.recordsFailed,
    deleted: run.recordsDeleted,
    durationSeconds,
  };
}

/** From when the first of them began to when the last one ended, or to now. */
function seconds(runs: readonly RunView[], now: Date): number | null {
  const begun = runs.flatMap(({ startedAt, endedAt }) => (startedAt === null ? [] : [{ startedAt, endedAt }]));
  if (begun.length === 0) return null;
  const from = Math.min(...begun.map(({ startedAt }) => startedAt.getTime()));
  const to = Math.max(...begun.map(({ endedAt }) => (endedAt ?? now).getTime()));
  return Math.max(0, to - from) / 1_000;
}

function errorsOf(job: JobView): z.infer<typeof enhancedSchema>['errors'] {
  const errors = job.entities.flatMap(({ entity, errorCode, errorMessage, recordsFailed }) => [
    ...(errorCode === null ? [] : [{ entity, code: errorCode, message: errorMessage ?? errorCode }]),
    ...(recordsFailed === 0 ? [] : [{ entity, code: 'RECORD_INVALID', message: keptAsItems(recordsFailed) }]),
  ]);
  // The job's own error is that of an entity, said again; only without one it says something new.
  if (errors.length > 0 || job.errorCode === null) return errors;
  return [{ entity: null, code: job.errorCode, message: job.errorMessage ?? job.errorCode }];
}

function keptAsItems(records: number): string {
  return `${records} ${records === 1 ? 'record' : 'records'} could not be kept, and stay as failed items: GET /api/v1/failed-items`;
}
