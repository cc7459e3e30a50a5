import type { ScheduleView } from '@syncline/store';
import { z } from 'zod';

const instant = z.iso.datetime();

/** What came of a slot, as it is told. */
export const scheduleRunSchema = z
  .object({
    dueAt: instant,
    outcome: z
      .enum(['started', 'merged', 'skipped', 'failed'])
      .describe('merged: part of the job of another schedule that was due with it'),
    syncJobId: z.guid().nullable().describe('The job that was started, while it is kept'),
    code: z.string().nullable().describe('Why it was skipped or failed'),
    detail: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'ScheduleRun', description: 'What came of a time at which a schedule was due' });

/** A schedule as it is told. */
export const scheduleSchema = z
  .object({
    id: z.guid(),
    connectionId: z.guid(),
    name: z.string(),
    cron: z.string().nullable(),
    intervalSeconds: z.int().nullable(),
    timeZone: z.string(),
    entities: z.array(z.string()).describe('With what they depend on; empty for all'),
    mode: z.enum(['full', 'incremental', 'verify']),
    enabled: z.boolean(),
    nextDueAt: instant.nullable().describe('Null when it is not enabled'),
    lastRun: scheduleRunSchema.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Schedule', description: 'When syncs start by themselves, and what they sync' });

export function scheduleAnswer(schedule: ScheduleView): z.infer<typeof scheduleSchema> {
  const { organizationId: _, lastDueAt: __, nextDueAt, lastRun, createdAt, updatedAt, entities, ...same } = schedule;
  return {
    ...same,
    entities: [...entities],
    nextDueAt: nextDueAt?.toISOString() ?? null,
    lastRun: lastRun && scheduleRunAnswer(lastRun),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function scheduleRunAnswer(run: NonNullable<ScheduleView['lastRun']>): z.infer<typeof scheduleRunSchema> {
  return { ...run, dueAt: run.dueAt.toISOString(), createdAt: run.createdAt.toISOString() };
}
