export type { components, paths } from './api-types.js';
export { type ClientOptions, createClient, type Schemas, type SynclineClient } from './create-client.js';
export type { FollowOptions, LiveEvent } from './event-stream.js';
export { type ClientErrorCode, type ErrorCode, SynclineError } from './syncline-error.js';
