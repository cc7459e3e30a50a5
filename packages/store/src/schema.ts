import type { ColumnType, Generated } from 'kysely';

/** The tables of migrations/ as Kysely sees them. Target tables are written by the generic writer. */
export interface Database {
  organizations: OrganizationTable;
  api_keys: ApiKeyTable;
  members: MemberTable;
  connections: ConnectionTable;
  sync_jobs: SyncJobTable;
  sync_progress: SyncProgressTable;
  sync_job_log: SyncJobLogTable;
  sync_state: SyncStateTable;
  sync_failed_items: SyncFailedItemTable;
  sync_failed_item_events: SyncFailedItemEventTable;
  sync_scans: SyncScanTable;
  sync_seen: SyncSeenTable;
  workers: WorkerTable;
  leases: LeaseTable;
  audit_log: AuditTable;
  sync_schedules: SyncScheduleTable;
  sync_schedule_runs: SyncScheduleRunTable;
  sync_alerts: SyncAlertTable;
  sync_alert_deliveries: SyncAlertDeliveryTable;
  webhook_subscriptions: WebhookSubscriptionTable;
  webhook_deliveries: WebhookDeliveryTable;
  webhook_hours: WebhookHourTable;
  verifications: VerificationTable;
  verification_entities: VerificationEntityTable;
  verification_pages: VerificationPageTable;
  verification_findings: VerificationFindingTable;
  sync_refreshes: SyncRefreshTable;
  job_secrets: JobSecretTable;
  history_backfills: HistoryBackfillTable;
  sync_logs: SyncLogView;
  syncline_installation: InstallationTable;
  syncline_restorations: RestorationTable;
}

export type ConnectionStatus = 'active' | 'paused' | 'needs_reauth' | 'error';
/** What a key may do: read; also start, stop and repair; also set up. Each may what those before it may. */
export type KeyRole = 'viewer' | 'operator' | 'admin';
export type SyncMode = 'full' | 'incremental' | 'backfill';
/**
 * What a backfill is about: records by their ids; those that changed in a span of time, both ends included (ISO, UTC;
 * without an end up to the vendor's now); or those of a scope that the connector knows, so many days back and ahead of
 * when the job was made.
 */
export type Selection =
  | { readonly ids: readonly string[] }
  | { readonly from: string; readonly to: string | null }
  | { readonly scope: string; readonly days: number };
export type Trigger = 'manual' | 'schedule' | 'webhook' | 'recovery';
export type JobStatus = 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';
/** What a run that rests waits for. `paused`: for somebody to lift the stop, or to resume the connection. */
export type WaitReason = 'budget' | 'vendor_rate_limit' | 'circuit' | 'retry' | 'paused';
export type FailedItemKind = 'record' | 'entity_run' | 'job' | 'sweep';
export type FailedItemStatus = 'pending' | 'retrying' | 'resolved' | 'dead';
/** What happens to failed items: migrations/0025. */
export const failedItemEventKinds = ['failed', 'dead', 'started', 'resolved', 'edited', 'retried'] as const;
export type FailedItemEventKind = (typeof failedItemEventKinds)[number];
/** What a schedule orders: a sync of that mode, or a verification. */
export type ScheduleMode = 'full' | 'incremental' | 'verify';
export type ScheduleOutcome = 'started' | 'merged' | 'skipped' | 'failed';
export const alertKinds = [
  'failures',
  'slow',
  'stale',
  'needs_reauth',
  'webhook_silent',
  'differences',
  'restored',
] as const;
export type AlertKind = (typeof alertKinds)[number];
export type AlertEvent = 'alert.raised' | 'alert.cleared';
export type DeliveryStatus = 'pending' | 'delivered' | 'given_up';
/** What came of a webhook's signal; see migrations/0014. */
export type WebhookOutcome = 'written' | 'deleted' | 'unknown' | 'failed' | 'sync' | 'expired';
export type VerificationStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export type FindingKind = 'missing' | 'extra' | 'stale' | 'different';
export type HistoryState = 'running' | 'paused' | 'done';
/** What a line of a job's log tells of; see migrations/0024. */
export const jobLogKinds = [
  'queued',
  'running',
  'claimed',
  'pages',
  'waits',
  'retry',
  'entity-ended',
  'ended',
] as const;
export type JobLogKind = (typeof jobLogKinds)[number];
export type RunStatus = 'pending' | 'running' | 'succeeded' | 'partial' | 'failed' | 'skipped' | 'cancelled';

type Json = ColumnType<unknown, string | null, string | null>;
type Created = Generated<Date>;

