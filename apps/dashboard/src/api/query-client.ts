import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isShutOut, isUnauthenticated } from './client.js';

/** The client retries by itself what is worth it; a second layer would only make errors come late. */
export function makeQueryClient(): QueryClient {
  const queryCache = new QueryCache({
    onError: (error, { queryKey }) => {
      // A session that ended under an open page. Whether there is one in the beginning is the router's question.
      if (isUnauthenticated(error) && queryKey[0] !== 'session') leaveForSignIn();
      if (isShutOut(error) && queryKey[0] !== 'session') location.assign('/app/');
    },
  });
  // Asked also without a network: a Syncline on this machine needs none, and else nothing would ever say that it failed.
  const networkMode = 'always';
  return new QueryClient({
    queryCache,
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, networkMode, refetchOnReconnect: true },
      mutations: { networkMode },
    },
  });
}

function leaveForSignIn(): void {
  const here = location.pathname.replace(/^\/app/, '') + location.search;
  location.assign(`/app/sign-in?next=${encodeURIComponent(here)}`);
}
