export { allEntities, type EngineContext } from './context.js';
export { ensureEnvironmentConnections } from './environment-connections.js';
export { finishJob } from './job/finish-job.js';
export { reconcile } from './job/reconcile.js';
export { type StartedSync, type SyncRequest, startSync } from './job/start-sync.js';
export { runEntity } from './run/run-entity.js';
export { openClient } from './vendor/open-client.js';
export { type ConnectionTest, testConnection } from './vendor/test-connection.js';
