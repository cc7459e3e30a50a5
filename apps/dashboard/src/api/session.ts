import { type QueryClient, queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { api, isOrganizationLost, type SynclineError } from './client.js';
import { chooseOrganization, chosenOrganization } from './organization.js';

export type Role = 'viewer' | 'operator' | 'admin' | 'platform';
const ranks: readonly Role[] = ['viewer', 'operator', 'admin', 'platform'];

/** Who is signed in; an error UNAUTHENTICATED when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api.GET('/api/v1/session', { signal }),
  staleTime: 60_000,
});

/**
 * Who is signed in, asked before anything is shown. A choice of an organization that is none any more, or not for this
 * person, is dropped: the page would not open again. Whoever may act for several and has chosen none begins with the
 * first. Rejects like the question.
 */
export async function whoAsks(queries: QueryClient): Promise<void> {
  const session = await queries.ensureQueryData(sessionQuery).catch((error: unknown) => {
    if (chosenOrganization() === undefined || !isOrganizationLost(error)) throw error;
    chooseOrganization(undefined);
    return queries.fetchQuery(sessionQuery);
  });
  const { organization, organizations } = session;
  const first = organizations === 'all' ? undefined : organizations[0];
  if (organization !== null || first === undefined) return;
  chooseOrganization(first.id);
  await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

export function useSession() {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether whoever is signed in may do what needs this role. The API says so too; this only spares a button that refuses. */
export function useMay(role: Role): boolean {
  return reaches(useSession().role, role);
}

/** Whether a role opens what needs another one. */
export function reaches(role: Role, needed: Role): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(needed);
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation<unknown, SynclineError, string>({
    mutationFn: (key) => api.POST('/api/v1/session', { body: { key } }),
    onSuccess: (session) => {
      chooseOrganization(undefined);
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session as never);
    },
  });
}

/** Ends the session, and forgets all that was read: the page begins anew. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => api.DELETE('/api/v1/session'),
    onSuccess: () => {
      chooseOrganization(undefined);
      location.assign('/app/sign-in?stay=true');
    },
  });
}

/** Without a key, where the API allows it: `npm start` on this very machine. */
export function useLocalSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.POST('/api/v1/session/local'),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session as never),
  });
}
