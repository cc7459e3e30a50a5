export { migrate, migrationsFolder } from './migrate.js';
export { type Db, type OpenDatabaseOptions, openDatabase } from './open-database.js';
export {
  type Connection,
  ensureConnection,
  ensureOrganization,
  findConnection,
  listConnections,
  setConnectionStatus,
} from './queries/connections.js';
export { alreadyRunning, createJob, type NewJob, type PlannedRun } from './queries/create-job.js';
export { recordFailedRun, resolveFailedRun } from './queries/failed-items.js';
export {
  concludeJob,
  type JobHead,
  nextFlowRound,
  quietJobs,
  type RunHead,
  readJob,
  readRuns,
  reopenJob,
} from './queries/job-life.js';
export { countJobs, type JobFilter, type JobView, listJobs, type RunView } from './queries/job-views.js';
export { rowCounts } from './queries/row-counts.js';
export {
  type ClaimedRun,
  claimRun,
  endRun,
  noteWaiting,
  type RunEnd,
  restartAsFull,
  skipRun,
} from './queries/run-life.js';
export { dropTokenLease, readSecrets, type Secrets, storeTokens, takeTokenLease } from './queries/secrets.js';
export { type EntityState, readStates } from './queries/state.js';
export { pendingMigrations, pingDatabase } from './readiness.js';
export type { ConnectionStatus, JobStatus, RunStatus, SyncMode, Trigger } from './schema.js';
export { isTransientDatabaseError } from './transient-error.js';
export { createVault, decodeKey, type Vault } from './vault/vault.js';
export { type CommitOutcome, commitPages, type Fence, type PageBatch } from './writer/commit-pages.js';
export { type TableFamily, type TableSql, tableSql } from './writer/table-sql.js';
export { holdsRows, type Target } from './writer/write-records.js';
