import { queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

/** Whether requests go out to the vendor. It stands in Redis, so that no event tells of it. */
export const circuitQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id, 'circuit'],
    queryFn: ({ signal }) => api.GET('/api/v1/connections/{id}/circuit', { params: { path: { id } }, signal }),
    refetchInterval: 15_000,
  });

/** Keeps requests back until somebody says otherwise, or lets them out again. */
export function useSetCircuit(id: string) {
  return useDeed([['connections', id], ['job'], ['overview']], (to: 'open' | 'close') =>
    to === 'open'
      ? api.POST('/api/v1/connections/{id}/circuit/open', { params: { path: { id } } })
      : api.POST('/api/v1/connections/{id}/circuit/close', { params: { path: { id } } }),
  );
}
