import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

export interface AuditFilter {
  readonly action?: string | undefined;
  /** A part of who did it. */
  readonly who?: string | undefined;
  /** Days of whoever looks, both included: 2026-01-31. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What people did by hand, the latest first. */
export const auditQuery = ({ action, who, from, to }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'list', action, who, from, to],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/audit', {
        params: {
          query: {
            ...{ page: pageParam, limit: 50 },
            ...(action && { action }),
            ...(who && { search: who }),
            ...(from && { since: startOf(from, 0) }),
            ...(to && { until: startOf(to, 1) }),
          },
        },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, totalPages } }) => (page < totalPages ? page + 1 : undefined),
  });

/** What has been done at all. */
export const auditActionsQuery = queryOptions({
  queryKey: ['audit', 'actions'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/audit/actions', { signal })).data,
});

/** What is in force for everybody. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: ({ signal }) => api.GET('/api/v1/installation', { signal }),
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
  useDeed([['overview'], ['stop'], ['job'], ['syncs'], ['audit']], (order: { readonly reason?: string } | 'restart') =>
    order === 'restart' ? api.POST('/api/sync/restart') : api.POST('/api/sync/stop', { body: order }),
  );

export const stopQuery = queryOptions({
  queryKey: ['stop'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/overview', { params: { query: { limit: 1 } }, signal })).stop,
});

/** When a day begins where whoever looks is, or the day so many days later. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