interface OrganizationTable {
  id: Generated<string>;
  slug: string;
  external_id: string | null;
  name: string;
  stopped_at: Date | null;
  stopped_by: string | null;
  stop_reason: string | null;
  created_at: Created;
}

interface ApiKeyTable {
  id: Generated<string>;
  organization_id: string;
  name: string;
  role: KeyRole;
  prefix: string;
  secret_hash: Buffer;
  created_by: string;
  created_at: Created;
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  revoked_by: string | null;
}

interface MemberTable {
  id: Generated<string>;
  organization_id: string;
  issuer: string;
  subject: string;
  name: string | null;
  email: string | null;
  role: KeyRole;
  first_seen_at: Created;
  last_seen_at: Generated<Date>;
  blocked_at: Date | null;
  blocked_by: string | null;
  blocked_reason: string | null;
}

interface ConnectionTable {
  id: Generated<string>;
  organization_id: string;
  connector: string;
  name: string;
  status: Generated<ConnectionStatus>;
  status_reason: string | null;
  settings: ColumnType<Record<string, unknown>, string, string>;
  credentials: Buffer | null;
  credentials_key_id: string | null;
  tokens: Buffer | null;
  tokens_key_id: string | null;
  webhook_keys: Buffer | null;
  webhook_keys_key_id: string | null;
  token_lease_holder: string | null;
  token_lease_until: Date | null;
  default_schedules: Generated<string[]>;
  /** Variables describe it; see migrations/0026. */
  from_environment: Generated<boolean>;
  tokens_renewed_at: Date | null;
  token_failures: Generated<number>;
  token_failed_at: Date | null;
  token_error_code: string | null;
  deleted_at: Date | null;
  delete_data: Generated<boolean>;
  created_at: Created;
  updated_at: Created;
}

interface SyncJobTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  sync_type: string;
  mode: SyncMode;
  selection: ColumnType<Selection | null, string | undefined, never>;
  trigger: Trigger;
  triggered_by: string | null;
  cancelled_by: string | null;
  adhoc_host: string | null;
  status: Generated<JobStatus>;
  flow_round: Generated<number>;
  error_code: string | null;
  error_message: string | null;
  created_at: Created;
  started_at: Date | null;
  ended_at: Date | null;
}

interface SyncProgressTable {
  sync_job_id: string;
  entity: string;
  organization_id: string;
  connection_id: string;
  position: number;
  status: Generated<RunStatus>;
  mode: SyncMode;
  mode_reason: string | null;
  epoch: Generated<number>;
  claim: string | null;
  attempts: Generated<number>;
  scan_id: string | null;
  scan_from_page: Generated<number>;
  worker: string | null;
  heartbeat_at: Date | null;
  cursor: Json;
  lower_bound: Date | null;
  upper_bound: Date | null;
  pages: Generated<number>;
  all_pages_read: Generated<boolean>;
  records_expected: number | null;
  records_read: Generated<number>;
  records_created: Generated<number>;
  records_updated: Generated<number>;
  records_unchanged: Generated<number>;
  records_failed: Generated<number>;
  records_deleted: Generated<number>;
  error_code: string | null;
  error_message: string | null;
  waiting_for: WaitReason | null;
  waiting_until: Date | null;
  started_at: Date | null;
  ended_at: Date | null;
}

interface SyncJobLogTable {
  id: Generated<number>;
  sync_job_id: string;
  organization_id: string;
  at: Created;
  kind: JobLogKind;
  entity: string | null;
  page: number | null;
  detail: ColumnType<Readonly<Record<string, unknown>> | null, never, never>;
}

interface SyncStateTable {
  connection_id: string;
  entity: string;
  organization_id: string;
  watermark: Date | null;
  last_full_at: Date | null;
  last_full_records: number | null;
  continuation: Json;
  updated_at: Created;
}

interface SyncFailedItemTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  sync_job_id: string | null;
  entity: string;
  kind: FailedItemKind;
  vendor_id: string | null;
  payload: Json;
  error_code: string;
  field: string | null;
  message: string;
  attempts: Generated<number>;
  status: Generated<FailedItemStatus>;
  next_attempt_at: Date | null;
  claim: string | null;
  claimed_until: Date | null;
  payload_edited_at: Date | null;
  note: string | null;
  resolved_by: string | null;
  created_at: Created;
  updated_at: Created;
  resolved_at: Date | null;
}

