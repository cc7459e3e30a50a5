import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id],
    queryFn: ({ signal }) => api.GET('/api/v1/connections/{id}', { params: { path: { id } }, signal }),
  });

export const connectionEntitiesQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'entities'],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/v1/connections/{id}/entities', { params: { path: { id } }, signal })).data,
    refetchInterval: 30_000,
  });

/** All of them, to choose from. */
export const connectionsQuery = queryOptions({
  queryKey: ['connections', 'all'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/connections', { signal })).data,
});

/** What is told of a connection: old as soon as something is done to it. */
const toldOf = (id: string) => [['connections', id], ['overview'], ['syncs']];

export function usePauseOrResume(id: string) {
  return useDeed(toldOf(id), (what: 'pause' | 'resume') =>
    what === 'pause'
      ? api.POST('/api/v1/connections/{id}/pause', { params: { path: { id } } })
      : api.POST('/api/v1/connections/{id}/resume', { params: { path: { id } } }),
  );
}

export function useTest(id: string) {
  return useDeed(toldOf(id), () => api.POST('/api/v1/connections/{id}/test', { params: { path: { id } } }));
}

/** Puts other credentials in the place of those that are there; they are never told again. */
export function useSetCredentials(id: string) {
  return useDeed(toldOf(id), (credentials: Record<string, unknown>) =>
    api.PATCH('/api/v1/connections/{id}', { params: { path: { id } }, body: { credentials } }),
  );
}

/** What a sync by hand is about. */
export interface Order {
  readonly syncType: string;
  readonly mode?: 'full' | 'incremental';
  readonly selection?: { readonly id?: string; readonly from?: string; readonly to?: string };
}

export function useSyncNow(id: string) {
  return useDeed(toldOf(id), (order: Order) =>
    api.POST('/api/sync/trigger', { body: { ...order, connectionId: id } as never }),
  );
}

export function useConnection(id: string) {
  return useQuery(connectionQuery(id));
}
