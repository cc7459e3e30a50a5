import { SyncError } from '@syncline/connector-kit';
import { explainJob } from '@syncline/engine';
import { type Connection, listJobs, readClock, readRecentRuns, readTokenHealth } from '@syncline/store';
import { z } from 'zod';
import { type TenantContext, tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { budgetAnswer } from './budget-answer.js';
import { chooseConnection, connectionAnswer, connectionIdSchema, connectionSchema } from './choose-connection.js';
import { type HealthCheck, type HealthFacts, healthChecks, overall, verdicts } from './health-checks.js';

/** Syncs that ended within so many hours are looked at. */
const hours = 24;

const check = z.object({
  name: z.enum(['success_rate', 'longest_running', 'budget_used', 'record_error_rate', 'token_refresh']),
  value: z.number().nullable(),
  unit: z.enum(['percent', 'minutes', 'failures']),
  wanted: z.enum(['above', 'below']).describe('On which side of the threshold the value is fine'),
  threshold: z.number(),
  verdict: z.enum(verdicts),
  reason: z.string().nullable(),
});

const answer = z
  .object({
    verdict: z.enum(verdicts).describe('The worst of the checks: ok, unknown, warning, fail'),
    checks: z.array(check),
    connection: connectionSchema,
  })
  .meta({ id: 'SyncHealth', description: 'A checklist with numbers, thresholds and verdicts' });

/** The guide's checklist in numbers. Answers 200 whatever the verdict, unless somebody wants it strict. */
export function getSyncHealth(app: App, api: ApiContext): void {
  const strict = z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: 503 when a check fails, for monitors that only look at the status');
  app.get(
    '/api/sync/health',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncHealth',
        tags: ['sync'],
        summary: 'Whether syncs do as they should, as a checklist',
        querystring: z.strictObject({ connectionId: connectionIdSchema, strict }),
        response: {
          200: {
            description: 'How it stands, whatever the verdict',
            content: { 'application/json': { schema: answer } },
          },
          ...problemResponses(
            'VALIDATION_FAILED',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'SYNC_UNHEALTHY',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connection = await chooseConnection(ctx, request.query.connectionId);
      const checks = healthChecks(await gather(ctx, connection));
      const failed = checks.filter(({ verdict }) => verdict === 'fail');
      if (request.query.strict === 'true' && failed.length > 0) {
        throw new SyncError('SYNC_UNHEALTHY', failed.map(inWords).join('; '));
      }
      return { verdict: overall(checks), checks, connection: connectionAnswer(connection) };
    },
  );
}

async function gather(ctx: TenantContext, connection: Connection): Promise<HealthFacts> {
  const [recent, live, budget, tokens] = await Promise.all([
    readRecentRuns(ctx.db, connection, hours),
    readLive(ctx, connection),
    budgetAnswer(ctx, connection),
    readTokenHealth(ctx.db, connection),
  ]);
  return { hours, recent, live, budget, connection, tokens };
}

/** A connection has one live sync at most. Rests count: whoever waits for its data waits as well. */
async function readLive(ctx: TenantContext, connection: Connection): Promise<HealthFacts['live']> {
  const filter = { connectionId: connection.id, statuses: ['queued', 'running'] } as const;
  const [job] = await listJobs(ctx.db, ctx.organizationId, filter, { limit: 1, offset: 0 });
  if (job === undefined) return undefined;
  const [now, holdup] = await Promise.all([readClock(ctx.db), explainJob(ctx, ctx.organizationId, job)]);
  const minutes = Math.max(0, now.getTime() - (job.startedAt ?? job.createdAt).getTime()) / 60_000;
  const until = holdup?.until ? `, until ${holdup.until.toISOString()}` : '';
  return { minutes, waitsFor: holdup === null ? null : `${holdup.detail}${until}` };
}

function inWords({ name, value, unit, wanted, threshold, reason }: HealthCheck): string {
  return `${name} is ${value} ${unit}, not ${wanted} ${threshold}${reason === null ? '' : ` (${reason})`}`;
}
