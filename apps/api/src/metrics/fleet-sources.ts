import { allEntities } from '@syncline/engine';
import type { Source } from '@syncline/metrics';
import {
  countConnections,
  countLiveJobs,
  countOpenAlerts,
  countOpenFailedItems,
  countWaitingRuns,
  type Db,
  readBacklog,
  readFleet,
  readStalest,
  readVerificationBacklog,
  readWebhookBacklog,
  withinMs,
} from '@syncline/store';
import type { ApiContext } from '../api-context.js';

const defaultFreshnessSeries = 200;

/** Where numbers of the fleet come from. Postgres ends each query after `patienceMs`. */
export function fleetSources(
  ctx: Pick<ApiContext, 'db' | 'queues' | 'connectors' | 'freshnessSeries'>,
  patienceMs: number,
) {
  const { freshnessSeries = defaultFreshnessSeries } = ctx;
  const entities = allEntities(ctx).map(({ connector, entity }) => ({ connector: connector.id, entity: entity.name }));
  const bounded =
    <T>(query: (db: Db) => Promise<T>) =>
    () =>
      withinMs(ctx.db, patienceMs, query);
  return {
    jobs: bounded(countLiveJobs),
    waiting: bounded(countWaitingRuns),
    failed_items: bounded(countOpenFailedItems),
    backlog: bounded(async (db) => ({ steps: await readBacklog(db), verify: await readVerificationBacklog(db) })),
    webhooks: bounded(readWebhookBacklog),
    connections: bounded(countConnections),
    workers: bounded(readFleet),
    alerts: bounded((db) => countOpenAlerts(db)),
    freshness: bounded((db) => readStalest(db, entities, freshnessSeries)),
    queues: () => ctx.queues.counts(),
  } satisfies Record<Source, () => Promise<unknown>>;
}

type Sources = ReturnType<typeof fleetSources>;
/** What each of them gives. */
export type FleetState = { readonly [Name in keyof Sources]: Awaited<ReturnType<Sources[Name]>> };