interface SyncFailedItemEventTable {
  id: Generated<number>;
  item_id: string;
  organization_id: string;
  at: Created;
  kind: FailedItemEventKind;
  actor: string | null;
  attempt: number | null;
  error_code: string | null;
  field: string | null;
  message: string | null;
  sync_job_id: string | null;
}

interface SyncScanTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  entity: string;
  started_at: Created;
  held_at: Date | null;
}

interface SyncSeenTable {
  scan_id: string;
  organization_id: string;
  sync_job_id: string;
  pages_before: number;
  pages: number;
  vendor_ids: string[];
  unnamed: number;
}

interface WorkerTable {
  boot_id: string;
  host: string;
  pid: number;
  release: string | null;
  started_at: Created;
  seen_at: Created;
}

interface LeaseTable {
  name: string;
  holder: string;
  held_until: Date;
}

interface AuditTable {
  id: Generated<number>;
  organization_id: string;
  actor: string;
  address: string | null;
  action: string;
  subject_kind: string;
  subject_id: string | null;
  details: ColumnType<Record<string, unknown>, string | undefined, never>;
  created_at: Created;
}

interface SyncScheduleTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  name: string;
  cron: string | null;
  interval_seconds: number | null;
  time_zone: Generated<string>;
  entities: Generated<string[]>;
  mode: ScheduleMode;
  enabled: Generated<boolean>;
  next_due_at: Date | null;
  last_due_at: Date | null;
  created_at: Created;
  updated_at: Created;
}

interface SyncScheduleRunTable {
  schedule_id: string;
  due_at: Date;
  organization_id: string;
  outcome: ScheduleOutcome;
  sync_job_id: string | null;
  code: string | null;
  detail: string | null;
  created_at: Created;
}

interface SyncAlertTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  connector: string;
  kind: AlertKind;
  detail: ColumnType<unknown, string | undefined, never>;
  raised_at: Created;
  cleared_at: Date | null;
}

interface SyncAlertDeliveryTable {
  id: Generated<string>;
  organization_id: string;
  alert_id: string;
  event: AlertEvent;
  body: string;
  status: Generated<DeliveryStatus>;
  attempts: Generated<number>;
  next_attempt_at: Created;
  error_code: string | null;
  http_status: number | null;
  created_at: Created;
  ended_at: Date | null;
}

/** A view: the history in the words of the guide. */
export interface SyncLogView {
  id: string;
  sync_type: string;
  status: 'success' | 'partial' | 'error' | 'running' | 'cancelled';
  started_at: Date;
  completed_at: Date | null;
  records_processed: number;
  records_created: number;
  records_updated: number;
  error_message: string | null;
  details: { readonly selection: Selection | null; readonly entities: readonly SyncLogEntity[] };
  triggered_by: string | null;
  organization_id: string;
  connection_id: string;
  created_at: Date;
  phase: 'queued' | 'running' | 'ended';
  mode: SyncMode;
  trigger: Trigger;
  cancelled_by: string | null;
  error_code: string | null;
  records_unchanged: number;
  records_failed: number;
  records_deleted: number;
}

export interface SyncLogEntity {
  entity: string;
  status: 'pending' | 'running' | 'success' | 'partial' | 'error' | 'skipped' | 'cancelled';
  mode: SyncMode;
  mode_reason: string | null;
  pages: number;
  percent: number | null;
  records_expected: number | null;
  records_processed: number;
  records_created: number;
  records_updated: number;
  records_unchanged: number;
  records_failed: number;
  records_deleted: number;
  waiting_for: WaitReason | null;
  /** ISO 8601, UTC. */
  waiting_until: string | null;
  error_code: string | null;
  error_message: string | null;
}

interface WebhookSubscriptionTable {
  connection_id: string;
  organization_id: string;
  awaiting_until: Date | null;
  handshake_at: Date | null;
  verified_at: Date | null;
  last_delivery_at: Date | null;
  received: Generated<number>;
  duplicates: Generated<number>;
  ignored_type: Generated<number>;
  ignored_source: Generated<number>;
  refused: Generated<number>;
  last_refused_at: Date | null;
  last_refused_reason: string | null;
}

interface WebhookDeliveryTable {
  id: Generated<number>;
  organization_id: string;
  connection_id: string;
  event_id: string;
  type: string;
  entity: string;
  vendor_id: string;
  /** Of a delivery that nobody has signed: when it came. */
  sent_at: Date;
  received_at: Created;
  due_at: Date;
  status: Generated<'pending' | 'in_hand' | 'done'>;
  claim: string | null;
  claimed_until: Date | null;
  attempts: Generated<number>;
  outcome: WebhookOutcome | null;
  settled_at: Date | null;
  /** See migrations/0020. */
  span: ColumnType<{ from: string; to: string; with: string[] } | null, string | null, never>;
  rest_seconds: Generated<number>;
}

