export { SynclineProvider, useSyncline } from './provider.js';
export { synclineKeys } from './query-keys.js';
export { type FailedItemsFilter, type UseFailedItems, useFailedItems, type WhichItems } from './use-failed-items.js';
export { type SyncOrder, type UseSync, type UseSyncOptions, useSync } from './use-sync.js';
