import type { SyncLog } from '@syncline/store';
import { z } from 'zod';
import { selectionAnswer, selectionSchema } from '../selection-answer.js';
import { guideEntityStatuses, guideStatuses } from './guide-words.js';

const instant = z.iso.datetime();
const count = z.int().min(0);

const counters = {
  records_processed: count,
  records_created: count,
  records_updated: count,
  records_unchanged: count,
  records_failed: count,
  records_deleted: count.describe('Rows marked as deleted; not part of records_processed'),
};

const entitySchema = z.object({
  entity: z.string(),
  status: z.enum(guideEntityStatuses),
  mode: z.string(),
  mode_reason: z.string().nullable().describe('Why the mode differs from the one asked for'),
  pages: count,
  percent: z.int().min(0).max(100).nullable().describe('Null while nobody knows how much there is'),
  records_expected: count.nullable(),
  ...counters,
  waiting_for: z.string().nullable().describe('What holds the run up now'),
  waiting_until: instant.nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
});

/** A sync as the guide's table sync_logs has it, by the names of its columns, with what we know beyond it. */
export const logEntrySchema = z
  .object({
    id: z.guid(),
    sync_type: z.string(),
    status: z.enum(guideStatuses),
    started_at: instant.describe('Of a sync that waits in its queue: when it was asked for'),
    completed_at: instant.nullable(),
    ...counters,
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    details: z.object({
      selection: selectionSchema.nullable().describe('What a backfill is about; null for every other sync'),
      entities: z.array(entitySchema),
    }),
    triggered_by: z.string().nullable(),
    connection_id: z.guid(),
    created_at: instant,
    phase: z.enum(['queued', 'running', 'ended']).describe('Tells a queued sync from a running one'),
    mode: z.string(),
    trigger: z.string(),
    cancelled_by: z.string().nullable(),
  })
  .meta({ id: 'SyncLogEntry', description: 'A row of the view sync_logs' });
export type LogEntry = z.infer<typeof logEntrySchema>;

export function logEntry(log: SyncLog): LogEntry {
  return {
    ...log,
    started_at: log.started_at.toISOString(),
    completed_at: log.completed_at?.toISOString() ?? null,
    created_at: log.created_at.toISOString(),
    details: { selection: selectionAnswer(log.details.selection), entities: [...log.details.entities] },
  };
}
