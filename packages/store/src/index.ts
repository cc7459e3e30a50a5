export { type Adoption, AdoptionError, type AdoptOptions, adopt } from './adopt/adopt.js';
export type { Finding } from './adopt/findings.js';
export { OccupiedError } from './adopt/occupied.js';
export { type AdoptionTarget, adoptionTargets } from './adopt/targets.js';
export { type AlertMessage, type AlertView, countAlerts, listAlerts } from './alerts/alert-views.js';
export type { CronPause, JudgeOptions, KnownEntity } from './alerts/conditions-sql.js';
export {
  addDeliveries,
  claimDelivery,
  type Delivery,
  type DeliveryFailure,
  giveUpOldDeliveries,
  type NewDelivery,
  noteDelivered,
  noteUndelivered,
} from './alerts/deliveries.js';
export {
  type Alert,
  type AlertFinding,
  countOpenAlerts,
  forgetOldAlerts,
  type Judgement,
  judgeConnections,
  listCrons,
  type OpenAlerts,
} from './alerts/judge-connections.js';
export { type Freshness, type FreshnessPoint, readFreshness, readFreshnessAt } from './analytics/read-freshness.js';
export {
  type FailurePoint,
  type OutcomePoint,
  readFailures,
  readOutcomes,
  readThroughput,
  type ThroughputPoint,
} from './analytics/read-series.js';
export { type AnalyticsWindow, type Bucket, beginOf, buckets, partsOf } from './analytics/window.js';

export { listLargestTables, readServerFacts, type ServerFacts, type TableSize } from './doctor/server-facts.js';
export { endedOf, listWorkers, readWorkFacts, type WorkerFacts, type WorkFacts } from './doctor/work-facts.js';

export { explainDatabaseError } from './explain-database-error.js';
export { type Backlog, readBacklog, readVerificationBacklog } from './fleet-state/backlog.js';
export { countConnections, countLiveJobs, countOpenFailedItems, countWaitingRuns } from './fleet-state/counts.js';
export { readStalest, type Stalest } from './fleet-state/stalest.js';
export { readWebhookBacklog, type WebhookBacklog } from './fleet-state/webhook-backlog.js';
export { withinMs } from './fleet-state/within-ms.js';

