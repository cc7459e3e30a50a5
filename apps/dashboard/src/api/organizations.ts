import { infiniteQueryOptions, useQueryClient } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';
import { chooseOrganization } from './organization.js';
import { sessionQuery } from './session.js';

/** As many as are chosen from without a search. */
const fewOrganizations = 20;

/** All of them for the platform, page by page, or those that are called so. */
export const organizationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['organizations', search],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/organizations', {
        params: { query: { page: pageParam, limit: fewOrganizations, ...(search !== '' && { search }) } },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, totalPages } }) => (page < totalPages ? page + 1 : undefined),
  });

export interface OrganizationDraft {
  readonly slug: string;
  readonly name: string;
  readonly externalId: string | null;
}

const old = [['organizations'], ['session'], ['audit']];

export const useMakeOrganization = () =>
  useDeed(old, (draft: OrganizationDraft) => api.POST('/api/v1/organizations', { body: draft }));

export const useRenameOrganization = (id: string) =>
  useDeed(old, (draft: OrganizationDraft) =>
    api.PATCH('/api/v1/organizations/{id}', { params: { path: { id } }, body: draft }),
  );

/** Lets the page be about another organization from here on. */
export function useLookAt() {
  const client = useQueryClient();
  return (id: string) => {
    chooseOrganization(id);
    // Nothing of the one may be shown under the name of the other.
    client.removeQueries({
      predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'organizations',
    });
    void client.invalidateQueries(sessionQuery);
  };
}
