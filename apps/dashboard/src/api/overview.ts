import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client.js';

export interface OverviewFilter {
  readonly search?: string | undefined;
  readonly state?: ConnectionState | undefined;
}

export const connectionStates = ['problem', 'running', 'paused', 'fine'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** Connections with how they are, worst first, page by page. */
export function overviewQuery({ search, state }: OverviewFilter) {
  return infiniteQueryOptions({
    queryKey: ['overview', search ?? '', state ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/overview', {
        params: { query: { search: search || undefined, state, cursor: pageParam } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Between events too: ages grow by themselves.
    refetchInterval: 30_000,
  });
}
