import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas, SynclineClient } from '../create-client.js';
import { useSyncline } from './provider.js';
import { synclineKeys } from './query-keys.js';

export interface LiveProgress {
  /** Null until the first state has come. */
  readonly progress: Schemas['SyncProgress'] | null;
  /** False while the connection to the API is lost; it comes back by itself. */
  readonly isConnected: boolean;
}

/**
 * Follows a sync as long as somebody looks: however many components follow the same one, it is one stream. `onEnd` is
 * awaited before the final state is shown, so that what a page reads again at the end of a sync is there with it.
 */
export function useLiveProgress(jobId: string | null, onEnd: () => Promise<unknown>) {
  const client = useSyncline();
  const queries = useQueryClient();
  return useQuery<LiveProgress>({
    queryKey: synclineKeys(client).progress(jobId),
    queryFn: ({ signal }) => follow({ client, queries, jobId: jobId ?? '', signal, onEnd }),
    enabled: jobId !== null,
    // While it runs it is told what is new, and comes back by itself. Who looks again after nobody did for a while finds
    // what was told last, which is old; only of a sync that has ended it is all that there is to know.
    staleTime: ({ state: { data } }) => (data?.progress && hasEnded(data.progress) ? Number.POSITIVE_INFINITY : 0),
    networkMode: 'always',
    retry: false,
  });
}

interface Following {
  readonly client: SynclineClient;
  readonly queries: QueryClient;
  readonly jobId: string;
  readonly signal: AbortSignal;
  readonly onEnd: () => Promise<unknown>;
}

/** Puts each state into the cache as it comes; gives the last one. */
async function follow({ client, queries, jobId, signal, onEnd }: Following): Promise<LiveProgress> {
  const queryKey = synclineKeys(client).progress(jobId);
  let now: LiveProgress = {
    progress: queries.getQueryData<LiveProgress>(queryKey)?.progress ?? null,
    isConnected: false,
  };
  const tell = (change: Partial<LiveProgress>) => {
    now = { ...now, ...change };
    queries.setQueryData(queryKey, now);
  };
  const onConnection = (state: 'open' | 'lost') => tell({ isConnected: state === 'open' });
  const states = client.followSync(jobId, { signal, reconnects: Number.POSITIVE_INFINITY, onConnection });
  for await (const progress of states) {
    if (hasEnded(progress)) {
      await onEnd();
      return { progress, isConnected: true };
    }
    tell({ progress });
  }
  return now;
}

export function hasEnded({ status }: Pick<Schemas['SyncProgress'], 'status'>): boolean {
  return status !== 'starting' && status !== 'running';
}
