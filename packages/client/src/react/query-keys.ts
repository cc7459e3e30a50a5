import type { SynclineClient } from '../create-client.js';

/**
 * Where the hooks keep what they know in TanStack Query's cache. To have it read anew:
 * `queryClient.invalidateQueries({ queryKey: synclineKeys(client).failedItems })`. Organizations are kept apart.
 */
export function synclineKeys({
  organization = null,
}: {
  readonly organization: SynclineClient['organization'] | null;
}) {
  const all = ['syncline', organization] as const;
  return {
    all,
    connection: (id: string) => [...all, 'connections', id] as const,
    progress: (jobId: string | null) => [...all, 'progress', jobId] as const,
    failedItems: [...all, 'failed-items'] as const,
  };
}