export {
  areReadWhole,
  changeHistory,
  findHistory,
  type History,
  type HistoryChange,
  type HistoryKey,
  idleHistories,
  insertHistory,
  lockHistory,
  type OpenRun,
  type RecordCounts,
} from './history/histories.js';
export { endWindowJob, readWindowJob, type WindowJob, type WindowRun } from './history/window-job.js';
export {
  countUp,
  type Installation,
  readInstallation,
  settleAt,
} from './installation/installation.js';
export { readChangedMigrations } from './installation/migration-hashes.js';
export { isSamePlace } from './installation/place.js';
export {
  beginNewLife,
  listRestorations,
  notePutRight,
  type Restoration,
} from './installation/restorations.js';
export { blockMember, forgetAbsentMembers, forgetMember, unblockMember } from './members/change-members.js';
export { findMember, listMembers, type Member } from './members/member-views.js';
export { noteMember } from './members/note-member.js';
export type { Person, PersonSeen } from './members/person.js';
export { isShutOut, standingsOf } from './members/standing.js';
export { migrate, pendingMigrations } from './migrate.js';
export { migrationsFolder, releaseName } from './migration-files.js';
export {
  type Db,
  type OpenDatabaseOptions,
  openDatabase,
  serviceTimeouts,
} from './open-database.js';
export { countTableRows, type TableRows } from './overview/count-rows.js';
export { groupFailedItems, groupSql, type ReasonGroup } from './overview/group-failed-items.js';
export { type JobLogLine, listJobLog } from './overview/list-job-log.js';
export { type JobPlace, type JobSummary, jobSummaries, listJobSummaries } from './overview/list-job-summaries.js';
export {
  listOverview,
  type OverviewFilter,
  type OverviewPlace,
  type OverviewRow,
  overviewSql,
  placeOf,
  type RunShare,
} from './overview/list-overview.js';
export { type EntityFacts, readEntityFacts } from './overview/read-entities.js';
export {
  type ChangingThing,
  changingThings,
  type JobNow,
  nowSql,
  type OrganizationNow,
  type RunNow,
  readNow,
} from './overview/read-now.js';
export { type OverviewTotals, readOverviewTotals } from './overview/read-totals.js';
export { type ConnectionState, connectionStates } from './overview/states-sql.js';
export {
  type ApiKey,
  findKeyById,
  findKeyByPrefix,
  insertApiKey,
  listApiKeys,
  noteKeyUse,
  revokeApiKey,
  type StoredKey,
} from './queries/api-keys.js';
export {
  type Actor,
  type AuditEntry,
  type AuditFilter,
  type AuditView,
  countAudit,
  listAudit,
  listAuditActions,
  recordAudit,
} from './queries/audit.js';
export {
  insertConnection,
  lockConnection,
  markConnectionDeleted,
  replaceCredentials,
  updateConnection,
} from './queries/connection-changes.js';
export { type ConnectionView, listConnectionViews } from './queries/connection-views.js';
export {
  type Connection,
  connectorsInUse,
  ensureConnection,
  ensureOrganization,
  findConnection,
  findConnectionById,
  listAllConnections,
  listConnections,
  reportConnectionStatus,
  setConnectionStatus,
} from './queries/connections.js';
export { alreadyRunning, createJob, type NewJob, type PlannedRun } from './queries/create-job.js';
export {
  type BuriedSelection,
  buryItem,
  buryRun,
  type FailedRun,
  failUnreadRun,
  type ItemHead,
  listUnburiedRuns,
  type RunState,
  readItemHead,
  readLatestJobId,
  readRunItemHead,
  readRunState,
} from './queries/dead-letters.js';
export { ensureDefaultSchedules } from './queries/default-schedules.js';
export {
  type ActiveSchedule,
  activeSchedules,
  connectionOfSchedule,
  type DueSchedule,
  lockDueSchedules,
  nextSlots,
  overdueConnections,
  type SlotOutcome,
  settleSlot,
} from './queries/due-schedules.js';
export {
  isAnyStopped,
  liveJobIds,
  readStop,
  restartOrganization,
  type Stop,
  stopOrganization,
} from './queries/emergency-stop.js';
export {
  type DeletedConnection,
  eraseConnection,
  eraseRows,
  listDeletedConnections,
  noteErasureFailure,
} from './queries/erase-connections.js';
export {
  closeFailedItems,
  editFailedItem,
  type ItemActor,
  type ItemSelection,
  type Retried,
  resolveFailedItem,
  retryFailedItems,
} from './queries/failed-item-changes.js';
export {
  type FailedItemEvent,
  type FailedItemHistory,
  readFailedItemHistory,
} from './queries/failed-item-history.js';
export {
  countFailedItems,
  type FailedItemFilter,
  type FailedItemGroup,
  type FailedItemView,
  findFailedItem,
  listFailedItems,
  summarizeFailedItems,
} from './queries/failed-item-views.js';
export { hasOpenItems, resolveFailedRun } from './queries/failed-items.js';
export { beatWorker, dropLease, forgetDeadWorkers, readFleet, removeWorker, takeLease } from './queries/fleet.js';
export {
  noteTokenFailure,
  type RecentRuns,
  readRecentRuns,
  readTokenHealth,
  type TokenHealth,
} from './queries/health.js';
export { type HistoryTotals, readHistoryTotals } from './queries/history.js';
export {
  cancelJob,
  concludeJob,
  endJob,
  endZombies,
  failJob,
  type JobHead,
  nextFlowRound,
  quietJobs,
  type RunHead,
  readJob,
  readRuns,
  reopenJob,
  staleJobs,
} from './queries/job-life.js';
export { insertJobAccess, type JobAccess, readJobAccess } from './queries/job-secrets.js';
export { countJobs, type JobFilter, type JobView, listJobs, type RunView } from './queries/job-views.js';
export { latestJobs } from './queries/latest-jobs.js';
export {
  createOrganization,
  listOrganizations,
  type Organization,
  organizationsById,
  renameOrganization,
  resolveOrganization,
} from './queries/organizations.js';
export { type JobProgress, organizationOfJob, type RunProgress, readProgress } from './queries/progress.js';
export {
  type ClaimedItem,
  claimDueItems,
  endExpiredClaims,
  findRecoverable,
  type GivenUp,
  type ItemPlace,
  listDuePlaces,
  listGivenUp,
  msUntilDue,
  releaseItem,
  releaseItems,
  takeOverItems,
} from './queries/recovery.js';
export {
  connectionsWithChanges,
  hasChanges,
  noteRefreshed,
  noteRefreshFailure,
  type Refreshed,
  refreshPart,
} from './queries/refreshes.js';
export { clearOldRows, type Deleted, retainedTables } from './queries/retention.js';
export { giveUpWhole, noteRunUnderWay, reopenRuns, settleEndedRetries } from './queries/retry-runs.js';
export { countLiveRows, rowCounts } from './queries/row-counts.js';
export {
  type Attempt,
  beatRun,
  type ClaimedRun,
  claimRun,
  concludeRun,
  endRun,
  noteAttempt,
  noteWaiting,
  type RunEnd,
  restartAsFull,
  skipRun,
} from './queries/run-life.js';
export type { Seen } from './queries/scans.js';
export {
  deleteSchedule,
  followClock,
  insertSchedule,
  listScheduleRuns,
  listSchedules,
  lockSchedule,
  readClock,
  type Schedule,
  type ScheduleRun,
  type ScheduleTerms,
  type ScheduleView,
  updateSchedule,
} from './queries/schedules.js';
export {
  dropTokenLease,
  readCredentials,
  readSecrets,
  type Secrets,
  storeTokens,
  takeTokenLease,
} from './queries/secrets.js';
export type { Standing } from './queries/standing.js';
export { type EntityState, forgetStates, readStates } from './queries/state.js';
export {
  type JobStatistics,
  type RunStatistics,
  readJobStatistics,
  readRunStatistics,
  type StatisticsScope,
} from './queries/statistics.js';
export { listSyncLogs, type SyncLog } from './queries/sync-logs.js';
export { unreadStatuses } from './queries/sync-outcome.js';
export { readTableSummary, type SummaryRequest, type TableSummary } from './queries/table-summary.js';
export { pingDatabase } from './readiness.js';
export {
  type AlertEvent,
  type AlertKind,
  alertKinds,
  type ConnectionStatus,
  type DeliveryStatus,
  type FailedItemKind,
  type FailedItemStatus,
  type FindingKind,
  failedItemEventKinds,
  type HistoryState,
  type JobLogKind,
  type JobStatus,
  jobLogKinds,
  type KeyRole,
  type RestoredSync,
  type RunStatus,
  type ScheduleMode,
  type ScheduleOutcome,
  type Selection,
  type SyncLogEntity,
  type SyncMode,
  type Trigger,
  type VerificationStatus,
  type VerifiedBucket,
  type WaitReason,
} from './schema.js';
export { ensureSchema, requireSchema, SchemaError } from './schema-choice/require-schema.js';
export { HiddenRowsError, requireSight } from './schema-choice/require-sight.js';
export { describeDifference, findDrift, type SchemaDifference } from './schema-version/find-drift.js';
export {
  editedMigrations,
  makeManifest,
  manifestText,
  readManifest,
  type SchemaManifest,
} from './schema-version/manifest.js';
export {
  NewerSchemaError,
  readSchemaStanding,
  requireFit,
  type SchemaStanding,
} from './schema-version/newer-schema.js';
export type { DatabaseTimeouts } from './sessions/limited-sessions.js';
export { confirmHeldSweep, type SweepOwner } from './sweep/confirm-held-sweep.js';
export type { HeldSweep } from './sweep/held-sweep.js';
export type { SweepRun, Swept } from './sweep/in-scan.js';
export { countLive, lookForMissing, type Missing } from './sweep/look-for-missing.js';
export { type Gone, liveIdsBeside } from './sweep/settle-gone.js';
export type { WholePartitions } from './sweep/settle-partitions.js';
export { closeSweep, holdSweep, markGone } from './sweep/sweep.js';
export { forTenant } from './tenancy/for-tenant.js';
export { canBeTenant } from './tenancy/tenant-lock.js';
export { isStatementTimeout, isTransientDatabaseError } from './transient-error.js';
export { isUnstorableText } from './unstorable-text.js';
export { countSecrets, type KeyUse, type Rotation, rotateSecrets } from './vault/rotate-secrets.js';
export { createVault, decodeKey, type Vault } from './vault/vault.js';
export {
  chooseSample,
  listOpenFindings,
  type OpenFinding,
  type SecondLook,
  settleSecondLook,
} from './verify/ask-again.js';
export type { Evidence } from './verify/compare-records.js';
export {
  askForRepair,
  endRepair,
  listFindingIds,
  listRepairs,
  noteRepair,
  prepareRepair,
  type RepairWork,
} from './verify/repair.js';
export {
  type FindingFilter,
  type FindingView,
  listFindings,
  listVerifications,
  type VerificationView,
  type VerifiedEntityView,
} from './verify/verification-views.js';
export {
  type ClaimedVerification,
  cancelVerification,
  claimVerification,
  createVerification,
  endVerification,
  listDueVerifications,
  noteVerificationRest,
  type VerificationEnd,
} from './verify/verifications.js';
export {
  beginVerifiedEntity,
  comparePages,
  type EvidenceBatch,
  endVerifiedEntity,
  type Listing,
  listVerifiedEntities,
  settleVerifiedEntity,
  type VerifiedEntity,
} from './verify/verify-entity.js';
export { type DeliveryPlace, type DeliveryView, listDeliveries } from './webhooks/list-deliveries.js';
export {
  type Noted,
  type NotedDelivery,
  noteDeliveries,
  type Signal,
  type SignalledSpan,
  storedIds,
  type Verifies,
} from './webhooks/note-deliveries.js';
export { type Refetched, type SettledSignals, settleSignals } from './webhooks/settle-signals.js';
export {
  type ClaimedSignal,
  claimSignals,
  endExpiredSignals,
  listSignalledPlaces,
  releaseSignals,
  secondsSinceSync,
  settleAsSync,
  signalTimes,
  takeOverSignals,
  tidyLedger,
} from './webhooks/signals.js';
export { readWebhookDays, type WebhookDay } from './webhooks/webhook-day.js';
export { readWebhookHealth, type WebhookHealth } from './webhooks/webhook-health.js';
export {
  acceptWebhookKey,
  awaitHandshake,
  forgetProof,
  forgetWebhookKeys,
  listAwaiting,
  readWebhookKeys,
  replaceWebhookKey,
  type WebhookKeys,
} from './webhooks/webhook-keys.js';
export { analyzeGrown, createdSoFar } from './writer/analyze-grown.js';
export { type CommitOutcome, commitPages, type Fence, type PageBatch } from './writer/commit-pages.js';
export type { RecordBatch } from './writer/put-records.js';
export { readShapes } from './writer/read-shapes.js';
export {
  type FailedRetry,
  type MendedItem,
  type RetryOutcomes,
  type Settlement,
  settleItems,
} from './writer/settle-items.js';
export { type TableFamily, type TableSql, tableSql } from './writer/table-sql.js';
export { holdsRows, type Target, takeOverRows } from './writer/write-records.js';
