import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
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

/** Asks the vendor with what is stored. A vendor that refuses is an answer, not an error. */
export function useTest(id: string) {
  return useDeed(toldOf(id), (_: undefined) => api.POST('/api/v1/connections/{id}/test', { params: { path: { id } } }));
}

export interface ConnectionDraft {
  readonly connector: string;
  readonly name: string;
  readonly credentials: Values;
  readonly settings: Values;
}
type Values = Readonly<Record<string, unknown>>;

export function useMakeConnection() {
  return useDeed([['connections'], ['overview']], (draft: ConnectionDraft) =>
    // The server may know vendors that this page was not built with.
    api.POST('/api/v1/connections', { body: draft as never }),
  );
}

/** What is left out stays. Credentials take the place of those that are there; they are never told again. */
export function useChangeConnection(id: string) {
  const client = useQueryClient();
  return useDeed(toldOf(id), async (change: Partial<Omit<ConnectionDraft, 'connector'>>) => {
    const changed = await api.PATCH('/api/v1/connections/{id}', { params: { path: { id } }, body: change });
    // A form that is told of success shows what is stored: that has to be what it was told.
    client.setQueryData(connectionQuery(id).queryKey, changed);
    return changed;
  });
}

/** For good; with the rows that it has synced, or without them. */
export function useDeleteConnection(id: string) {
  return useDeed([['overview'], ['syncs']], (data: 'keep' | 'delete') =>
    api.DELETE('/api/v1/connections/{id}', { params: { path: { id }, query: { data } } }),
  );
}

/** What a sync by hand is about. */
export interface Order {
  readonly mode?: 'full' | 'incremental';
  readonly entities?: string[];
  readonly selection?: { readonly id?: string; readonly from?: string; readonly to?: string };
}

export function useSyncNow(id: string) {
  return useDeed(toldOf(id), (order: Order) => api.POST('/api/v1/sync/jobs', { body: { ...order, connectionId: id } }));
}

export function useConnection(id: string) {
  return useQuery(connectionQuery(id));
}
