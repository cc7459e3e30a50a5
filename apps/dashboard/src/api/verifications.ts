import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';
import type { Verification } from './types.js';

export const findingKinds = ['missing', 'extra', 'stale', 'different'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One that goes on by itself: it reads, or repairs. */
export function isLive({ status, repair }: Pick<Verification, 'status' | 'repair'>): boolean {
  return status === 'queued' || status === 'running' || repair === 'asked';
}

/** A connection's verifications, the latest first: all that are kept. */
export function verificationsQuery(connectionId: string) {
  return queryOptions({
    queryKey: ['verifications', 'of', connectionId],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/v1/connections/{id}/verifications', { params: { path: { id: connectionId } }, signal }))
        .data,
    // Beside the events: one that is through between two of them is not told of.
    refetchInterval: ({ state }) => (state.data?.some(isLive) ? 5_000 : false),
  });
}

export interface FindingFilter {
  readonly entity?: string | undefined;
  readonly kind?: FindingKind | undefined;
}

/** What one found, by entity and id, page by page. */
export function findingsQuery(id: string, filter: FindingFilter) {
  return infiniteQueryOptions({
    queryKey: ['verifications', 'findings', id, filter],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/verifications/{id}/findings', {
        params: { path: { id }, query: { ...filter, ...pageParam, limit: 50 } },
        signal,
      }),
    initialPageParam: undefined as { readonly afterEntity: string; readonly afterId: string } | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

const toldOf = (connectionId: string) => [['verifications'], ['connections', connectionId], ['syncs']];

/** Orders one: of these entities, or of all where none is named. */
export function useVerify(connectionId: string) {
  return useDeed(toldOf(connectionId), (entities: readonly string[]) =>
    api.POST('/api/v1/connections/{id}/verify', {
      params: { path: { id: connectionId } },
      body: { entities: [...entities] },
    }),
  );
}

/** Orders the repair of what one found. */
export function useRepair(connectionId: string) {
  return useDeed(toldOf(connectionId), (id: string) =>
    api.POST('/api/v1/verifications/{id}/repair', { params: { path: { id } } }),
  );
}

/** Ends one, or its repair. */
export function useCancelVerification(connectionId: string) {
  return useDeed(toldOf(connectionId), (id: string) =>
    api.POST('/api/v1/verifications/{id}/cancel', { params: { path: { id } } }),
  );
}
