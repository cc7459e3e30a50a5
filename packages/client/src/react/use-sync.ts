import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { paths } from '../api-types.js';
import type { Schemas } from '../create-client.js';
import { useSyncline } from './provider.js';
import { synclineKeys } from './query-keys.js';
import { hasEnded, useLiveProgress } from './use-live-progress.js';

type Body = paths['/api/v1/sync/jobs']['post']['requestBody']['content']['application/json'];
/** What is to be synced: everything that changed since the last time, unless said. */
export type SyncOrder = Omit<Body, 'connectionId'>;
type LastSync = NonNullable<Schemas['Connection']['lastSync']>;
/** What is done says to which connection: its answer may come when the page shows another one. */
interface Deed<What> {
  readonly to: string;
  readonly what: What;
}

export interface UseSyncOptions {
  /** How often it is looked whether a schedule or somebody else has started a sync, in milliseconds: 15,000 unless given. */
  readonly lookEveryMs?: number;
}

export interface UseSync {
  /** Of the sync that runs, else of the last one. loading: not known yet. unknown: cannot be read. idle: there was none. */
  readonly state: LastSync['status'] | 'loading' | 'unknown' | 'idle';
  readonly isLive: boolean;
  readonly jobId: string | null;
  /** Of a sync that was seen running here; stays when it has ended. */
  readonly progress: Schemas['SyncProgress'] | null;
  /** False while live progress is cut off; it comes back by itself. */
  readonly isConnected: boolean;
  /** Starts a sync and gives its id; undefined when that failed, and then `error` says why. Never rejects. */
  trigger(order?: SyncOrder): Promise<string | undefined>;
  /** Cancels the one that runs; false when that failed, and then `error` says why. Never rejects. */
  cancel(): Promise<boolean>;
  readonly isTriggering: boolean;
  readonly isCancelling: boolean;
  /** Of the last thing that was tried; else why nothing can be read. Nearly always a SynclineError. */
  readonly error: Error | null;
}

/** The sync of a connection: how it stands, live while one runs, whoever started it; and how to start and cancel one. */
export function useSync(connectionId: string, { lookEveryMs = 15_000 }: UseSyncOptions = {}): UseSync {
  const client = useSyncline();
  const queries = useQueryClient();
  const keys = synclineKeys(client);
  const [chosen, setChosen] = useState<{ readonly connectionId: string; readonly jobId: string }>();

  const connection = useQuery({
    queryKey: keys.connection(connectionId),
    queryFn: ({ signal }) => client.GET('/api/v1/connections/{id}', { params: { path: { id: connectionId } }, signal }),
    refetchInterval: lookEveryMs,
    // The client has tried again where that helps.
    retry: false,
  });
  const lookAgainAt = (id: string) => queries.invalidateQueries({ queryKey: keys.connection(id) });

  const lastSync = connection.data?.lastSync ?? null;
  const followed = chosen?.connectionId === connectionId ? chosen.jobId : null;
  // It is followed to its end also when the connection is known to be done with it: its last state is to be shown.
  if (lastSync !== null && isLive(lastSync) && lastSync.jobId !== followed) {
    setChosen({ connectionId, jobId: lastSync.jobId });
  }
  const live = useLiveProgress(followed, async () => {
    await lookAgainAt(connectionId);
    await queries.invalidateQueries({ queryKey: keys.failedItems });
  });
  const progress = live.data?.progress ?? null;
  const isEnded = (progress !== null && hasEnded(progress)) || (lastSync?.jobId === followed && !isLive(lastSync));
  const liveId = isEnded ? null : followed;

  const starting = useMutation({
    mutationFn: ({ to, what }: Deed<SyncOrder>) =>
      client.POST('/api/v1/sync/jobs', { body: { ...what, connectionId: to } }),
    onSuccess: ({ jobId }, { to }) => setChosen({ connectionId: to, jobId }),
    // Also when it was refused: a sync may be in the way that this page knows nothing of yet.
    onSettled: (_answer, _error, { to }) => lookAgainAt(to),
  });
  const cancelling = useMutation({
    mutationFn: ({ what: id }: Deed<string>) =>
      client.POST('/api/v1/sync/jobs/{id}/cancel', { params: { path: { id } } }),
    onSettled: (_answer, _error, { to }) => lookAgainAt(to),
  });
  const { mutateAsync: start, reset: forgetStart } = starting;
  const { mutateAsync: end, reset: forgetEnd } = cancelling;
  const [started, cancelled] = [starting, cancelling].map((deed) =>
    deed.variables?.to === connectionId ? deed : undefined,
  );

  const trigger = useCallback(
    async (order: SyncOrder = {}) => {
      forgetEnd();
      return start({ to: connectionId, what: order }).then(
        ({ jobId }) => jobId,
        () => undefined,
      );
    },
    [start, forgetEnd, connectionId],
  );
  const cancel = useCallback(async () => {
    forgetStart();
    if (liveId === null) return false;
    return end({ to: connectionId, what: liveId }).then(
      () => true,
      () => false,
    );
  }, [end, forgetStart, connectionId, liveId]);

  return {
    state: stateOf(),
    isLive: liveId !== null,
    jobId: liveId ?? lastSync?.jobId ?? null,
    progress,
    isConnected: liveId === null || live.data?.isConnected === true,
    trigger,
    cancel,
    isTriggering: started?.isPending === true,
    isCancelling: cancelled?.isPending === true,
    error: started?.error ?? cancelled?.error ?? live.error ?? connection.error,
  };

  function stateOf(): UseSync['state'] {
    if (liveId !== null && progress?.status === 'running') return 'running';
    if (liveId !== null) return lastSync?.jobId === liveId ? lastSync.status : 'queued';
    if (connection.isPending) return 'loading';
    if (connection.data === undefined) return 'unknown';
    return lastSync?.status ?? 'idle';
  }
}

function isLive({ status }: Pick<LastSync, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}
