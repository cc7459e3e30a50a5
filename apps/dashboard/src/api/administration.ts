import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

/** What people did by hand, the latest first. */
export const auditQuery = (action: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['audit', action],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/audit', {
        params: { query: { page: pageParam, limit: 50, ...(action && { action }) } },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, totalPages } }) => (page < totalPages ? page + 1 : undefined),
  });

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/api-keys', { signal })).data,
});

export interface KeyDraft {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly expiresAt?: string;
}

export const useMakeKey = () =>
  useDeed([['api-keys']], (draft: KeyDraft) => api.POST('/api/v1/api-keys', { body: draft }));

export const useRevokeKey = () =>
  useDeed([['api-keys']], (id: string) => api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }));

/** The emergency stop, and its end. */
export const useStop = () =>
  useDeed([['overview'], ['stop'], ['job'], ['syncs']], (what: 'stop' | 'restart') =>
    what === 'stop' ? api.POST('/api/sync/stop') : api.POST('/api/sync/restart'),
  );

export const stopQuery = queryOptions({
  queryKey: ['stop'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/overview', { params: { query: { limit: 1 } }, signal })).stop,
});
