import type { JobView, RunView } from '@syncline/store';
import { z } from 'zod';
import { entityPercent } from '../entity-percent.js';
import { selectionAnswer, selectionSchema } from '../selection-answer.js';
import { guideEntityStatus, guideEntityStatuses, guideStatus, guideStatuses } from './guide-words.js';

const instant = z.iso.datetime();
const count = z.int().min(0);

const entitySchema = z.object({
  entity: z.string(),
  status: z.enum(guideEntityStatuses),
  mode: z.string(),
  modeReason: z.string().nullable().describe('Why the mode differs from the one asked for'),
  pages: count,
  percent: z.int().min(0).max(100).nullable().describe('Null while nobody knows how much there is'),
  recordsExpected: count.nullable(),
  recordsRead: count,
  recordsCreated: count,
  recordsUpdated: count,
  recordsUnchanged: count,
  recordsFailed: count,
  recordsDeleted: count,
  waitingFor: z.string().nullable().describe('What holds the run up now'),
  waitingUntil: instant.nullable(),
  errorMessage: z.string().nullable(),
});

/** A sync as the guide's sync_logs have it, with what we know beyond it. */
export const logEntrySchema = z
  .object({
    id: z.guid(),
    connectionId: z.guid(),
    syncType: z.string(),
    status: z.enum(guideStatuses),
    phase: z.enum(['queued', 'running', 'ended']).describe('Tells a queued sync from a running one'),
    mode: z.string(),
    trigger: z.string(),
    triggeredBy: z.string().nullable(),
    createdAt: instant,
    startedAt: instant.nullable(),
    completedAt: instant.nullable(),
    recordsProcessed: count,
    recordsCreated: count,
    recordsUpdated: count,
    recordsUnchanged: count,
    recordsFailed: count,
    recordsDeleted: count,
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    details: z.object({
      selection: selectionSchema.nullable().describe('What a backfill is about; null for every other sync'),
      entities: z.array(entitySchema),
    }),
  })
  .meta({ id: 'SyncLogEntry' });
export type LogEntry = z.infer<typeof logEntrySchema>;

export function logEntry(job: JobView): LogEntry {
  const sum = (counter: (run: RunView) => number) => job.entities.reduce((total, run) => total + counter(run), 0);
  const { id, connectionId, syncType, mode, trigger, triggeredBy, errorCode, errorMessage } = job;
  return {
    ...{ id, connectionId, syncType, mode, trigger, triggeredBy, errorCode, errorMessage },
    status: guideStatus(job.status),
    phase: job.status === 'queued' || job.status === 'running' ? job.status : 'ended',
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    completedAt: job.endedAt?.toISOString() ?? null,
    recordsProcessed: sum((run) => run.recordsRead),
    recordsCreated: sum((run) => run.recordsCreated),
    recordsUpdated: sum((run) => run.recordsUpdated),
    recordsUnchanged: sum((run) => run.recordsUnchanged),
    recordsFailed: sum((run) => run.recordsFailed),
    recordsDeleted: sum((run) => run.recordsDeleted),
    details: { selection: selectionAnswer(job.selection), entities: job.entities.map(entityEntry) },
  };
}

function entityEntry(run: RunView): z.infer<typeof entitySchema> {
  const { errorCode: _, startedAt: __, endedAt: ___, waitingUntil, status, ...same } = run;
  return {
    ...same,
    status: guideEntityStatus(status),
    percent: entityPercent(run),
    waitingUntil: waitingUntil?.toISOString() ?? null,
  };
}
