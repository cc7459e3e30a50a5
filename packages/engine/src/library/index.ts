// The engine for programs of one's own: docs/library.md. What is not exported here may change with any release.
export { isSyncError, type SyncError } from '@syncline/connector-kit';
export type { ConnectionGiven, SynclineConnection } from './connections.js';
export { ClosedError, SetupError } from './errors.js';
export { openSyncline, type Syncline } from './open-syncline.js';
export type { SynclineOptions } from './options.js';
export type { StartSyncOptions } from './start-or-find.js';
export type { SyncHandle } from './sync-handle.js';
export type { EntityProgress, SyncProgress } from './sync-progress.js';
export type { EntityResult, SyncResult } from './sync-result.js';
