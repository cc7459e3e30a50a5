import type { Holdup } from '@syncline/engine';
import { entityPercent } from '@syncline/engine';
import type { JobSummary, JobView, RunView } from '@syncline/store';
import { z } from 'zod';
import { selectionAnswer, selectionSchema } from '../selection-answer.js';

const instant = z.iso.datetime();
const count = z.int().min(0);
const mode = z.enum(['full', 'incremental', 'backfill']);

const entitySchema = z.object({
  entity: z.string(),
  status: z.enum(['pending', 'running', 'succeeded', 'partial', 'failed', 'skipped', 'cancelled']),
  mode,
  modeReason: z.string().nullable().describe('Why the mode differs from the one asked for'),
  pages: count,
  percent: z.int().min(0).max(100).nullable().describe('Null while nobody knows how much there is'),
  recordsExpected: count.nullable(),
  recordsRead: count,
  recordsCreated: count,
  recordsUpdated: count,
  recordsUnchanged: count,
  recordsFailed: count,
  recordsDeleted: count.describe('Rows marked as deleted, because the vendor has their records no more'),
  waitingFor: z.string().nullable().describe('What holds the run up now'),
  waitingUntil: instant.nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});

const holdupSchema = z
  .object({
    reason: z.enum([
      'stopped',
      'connection_paused',
      'budget',
      'vendor_rate_limit',
      'circuit',
      'retry',
      'turn',
      'no_worker',
      'queue_unavailable',
      'not_queued',
    ]),
    entity: z.string().nullable(),
    detail: z.string(),
    until: instant.nullable().describe('When it goes on by itself, where that is known'),
  })
  .describe('Why the job does not move')
  .meta({ id: 'Holdup' });

/** A job by itself. */
const jobFields = {
  id: z.guid(),
  connectionId: z.guid(),
  syncType: z.string(),
  mode,
  selection: selectionSchema.nullable().describe('What a backfill is about; null for every other sync'),
  trigger: z.enum(['manual', 'schedule', 'webhook', 'recovery']),
  triggeredBy: z.string().nullable(),
  status: z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
};

/** A job in the words of this system. */
export const jobSchema = z
  .object({
    ...jobFields,
    holdup: holdupSchema.nullable().describe('Null when it moves, or has ended'),
    entities: z.array(entitySchema),
  })
  .meta({ id: 'SyncJob', description: 'A job and its entity runs, in the order they are synced' });

/** A job in a list of many. */
export const jobSummarySchema = z
  .object({
    ...jobFields,
    connector: z.string(),
    connectionName: z.string(),
    recordsRead: count,
    recordsCreated: count,
    recordsUpdated: count,
    recordsFailed: count,
    recordsDeleted: count,
    durationSeconds: z.number().nullable().describe('Until now, of one that runs; null before it has begun'),
  })
  .meta({ id: 'SyncJobSummary', description: 'A job with the sums of its entity runs' });

const text = (moment: Date | null) => moment?.toISOString() ?? null;

export function jobAnswer(job: JobView, holdup: Holdup | null): z.infer<typeof jobSchema> {
  const { createdAt, startedAt, endedAt, entities, selection, ...same } = job;
  return {
    ...same,
    selection: selectionAnswer(selection),
    createdAt: createdAt.toISOString(),
    startedAt: text(startedAt),
    endedAt: text(endedAt),
    holdup: holdup && { ...holdup, until: text(holdup.until) },
    entities: entities.map(entityAnswer),
  };
}

export function jobSummaryAnswer(job: JobSummary): z.infer<typeof jobSummarySchema> {
  const { place: _, createdAt, startedAt, endedAt, selection, ...same } = job;
  return {
    ...same,
    selection: selectionAnswer(selection),
    createdAt: createdAt.toISOString(),
    startedAt: text(startedAt),
    endedAt: text(endedAt),
  };
}

function entityAnswer(run: RunView): z.infer<typeof entitySchema> {
  const { waitingUntil, startedAt, endedAt, ...same } = run;
  return {
    ...same,
    percent: entityPercent(run),
    waitingUntil: text(waitingUntil),
    startedAt: text(startedAt),
    endedAt: text(endedAt),
  };
}
