import { queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

/** How far what was before the first sync is read. Events tell when a window begins and ends; between them it moves too. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'history'],
    queryFn: ({ signal }) => api.GET('/api/v1/connections/{id}/history', { params: { path: { id } }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 3_000 : 30_000),
  });

export function useSteerHistory(id: string) {
  return useDeed([['connections', id], ['syncs']], (what: 'start' | 'pause') =>
    what === 'start'
      ? api.POST('/api/v1/connections/{id}/history/start', { params: { path: { id } } })
      : api.POST('/api/v1/connections/{id}/history/pause', { params: { path: { id } } }),
  );
}
