import { type ConnectionOverview, knownPercentage } from '@syncline/engine';
import { connectionStates } from '@syncline/store';
import { z } from 'zod';

const instant = z.iso.datetime();
const count = z.int().min(0);
const jobStatus = z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']);

/** How old data are, and how old they may be. */
export const freshnessSchema = z
  .object({
    ageSeconds: z.number().nullable().describe('Null: nobody knows, or nothing brings them'),
    targetSeconds: z
      .number()
      .nullable()
      .describe('How old they may be by the schedules, or by the settings; null without either'),
    isStale: z.boolean(),
  })
  .meta({ id: 'Freshness', description: 'How old data are' });

export function freshnessAnswer(
  freshness: { readonly ageSeconds: number | null; readonly targetSeconds: number | null } | undefined,
): z.infer<typeof freshnessSchema> {
  if (freshness === undefined) return { ageSeconds: null, targetSeconds: null, isStale: false };
  const { ageSeconds, targetSeconds } = freshness;
  return {
    ageSeconds,
    targetSeconds,
    isStale: ageSeconds !== null && targetSeconds !== null && ageSeconds > targetSeconds,
  };
}

/** A connection as a list of many shows it. */
export const connectionOverviewSchema = z
  .object({
    id: z.guid(),
    connector: z.string(),
    name: z.string(),
    status: z.enum(['active', 'paused', 'needs_reauth', 'error']),
    statusReason: z.string().nullable(),
    state: z
      .enum(connectionStates)
      .describe(
        'The first that is so. problem: the vendor refuses the credentials, the last sync failed, or an alert is open',
      ),
    freshness: freshnessSchema.describe('Of the entity that is the worst against its target'),
    running: z
      .object({
        jobId: z.guid(),
        status: jobStatus,
        percent: z.number().nullable().describe('Null while nobody knows how much there is'),
        entity: z.string().nullable().describe('The one at hand'),
        startedAt: instant.nullable(),
      })
      .nullable(),
    lastSync: z
      .object({
        jobId: z.guid(),
        status: jobStatus,
        endedAt: instant.nullable(),
        durationSeconds: z.number().nullable(),
      })
      .nullable()
      .describe('The last one that has ended'),
    nextSyncAt: instant.nullable().describe('When a schedule starts one; null when none does'),
    budget: z
      .object({
        used: count,
        limit: count,
        windowSeconds: z.number(),
        resetsAt: instant.nullable().describe('When a request may go out, if none may now'),
      })
      .nullable()
      .describe('The fullest window of the vendor’s quota; null where there is none, or Redis cannot be reached'),
    openFailedItems: count,
    openAlerts: count,
  })
  .meta({ id: 'ConnectionOverview', description: 'How a connection is doing' });

/** `isTimed`: schedules start syncs. They keep their times while the scheduler is off, and start nothing. */
export function overviewAnswer(row: ConnectionOverview, isTimed: boolean): z.infer<typeof connectionOverviewSchema> {
  const { id, connector, name, status, statusReason, state, openFailedItems, openAlerts, last, nextSyncAt } = row;
  return {
    ...{ id, connector, name, status, statusReason, state, openFailedItems, openAlerts },
    freshness: freshnessAnswer(row.freshness),
    running: runningAnswer(row.live),
    lastSync: last && { ...last, endedAt: last.endedAt?.toISOString() ?? null },
    nextSyncAt: isTimed ? (nextSyncAt?.toISOString() ?? null) : null,
    budget: budgetAnswer(row.budget),
  };
}

function runningAnswer(live: ConnectionOverview['live']): z.infer<typeof connectionOverviewSchema>['running'] {
  if (live === null) return null;
  const { jobId, status, startedAt, runs } = live;
  const atHand = runs.find((run) => run.status === 'running') ?? runs.find((run) => run.status === 'pending');
  const percent = knownPercentage({ status, runs });
  return { jobId, status, percent, entity: atHand?.entity ?? null, startedAt: startedAt?.toISOString() ?? null };
}

function budgetAnswer(budget: ConnectionOverview['budget']): z.infer<typeof connectionOverviewSchema>['budget'] {
  if (budget === undefined) return null;
  const { used, limit, seconds, nextFreeAt, pausedUntil } = budget;
  const resetsAt = [nextFreeAt, pausedUntil].flatMap((at) => at?.toISOString() ?? []).sort();
  return { used, limit, windowSeconds: seconds, resetsAt: resetsAt.at(-1) ?? null };
}
