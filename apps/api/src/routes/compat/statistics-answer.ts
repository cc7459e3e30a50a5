import type { JobStatistics, RunStatistics } from '@syncline/store';
import { z } from 'zod';
import { percent } from './budget-answer.js';

const count = z.int().min(0);
const rate = z.number().min(0).max(100).nullable();
const seconds = z.number().min(0).nullable();
const day = z.iso.date();

const records = {
  records_processed: count,
  records_created: count,
  records_updated: count,
  records_unchanged: count,
  records_failed: count,
  records_deleted: count,
};
const outcomes = { success: count, partial: count, error: count, cancelled: count };
const byStatus = z.object({ ...outcomes, running: count });

export const statisticsSchema = z
  .object({
    days: z.int(),
    from: day.describe('The first day that is counted, in UTC'),
    to: day.describe('Today'),
    runs: count.describe('Syncs that were asked for on these days'),
    by_status: byStatus,
    success_rate: rate.describe(
      'Percent of syncs that ended as success, among those that ended as success, partial or error; null when none did',
    ),
    error_rate: rate.describe('Percent that ended as error, among the same'),
    record_error_rate: rate.describe('Percent of the records that failed, among those processed; null when none were'),
    duration_seconds: z
      .object({ avg: seconds, p95: seconds })
      .describe('Of syncs that ended as success, partial or error: from their start to their end'),
    ...records,
    by_entity: z
      .array(z.object({ entity: z.string(), runs: count, ...outcomes, skipped: count, ...records }))
      .describe('In the order in which they are synced'),
    by_day: z.array(z.object({ day, runs: count, ...byStatus.shape, ...records })).describe('Every day, oldest first'),
  })
  .meta({ id: 'SyncStatistics', description: 'What the syncs of some days came to' });
type Statistics = z.infer<typeof statisticsSchema>;

/** The two readings as one answer: days without a sync are there with zeros. */
export function statisticsAnswer(
  days: number,
  jobs: readonly JobStatistics[],
  runs: readonly RunStatistics[],
): Statistics {
  const all = jobs.find((row) => row.day === null) ?? noJobs;
  const dates = lastDays(all.today, days);
  const whole = all.success + all.partial + all.error;
  const sums = recordsOf(runs.find((row) => row.day === null && row.entity === null));
  return {
    days,
    from: dates[0] ?? all.today,
    to: all.today,
    runs: all.runs,
    by_status: statusesOf(all),
    success_rate: whole === 0 ? null : percent(all.success, whole),
    error_rate: whole === 0 ? null : percent(all.error, whole),
    record_error_rate: sums.records_processed === 0 ? null : percent(sums.records_failed, sums.records_processed),
    duration_seconds: { avg: rounded(all.avgSeconds), p95: rounded(all.p95Seconds) },
    ...sums,
    by_entity: runs
      .filter((row): row is RunStatistics & { entity: string } => row.entity !== null)
      .map((row) => {
        const { entity, success, partial, error, cancelled, skipped } = row;
        return { entity, runs: row.runs, success, partial, error, cancelled, skipped, ...recordsOf(row) };
      }),
    by_day: dates.map((date) => {
      const ofDay = jobs.find((row) => row.day === date) ?? noJobs;
      const records = recordsOf(runs.find((row) => row.day === date));
      return { day: date, runs: ofDay.runs, ...statusesOf(ofDay), ...records };
    }),
  };
}

const noJobs: JobStatistics = {
  ...{ day: null, runs: 0, success: 0, partial: 0, error: 0, cancelled: 0, running: 0 },
  ...{ avgSeconds: null, p95Seconds: null, today: '' },
};

function statusesOf({ success, partial, error, cancelled, running }: JobStatistics) {
  return { success, partial, error, cancelled, running };
}

function recordsOf(row: RunStatistics | undefined) {
  return {
    records_processed: row?.processed ?? 0,
    records_created: row?.created ?? 0,
    records_updated: row?.updated ?? 0,
    records_unchanged: row?.unchanged ?? 0,
    records_failed: row?.failed ?? 0,
    records_deleted: row?.deleted ?? 0,
  };
}

/** So many dates (`2026-01-31`) up to the last one. */
function lastDays(last: string, days: number): string[] {
  const end = Date.parse(last);
  return Array.from({ length: days }, (_, i) => new Date(end - (days - 1 - i) * 86_400_000).toISOString().slice(0, 10));
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}
