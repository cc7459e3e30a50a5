import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';

export const alertStates = ['open', 'closed', 'all'] as const;
export const alertKinds = [
  ...(['failures', 'slow', 'stale', 'needs_reauth', 'webhook_silent', 'differences', 'restored'] as const),
] as const;

export interface AlertFilter {
  readonly state?: (typeof alertStates)[number] | undefined;
  readonly kind?: (typeof alertKinds)[number] | undefined;
  readonly connectionId?: string | undefined;
}

/** What is wrong with connections, and what was, the latest first. */
export const alertsQuery = ({ state = 'open', kind, connectionId }: AlertFilter) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'list', state, kind, connectionId],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/alerts', {
        params: {
          query: { state, page: pageParam, limit: 50, ...(kind && { kind }), ...(connectionId && { connectionId }) },
        },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, totalPages } }) => (page < totalPages ? page + 1 : undefined),
    // Between events too: how long each lasts grows by itself, and one may have been lost.
    refetchInterval: 30_000,
  });

/** The latest that are open, and how many there are. */
export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: ({ signal }) => api.GET('/api/v1/alerts', { params: { query: { state: 'open', limit: 5 } }, signal }),
});
