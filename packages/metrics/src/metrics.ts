import { define } from './definition.js';

const connector = 'id of the connector';
const entity = "name of the connector's entity";
const priority = ['webhook', 'incremental', 'full', 'backfill'] as const;

/** Where the numbers of the fleet come from: each is read by itself, and may fail by itself. */
export const sources = [
  'jobs',
  'waiting',
  'failed_items',
  'backlog',
  'webhooks',
  'connections',
  'workers',
  'alerts',
  'freshness',
  'queues',
] as const;
export type Source = (typeof sources)[number];

/** What the reconciler can have found to do. */
const reconcilerActions = [
  'job_resumed',
  'job_concluded',
  'job_given_up',
  'run_closed',
  'recovery_woken',
  'letter_posted',
  'refetch_woken',
  'verification_woken',
  'schedule_dispatched',
] as const;
export type ReconcilerAction = (typeof reconcilerActions)[number];

/**
 * Every metric of ours; there is none that is not in here. Units are seconds and plain counts. docs/metrics.md, the
 * dashboard and the alert rules are checked against it by a test.
 */
export const metrics = define({
  syncline_build_info: {
    type: 'gauge',
    help: 'Always 1: which release this process is',
    labels: { service: ['api', 'worker'], version: 'of the release' },
    told: 'both',
  },

  syncline_pages_total: {
    type: 'counter',
    help: 'Pages of vendors that were committed to Postgres',
    labels: { connector, entity },
    told: 'worker',
  },
  syncline_records_total: {
    type: 'counter',
    help: 'Records of committed pages, by what came of them',
    labels: { connector, entity, outcome: ['created', 'updated', 'unchanged', 'failed'] },
    told: 'worker',
  },
  syncline_entity_run_duration_seconds: {
    type: 'histogram',
    help: 'From the first claim of an entity run to its end, its rests included; its count is how many have ended',
    labels: {
      connector,
      mode: ['full', 'incremental', 'backfill'],
      status: ['succeeded', 'partial', 'failed', 'cancelled'],
    },
    told: 'worker',
    buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400],
  },
  syncline_sync_jobs_ended_total: {
    type: 'counter',
    help: 'Sync jobs that this worker brought to their end',
    labels: { connector, status: ['succeeded', 'partial', 'failed', 'cancelled'] },
    told: 'worker',
  },

  syncline_vendor_request_duration_seconds: {
    type: 'histogram',
    help: 'HTTP requests to vendors, each attempt by itself, from connecting to the last byte',
    labels: { connector, outcome: ['2xx', '3xx', '4xx', '429', '5xx', 'failed'] },
    told: 'both',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  },
  syncline_budget_permits_total: {
    type: 'counter',
    help: "Permits of vendors' budgets that were taken, one for each attempt",
    labels: { connector, priority },
    told: 'both',
  },
  syncline_budget_wait_seconds: {
    type: 'histogram',
    help: 'How long whoever got a permit had waited for it in its place',
    labels: { connector, priority },
    told: 'both',
    buckets: [0.01, 0.1, 0.5, 1, 2, 5, 10, 30],
  },
  syncline_budget_deferrals_total: {
    type: 'counter',
    help: 'Permits that were too far away to be waited for: the step gave its place back',
    labels: { connector, reason: ['window', 'paused'] },
    told: 'both',
  },
  syncline_budget_deferred_seconds_total: {
    type: 'counter',
    help: 'How far away these permits were, added up',
    labels: { connector, reason: ['window', 'paused'] },
    told: 'both',
  },
  syncline_circuit_state: {
    type: 'gauge',
    help: 'Circuits of the fleet, one for each credential that this process has asked a vendor with within an hour',
    labels: { connector, state: ['closed', 'open', 'half_open'] },
    told: 'both',
  },
  syncline_circuit_refusals_total: {
    type: 'counter',
    help: 'Requests that were kept back because the circuit was not closed',
    labels: { connector },
    told: 'both',
  },

  syncline_webhook_lag_seconds: {
    type: 'histogram',
    help: 'From the arrival of what a webhook told to the commit of the record, or of the sync, that it was about',
    labels: { connector },
    told: 'worker',
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 21_600],
  },
  syncline_webhook_deliveries_total: {
    type: 'counter',
    help: 'Deliveries that were taken in, by what they were',
    labels: { connector, outcome: ['event', 'ignored', 'test', 'refused'] },
    told: 'api',
  },
  syncline_reconciler_actions_total: {
    type: 'counter',
    help: 'What the reconciler found lost, due or dead, and dealt with',
    labels: { action: reconcilerActions },
    told: 'worker',
  },

  syncline_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Requests to the API by the pattern of their route; streams for as long as they were open',
    labels: { method: 'of HTTP', route: 'pattern of the path', status: ['1xx', '2xx', '3xx', '4xx', '5xx'] },
    told: 'api',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  },

  syncline_sync_jobs: {
    type: 'gauge',
    help: 'Sync jobs that have not ended',
    labels: { state: ['queued', 'running'] },
    told: 'fleet',
  },
  syncline_entity_runs_waiting: {
    type: 'gauge',
    help: 'Entity runs that rest, by what they wait for',
    labels: { connector, reason: ['budget', 'vendor_rate_limit', 'circuit', 'retry', 'paused'] },
    told: 'fleet',
  },
  syncline_failed_items: {
    type: 'gauge',
    help: 'Failed items that are not resolved; dead ones wait for somebody to look',
    labels: { state: ['pending', 'retrying', 'dead'] },
    told: 'fleet',
  },
  syncline_queue_jobs: {
    type: 'gauge',
    help: "Jobs in BullMQ's queues; waiting are those that a worker could take now",
    labels: {
      queue: 'name of the queue',
      state: ['waiting', 'active', 'delayed', 'waiting_children', 'failed'],
    },
    told: 'fleet',
  },
  syncline_queue_oldest_job_age_seconds: {
    type: 'gauge',
    help: 'Since when the oldest work of a queue could have been taken and was not, by Postgres; 0 when nothing waits',
    labels: { queue: 'name of the queue' },
    told: 'fleet',
  },
  syncline_webhook_pending: {
    type: 'gauge',
    help: 'Rows of the ledger whose records have not been fetched yet',
    labels: { connector },
    told: 'fleet',
  },
  syncline_webhook_oldest_pending_age_seconds: {
    type: 'gauge',
    help: 'Since when the oldest of them waits',
    labels: { connector },
    told: 'fleet',
  },
  syncline_connections: {
    type: 'gauge',
    help: 'Connections by their status',
    labels: { connector, status: ['active', 'paused', 'needs_reauth', 'error'] },
    told: 'fleet',
  },
  syncline_workers: {
    type: 'gauge',
    help: 'Workers that have shown a sign of life within twenty seconds',
    labels: {},
    told: 'fleet',
  },
  syncline_alerts_open: {
    type: 'gauge',
    help: 'Alerts that are open, by kind; docs/alerts.md says what each means',
    labels: { kind: ['failures', 'slow', 'stale', 'needs_reauth', 'webhook_silent', 'differences', 'restored'] },
    told: 'fleet',
  },
  syncline_freshness_seconds: {
    type: 'gauge',
    help: 'How long ago an entity was known to be complete, of the stalest connection; those beyond the limit as _other',
    labels: { organization: 'slug, bounded by SYNCLINE_METRICS_FRESHNESS_SERIES', connector, entity },
    told: 'fleet',
  },
  syncline_freshness_folded_series: {
    type: 'gauge',
    help: 'Series of syncline_freshness_seconds that are folded into _other',
    labels: {},
    told: 'fleet',
  },

  syncline_scrape_errors_total: {
    type: 'counter',
    help: 'Times that a source of fleet metrics could not be read; its gauges are absent then',
    labels: { source: sources },
    told: 'api',
  },
  syncline_scrape_duration_seconds: {
    type: 'gauge',
    help: 'How long the last reading of a source of fleet metrics took',
    labels: { source: sources },
    told: 'api',
  },
});

export type Metrics = typeof metrics;
