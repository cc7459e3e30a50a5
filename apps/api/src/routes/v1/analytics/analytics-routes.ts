import { knownEntities, schedulePauses } from '@syncline/engine';
import {
  type AnalyticsWindow,
  type FreshnessPoint,
  type OutcomePoint,
  partsOf,
  readFailures,
  readFreshness,
  readFreshnessAt,
  readOutcomes,
  readThroughput,
  type ThroughputPoint,
} from '@syncline/store';
import { z } from 'zod';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { chooseConnection } from '../../compat/choose-connection.js';
import { seriesOf, toldWindow, windowAnswer, windowOf, windowQuery } from './analytics-window.js';

const at = z.iso.datetime().describe('When the part begins');
const count = z.int();
const seconds = z.number().nullable();
const entityNames = { connector: z.string(), entity: z.string() };

const throughputSchema = z.object({
  ...windowAnswer,
  series: z.array(
    z.object({
      ...entityNames,
      points: z.array(
        z.object({
          ...{ at, runs: count, read: count, created: count, updated: count, unchanged: count, failed: count },
          ...{ deleted: count, recordsPerSecond: seconds.describe('While runs were under way; null without any') },
        }),
      ),
    }),
  ),
});

const durationSchema = z.object({
  ...windowAnswer,
  series: z.array(
    z.object({
      connector: z.string(),
      points: z.array(
        z.object({
          ...{ at, syncs: count, averageSeconds: seconds, p50Seconds: seconds, p95Seconds: seconds },
          longestSeconds: seconds,
        }),
      ),
    }),
  ),
});

const outcomeSchema = z.object({
  ...windowAnswer,
  series: z.array(
    z.object({
      connector: z.string(),
      points: z.array(
        z.object({
          ...{ at, succeeded: count, partial: count, failed: count, cancelled: count },
          successRate: z.number().nullable().describe('Of those that ended by themselves, 0 to 1; null without any'),
        }),
      ),
    }),
  ),
});

const failureSchema = z.object({
  ...windowAnswer,
  patterns: z
    .array(
      z.object({
        ...{ ...entityNames, errorCode: z.string(), runs: count, lastAt: z.iso.datetime() },
        lastJobId: z.guid(),
        points: z.array(z.object({ at, runs: count })),
      }),
    )
    .describe('The most frequent first'),
});

const freshnessSchema = z.object({
  ...windowAnswer,
  now: z
    .array(
      z.object({
        ...{ connectionId: z.guid(), connectionName: z.string(), ...entityNames },
        confirmedAt: z.iso.datetime().nullable().describe('Up to when the entity is known to be complete'),
        ...{ ageSeconds: z.number(), targetSeconds: z.number(), isLate: z.boolean() },
      }),
    )
    .describe('Of every entity that a schedule brings'),
  series: z.array(
    z.object({
      ...{ connectionId: z.guid(), ...entityNames },
      points: z.array(
        z.object({
          at: z.iso.datetime().describe('When the part ends'),
          ageSeconds: seconds.describe('Null: not complete yet, or not in the history any more'),
        }),
      ),
    }),
  ),
});

