import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

export interface MemberFilter {
  readonly search: string;
  readonly blocked: boolean;
}

/** Who has come with tokens of the identity provider, page by page. */
export const membersQuery = ({ search, blocked }: MemberFilter) =>
  infiniteQueryOptions({
    queryKey: ['members', search, blocked],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/members', {
        params: {
          query: { cursor: pageParam, ...(search !== '' && { search }), ...(blocked && { blocked: 'true' as const }) },
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

const old = [['members'], ['audit']];

export const useBlockMember = () =>
  useDeed(old, ({ id, reason }: { readonly id: string; readonly reason: string }) =>
    api.POST('/api/v1/members/{id}/block', { params: { path: { id } }, body: { reason } }),
  );

export const useUnblockMember = () =>
  useDeed(old, (id: string) => api.POST('/api/v1/members/{id}/unblock', { params: { path: { id } } }));

export const useForgetMember = () =>
  useDeed(old, (id: string) => api.DELETE('/api/v1/members/{id}', { params: { path: { id } } }));
