import { SyncError } from '@syncline/connector-kit';
import { type AnalyticsWindow, buckets, partsOf } from '@syncline/store';
import { z } from 'zod';

const dayMs = 86_400_000;
const defaultDays = 30;
/** What can be drawn, and read in one answer. */
const mostParts = 800;
const mostDays = 731;

const time = z.iso.datetime({ offset: true, error: 'has to be a time such as 2026-01-31T00:00:00Z' });

/** What every series can be asked for. */
export const windowQuery = z.strictObject({
  from: time.optional().describe('Syncs count by when they were asked for. 30 days before `to` unless given'),
  to: time.optional().describe('Up to then, and not including it; now unless given'),
  bucket: z
    .enum(buckets)
    .default('day')
    .describe('A point for each. Days and weeks are those of UTC, weeks begin on Monday'),
  connectionId: z
    .guid('has to be the id of a connection (a UUID)')
    .optional()
    .describe('Of one connection; of all unless given'),
});

/** Throws SyncError VALIDATION_FAILED for a span that is none, or that has too many parts. */
export function windowOf(query: z.infer<typeof windowQuery>, now: Date): AnalyticsWindow {
  const to = query.to === undefined ? now : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - defaultDays * dayMs) : new Date(query.from);
  const { bucket, connectionId } = query;
  if (from >= to) throw refused('from', 'has to be before to');
  if (to.getTime() - from.getTime() > mostDays * dayMs)
    throw refused('from', `has to be within ${mostDays} days of to`);
  const window: AnalyticsWindow = { from, to, bucket, connectionId };
  if (partsOf(window).length > mostParts) {
    throw refused('bucket', `would be more than ${mostParts} points: take a larger one, or a shorter time`);
  }
  return window;
}

function refused(field: string, message: string): SyncError {
  return new SyncError('VALIDATION_FAILED', `${field}: ${message}`, { field });
}

const instant = z.iso.datetime();

/** What every answer tells of the window, so that a chart has its axis. */
export const windowAnswer = {
  from: instant,
  to: instant,
  bucket: z.enum(buckets),
};

export function toldWindow({ from, to, bucket }: AnalyticsWindow) {
  return { from: from.toISOString(), to: to.toISOString(), bucket };
}

/**
 * Points as series: those of one name in one line, with a point for each part of the window, `empty` where there is
 * nothing. Names come in the order of the points.
 */
export function seriesOf<Point extends { readonly at: Date }, Names, Values>(
  window: AnalyticsWindow,
  points: readonly Point[],
  namesOf: (point: Point) => Names,
  valuesOf: (point: Point | undefined) => Values,
): (Names & { points: ({ at: string } & Values)[] })[] {
  const lines = new Map<string, { names: Names; byTime: Map<number, Point> }>();
  for (const point of points) {
    const names = namesOf(point);
    const key = JSON.stringify(names);
    const line = lines.get(key) ?? { names, byTime: new Map() };
    line.byTime.set(point.at.getTime(), point);
    lines.set(key, line);
  }
  const parts = partsOf(window);
  return [...lines.values()].map(({ names, byTime }) => ({
    ...names,
    points: parts.map((at) => ({ at: at.toISOString(), ...valuesOf(byTime.get(at.getTime())) })),
  }));
}
