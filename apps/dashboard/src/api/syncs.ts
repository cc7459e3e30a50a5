import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

export interface SyncFilter {
  readonly connectionId?: string | undefined;
  readonly status?: string | undefined;
  readonly trigger?: string | undefined;
  readonly mode?: string | undefined;
}

/** Jobs, the latest first, page by page. */
export function syncsQuery(filter: SyncFilter) {
  return infiniteQueryOptions({
    queryKey: ['syncs', filter],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/sync/jobs', { params: { query: { ...filter, cursor: pageParam } as never }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

/** One job with its entities. Events make it old as long as it runs. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['job', id],
    queryFn: ({ signal }) => api.GET('/api/v1/sync/jobs/{id}', { params: { path: { id } }, signal }),
    staleTime: 1_000,
  });
}

/** What happened to a job, the latest first. */
export function jobLogQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['job', id, 'log'],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/sync/jobs/{id}/log', {
        params: { path: { id }, query: { cursor: pageParam, limit: 100, order: 'desc' } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

export function useCancel(id: string) {
  return useDeed([['job', id]], () => api.POST('/api/v1/sync/jobs/{id}/cancel', { params: { path: { id } } }));
}