/** Numbers about syncing as series that a chart can draw: a line has a point for each part of the window. */
export function analyticsRoutes(app: App, api: ApiContext): void {
  const route = <Schema extends z.ZodType>(
    name: string,
    operationId: string,
    summary: string,
    schema: Schema,
    read: (ctx: TenantContext, window: AnalyticsWindow) => Promise<z.input<Schema>>,
  ) =>
    app.get(
      `/api/v1/analytics/${name}`,
      {
        config: { access: 'viewer' },
        schema: {
          ...{ operationId, tags: ['analytics'], summary, querystring: windowQuery },
          response: {
            200: schema.describe('Lines with a point for each part of the window') as z.ZodType,
            ...problemResponses('VALIDATION_FAILED', 'CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
          },
        },
      },
      async (request) => {
        const ctx = tenantOf(api, request);
        const window = windowOf(request.query, new Date());
        if (window.connectionId !== undefined) await chooseConnection(ctx, window.connectionId);
        return read(ctx, window);
      },
    );

  route('throughput', 'getThroughput', 'Records by entity', throughputSchema, async (ctx, window) => {
    const points = await readThroughput(ctx.db, ctx.organizationId, window);
    return { ...toldWindow(window), series: seriesOf(window, points, entityOfPoint, throughputOf) };
  });
  route('durations', 'getDurations', 'How long syncs took', durationSchema, async (ctx, window) => {
    const points = await readOutcomes(ctx.db, ctx.organizationId, window);
    return { ...toldWindow(window), series: seriesOf(window, points, ({ connector }) => ({ connector }), durationOf) };
  });
  route('success', 'getSuccess', 'How syncs ended', outcomeSchema, async (ctx, window) => {
    const points = await readOutcomes(ctx.db, ctx.organizationId, window);
    return { ...toldWindow(window), series: seriesOf(window, points, ({ connector }) => ({ connector }), outcomeOf) };
  });
  route('failures', 'getFailures', 'In which ways runs failed', failureSchema, async (ctx, window) => {
    const points = await readFailures(ctx.db, ctx.organizationId, window);
    const nameOf = ({ connector, entity, errorCode }: (typeof points)[number]) => ({ connector, entity, errorCode });
    const patterns = seriesOf(window, points, nameOf, (point) => ({ runs: point?.runs ?? 0 })).map((pattern) => {
      const isOf = (point: (typeof points)[number]) =>
        point.connector === pattern.connector &&
        point.entity === pattern.entity &&
        point.errorCode === pattern.errorCode;
      const own = points.filter(isOf);
      const last = own.reduce((one, other) => (other.lastAt > one.lastAt ? other : one));
      const runs = own.reduce((sum, point) => sum + point.runs, 0);
      return { ...pattern, runs, lastAt: last.lastAt.toISOString(), lastJobId: last.lastJobId };
    });
    return { ...toldWindow(window), patterns: patterns.sort((a, b) => b.runs - a.runs) };
  });
  route(
    'freshness',
    'getFreshness',
    'How old data are, and how old they may be',
    freshnessSchema,
    async (ctx, window) => {
      const entities = knownEntities(ctx);
      const ends = [...partsOf(window).slice(1), window.to];
      const [now, points] = await Promise.all([
        schedulePauses(ctx).then((pauses) => readFreshness(ctx.db, ctx.organizationId, entities, pauses)),
        readFreshnessAt(ctx.db, ctx.organizationId, entities, ends, window.connectionId),
      ]);
      const isWanted = ({ connectionId }: { readonly connectionId: string }) =>
        window.connectionId === undefined || window.connectionId === connectionId;
      return {
        ...toldWindow(window),
        now: now.filter(isWanted).map(({ confirmedAt, ...one }) => ({
          ...one,
          confirmedAt: confirmedAt?.toISOString() ?? null,
          isLate: one.ageSeconds > one.targetSeconds,
        })),
        series: freshnessLines(points),
      };
    },
  );
}

function entityOfPoint({ connector, entity }: ThroughputPoint) {
  return { connector, entity };
}

function throughputOf(point: ThroughputPoint | undefined) {
  const { runs = 0, read = 0, created = 0, updated = 0, unchanged = 0, failed = 0, deleted = 0 } = point ?? {};
  const recordsPerSecond = point !== undefined && point.seconds > 0 ? read / point.seconds : null;
  return { runs, read, created, updated, unchanged, failed, deleted, recordsPerSecond };
}

function durationOf(point: OutcomePoint | undefined) {
  const { averageSeconds = null, p50Seconds = null, p95Seconds = null, longestSeconds = null } = point ?? {};
  return { syncs: point?.syncs ?? 0, averageSeconds, p50Seconds, p95Seconds, longestSeconds };
}

function outcomeOf(point: OutcomePoint | undefined) {
  const { succeeded = 0, partial = 0, failed = 0, cancelled = 0 } = point ?? {};
  const ended = succeeded + partial + failed;
  return { succeeded, partial, failed, cancelled, successRate: ended === 0 ? null : succeeded / ended };
}

function freshnessLines(points: readonly FreshnessPoint[]) {
  const lines = new Map<string, FreshnessPoint[]>();
  for (const point of points) {
    const key = `${point.connectionId} ${point.entity}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [point]);
    else line.push(point);
  }
  return [...lines.values()].flatMap((line) => {
    const [first] = line;
    // One that was never complete has no line.
    if (first === undefined || line.every(({ ageSeconds }) => ageSeconds === null)) return [];
    const { connectionId, connector, entity } = first;
    const told = line.map(({ at, ageSeconds }) => ({ at: at.toISOString(), ageSeconds }));
    return [{ connectionId, connector, entity, points: told }];
  });
}