interface WebhookHourTable {
  connection_id: string;
  hour: Date;
  organization_id: string;
  received: number;
}

interface VerificationTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  trigger: 'manual' | 'schedule';
  triggered_by: string | null;
  status: Generated<VerificationStatus>;
  epoch: Generated<number>;
  claim: string | null;
  attempts: Generated<number>;
  waiting_for: string | null;
  due_at: Created;
  error_code: string | null;
  error_message: string | null;
  repair: 'asked' | 'done' | 'failed' | null;
  repair_by: string | null;
  repair_error: string | null;
  repair_ended_at: Date | null;
  created_at: Created;
  started_at: Date | null;
  ended_at: Date | null;
}

interface VerificationEntityTable {
  verification_id: string;
  entity: string;
  organization_id: string;
  position: number;
  status: Generated<'pending' | 'reading' | 'checking' | 'done'>;
  cursor: Json;
  pages: Generated<number>;
  all_pages_read: Generated<boolean>;
  records: Generated<number>;
  unreadable: Generated<number>;
  unnamed: Generated<number>;
  moved: Generated<number>;
  not_due: Generated<number>;
  dismissed: Generated<number>;
  rows_stored: number | null;
  buckets: ColumnType<readonly VerifiedBucket[] | null, string | null, string | null>;
  sampled: number | null;
  repair_job_id: string | null;
  repaired: Generated<boolean>;
  started_at: Date | null;
  ended_at: Date | null;
}

/** The records of a share of an entity's ids, as the vendor has them and as they are stored. */
export interface VerifiedBucket {
  readonly bucket: number;
  readonly vendor: BucketSum;
  readonly stored: BucketSum;
}

interface BucketSum {
  readonly records: number;
  /** 16 hex digits; equal where the records are. */
  readonly checksum: string;
}

interface VerificationPageTable {
  verification_id: string;
  entity: string;
  pages_before: number;
  organization_id: string;
  vendor_ids: string[];
  checksums: (string | null)[];
}

interface VerificationFindingTable {
  verification_id: string;
  entity: string;
  vendor_id: string;
  organization_id: string;
  kind: FindingKind;
  fields: Generated<string[]>;
  reason: string | null;
  vendor_updated_at: Date | null;
  stored_updated_at: Date | null;
  row_at: Date | null;
  confirmed: Generated<boolean>;
}

interface SyncRefreshTable {
  connection_id: string;
  name: string;
  organization_id: string;
  refreshed_at: Date | null;
  failures: Generated<number>;
  error_message: string | null;
  rests_until: Date | null;
}

interface JobSecretTable {
  sync_job_id: string;
  organization_id: string;
  connection_id: string;
  access: Buffer;
  access_key_id: string;
  created_at: Created;
}

interface HistoryBackfillTable {
  id: Generated<string>;
  organization_id: string;
  connection_id: string;
  state: Generated<HistoryState>;
  paused_by: string | null;
  first_month: string;
  last_month: string;
  next_month: string;
  open_runs: Json;
  sync_job_id: string | null;
  window_seconds: Generated<number>;
  recent_seconds: Generated<number[]>;
  records_read: Generated<number>;
  records_created: Generated<number>;
  records_updated: Generated<number>;
  records_unchanged: Generated<number>;
  records_failed: Generated<number>;
  records_deleted: Generated<number>;
  attempts: Generated<number>;
  next_attempt_at: Date | null;
  error_code: string | null;
  error_message: string | null;
  failed_at: Date | null;
  begun_at: Created;
  ended_at: Date | null;
  updated_at: Created;
}

interface InstallationTable {
  only_one: Generated<boolean>;
  compatible_from: number;
  migration_hashes: Generated<Record<string, string>>;
  identity: Generated<string>;
  ancestors: Generated<string[]>;
  generation: Generated<number>;
  counted_at: Created;
  place: string | null;
}

interface RestorationTable {
  id: Generated<string>;
  noticed_at: Created;
  lost_from: Date;
  lost_until: Date;
  put_right_at: Date | null;
  syncs: ColumnType<readonly RestoredSync[], string | undefined, string>;
}

/** What was started for a connection after a restore, or why nothing was. */
export interface RestoredSync {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly jobId?: string;
  /** A code of the catalogue. */
  readonly refused?: string;
}
