export { alertMessage } from './alerts/alert-message.js';
export { schedulePauses } from './alerts/cron-pauses.js';
export { knownEntities } from './alerts/known-entities.js';
export type { AlertWebhook } from './alerts/webhook-signature.js';
export { baseUrlOf, credentialsOf, noticesOf, settingsOf } from './connection-settings.js';
export { type ConnectionChange, changeConnection } from './connections/change-connection.js';
export { createConnection } from './connections/create-connection.js';
export { deleteConnection } from './connections/delete-connection.js';
export { eraseDeleted } from './connections/erase-deleted.js';
export { pauseConnection, resumeConnection } from './connections/pause-connection.js';
export { allEntities, type Boundary, type EngineContext, type WorkContext } from './context.js';
export { cancelSync } from './control/cancel-sync.js';
export { readCircuit, setCircuit } from './control/circuit.js';
export { restartSyncs, type StopResult, stopSyncs } from './control/emergency-stop.js';
export { holdsOf } from './control/holds.js';
export { ensureEnvironmentConnections } from './environment-connections.js';
export { carryOnHistory } from './history/carry-on-history.js';
export { pauseHistory, startHistory } from './history/change-history.js';
export { keepHistories } from './history/keep-histories.js';
export { type HistoryPhase, type HistoryProgress, readHistory } from './history/read-history.js';
export { startInitial } from './history/start-initial.js';
export { type Footing, type HoldReason, judgeFooting } from './installation/judge-footing.js';
export { readFooting } from './installation/read-footing.js';
export { explainJob, type Holdup, holdupReason } from './job/explain-job.js';
export { finishJob } from './job/finish-job.js';
export { lookAfter } from './job/reconcile.js';
export { type Settled, settleStale } from './job/settle-stale.js';
export { startAdhocSync } from './job/start-adhoc-sync.js';
export { type StartedSync, type SyncRequest, startSync } from './job/start-sync.js';
export { createNowWatch, type NowWatch } from './overview/now-watch.js';
export { type EntityOverview, readEntities } from './overview/read-entities.js';
export { type ConnectionOverview, type Overview, readOverview } from './overview/read-overview.js';
export { type ModeOrder, orderOfMode } from './plan/order-of-mode.js';
export { entityPercent } from './progress/entity-percent.js';
export { guideStatus, isLive, type SyncStatus, syncStatuses } from './progress/guide-status.js';
export { isRead, knownPercentage, percentage, recordsTotal } from './progress/percentage.js';
export { createProgressWatch, type ProgressWatch } from './progress/progress-watch.js';
export { operationOf, stepOf } from './progress/progress-words.js';
export { recoveryPolicy } from './recovery/policy.js';
export { retryItems } from './recovery/retry-items.js';
export { type Cleared, clearByHand } from './retention/clear-old-rows.js';
export { runEntity } from './run/run-entity.js';
export {
  changeSchedule,
  createSchedule,
  type NewSchedule,
  removeSchedule,
  type ScheduleChange,
} from './schedules/change-schedules.js';
export { runSchedule } from './schedules/dispatch-due.js';
export { nextRun } from './schedules/timing.js';
export { aboutConnection } from './vendor/about-connection.js';
export { budgetOf } from './vendor/budget-key.js';
export { openClient } from './vendor/open-client.js';
export { readBudget } from './vendor/read-budget.js';
export { type ConnectionTest, testConnection } from './vendor/test-connection.js';
export { startRepair, startVerification, type VerificationRequest } from './verify/start-verification.js';
export { verifyConnection } from './verify/verify-connection.js';
export type { Address } from './webhooks/known-keys.js';
export { openWebhookDoor, type WebhookDoor } from './webhooks/receive-delivery.js';
export { refetchSignalled } from './webhooks/refetch-signalled.js';
export { beginWebhook, dropWebhookKey, hasWebhookKey, unprovenWebhookKey } from './webhooks/set-up-webhook.js';
export { logTrouble } from './wiring/log-trouble.js';
export { loggedError } from './wiring/logged-error.js';
export { oneAtATime } from './wiring/one-at-a-time.js';
export { openEngine } from './wiring/open-engine.js';
export { secretPaths } from './wiring/secret-paths.js';
export { startWork, type Work } from './wiring/start-work.js';
export { within } from './wiring/within.js';
