import { type RawBuilder, sql } from 'kysely';

export const buckets = ['hour', 'day', 'week'] as const;
export type Bucket = (typeof buckets)[number];

/** A span of time in parts: from (included) to (excluded). Days and weeks are those of UTC; weeks begin on Monday. */
export interface AnalyticsWindow {
  readonly from: Date;
  readonly to: Date;
  readonly bucket: Bucket;
  /** Of one connection; of all of the organization unless given. */
  readonly connectionId?: string | undefined;
}

const hourMs = 3_600_000;
const lengthMs = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs } as const;
/** The first Monday of 1970. */
const aMonday = 4 * 24 * hourMs;

/** When the part begins that a moment lies in. */
export function beginOf(bucket: Bucket, at: Date): Date {
  const offset = bucket === 'week' ? aMonday : 0;
  return new Date(Math.floor((at.getTime() - offset) / lengthMs[bucket]) * lengthMs[bucket] + offset);
}

/** The beginnings of all parts of a window, empty as they may be: a chart wants them all. */
export function partsOf({ from, to, bucket }: AnalyticsWindow): Date[] {
  const parts: Date[] = [];
  for (let at = beginOf(bucket, from).getTime(); at < to.getTime(); at += lengthMs[bucket]) parts.push(new Date(at));
  return parts;
}

/** The SQL of the part that the job `j` lies in, by when it was asked for. */
export function partOf({ bucket }: AnalyticsWindow): RawBuilder<Date> {
  return sql<Date>`date_trunc(${bucket}, j.created_at, 'UTC')`;
}

/** The SQL of which jobs `j` lie in the window. */
export function inWindow(organizationId: string, { from, to, connectionId }: AnalyticsWindow): RawBuilder<boolean> {
  const ofOrganization = sql<boolean>`j.organization_id = ${organizationId} and j.created_at >= ${from} and j.created_at < ${to}`;
  return connectionId === undefined
    ? ofOrganization
    : sql<boolean>`${ofOrganization} and j.connection_id = ${connectionId}`;
}
