import { allEntities } from '@syncline/engine';
import type { GaugeName, metrics, Reading, Recorder, Source } from '@syncline/metrics';
import { entityQueue, finishQueue, verifyQueue } from '@syncline/queue';
import type { Backlog, Stalest } from '@syncline/store';
import type { ApiContext } from '../api-context.js';
import { fleetReader } from './fleet-reader.js';
import { type FleetState, fleetSources } from './fleet-sources.js';

/** For one source; Postgres ends what takes longer. */
const patienceMs = 2_000;
/** Prometheus gives a scrape up after ten seconds, unless told otherwise. */
const allMs = 6_000;
/** However many scrape, the services are asked no more often than that. */
const keptMs = 5_000;

/** The organization, connector and entity of what is beyond the limit. No slug begins with an underscore. */
const folded = '_other';

/**
 * Tells how the fleet is, from Postgres and Redis, of all organizations together: who reads it has the operator's token.
 * Only the API does so, or as many workers as there are would tell the same.
 */
export function watchFleet(
  ctx: Pick<ApiContext, 'db' | 'queues' | 'connectors' | 'log' | 'freshnessSeries'>,
  recorder: Recorder,
): void {
  const entityQueues = allEntities(ctx).map(({ connector, entity }) => entityQueue(connector.id, entity.name));
  const seconds = new Map<Source, number>();
  const read = fleetReader<FleetState>({
    ...{ patienceMs, allMs, keptMs },
    read: fleetSources(ctx, patienceMs),
    onRead: (source, took, error) => {
      seconds.set(source, took);
      if (error === undefined) return;
      recorder.count('syncline_scrape_errors_total', { source });
      ctx.log.warn({ event: 'metrics.unread', err: error, source }, 'a source of fleet metrics could not be read');
    },
  });
  /** Has a gauge follow a source. Absent while the source is. */
  const tell = <Name extends GaugeName, Of extends Source>(
    name: Name,
    source: Of,
    readings: (value: FleetState[Of]) => readonly Reading<Name>[],
  ) =>
    recorder.watch(name, async () => {
      const value = (await read())[source];
      if (value === undefined) throw new Error(`${source} could not be read`);
      return readings(value);
    });

  tell('syncline_sync_jobs', 'jobs', (jobs) => jobs.map(({ state, count }) => ({ labels: { state }, value: count })));
  tell('syncline_entity_runs_waiting', 'waiting', (runs) =>
    runs.map(({ connector, reason, count }) => ({ labels: { connector, reason }, value: count })),
  );
  tell('syncline_failed_items', 'failed_items', (items) =>
    items.map(({ state, count }) => ({ labels: { state }, value: count })),
  );
  tell('syncline_queue_oldest_job_age_seconds', 'backlog', ({ steps, verify = 0 }) => [
    // Those of the others have no work of which Postgres knows since when it waits.
    ...[...entityQueues, finishQueue].map((queue) => ({ labels: { queue }, value: 0 })),
    ...oldest(steps),
    { labels: { queue: verifyQueue }, value: verify },
  ]);
  tell('syncline_webhook_pending', 'webhooks', (all) =>
    all.map(({ connector, pending }) => ({ labels: { connector }, value: pending })),
  );
  tell('syncline_webhook_oldest_pending_age_seconds', 'webhooks', (all) =>
    all.map(({ connector, oldestSeconds }) => ({ labels: { connector }, value: oldestSeconds })),
  );
  tell('syncline_connections', 'connections', (all) =>
    all.map(({ connector, status, count }) => ({ labels: { connector, status }, value: count })),
  );
  tell('syncline_workers', 'workers', ({ alive }) => [{ labels: {}, value: alive }]);
  tell('syncline_alerts_open', 'alerts', (all) => all.map(({ kind, open }) => ({ labels: { kind }, value: open })));
  tell('syncline_freshness_seconds', 'freshness', freshness);
  tell('syncline_freshness_folded_series', 'freshness', (stalest) => [{ labels: {}, value: stalest.folded }]);
  tell('syncline_queue_jobs', 'queues', (queues) =>
    queues.flatMap(({ queue, waiting, active, delayed, waitingChildren, failed }) =>
      Object.entries({ waiting, active, delayed, waiting_children: waitingChildren, failed }).map(([state, value]) => ({
        labels: { queue, state: state as QueueState },
        value,
      })),
    ),
  );
  recorder.watch('syncline_scrape_duration_seconds', async () => {
    await read();
    return [...seconds].map(([source, value]) => ({ labels: { source }, value }));
  });
}

type QueueState = (typeof metrics.syncline_queue_jobs.labels.state)[number];

function oldest(steps: readonly Backlog[]): Reading<'syncline_queue_oldest_job_age_seconds'>[] {
  return steps.map(({ connector, entity, seconds }) => ({
    labels: { queue: entity === '' ? finishQueue : entityQueue(connector, entity) },
    value: seconds,
  }));
}

/** However many organizations there are, there are so many series and one more. */
function freshness({ listed, folded: beyond, foldedSeconds }: Stalest): Reading<'syncline_freshness_seconds'>[] {
  const all = listed.map(({ seconds, ...labels }) => ({ labels, value: seconds }));
  if (beyond === 0) return all;
  return [...all, { labels: { organization: folded, connector: folded, entity: folded }, value: foldedSeconds }];
}
