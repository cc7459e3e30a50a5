import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { paths } from '../api-types.js';
import type { Schemas } from '../create-client.js';
import { useSyncline } from './provider.js';
import { synclineKeys } from './query-keys.js';

/** What the list is narrowed down to, and which `page` of it, with how many items (`limit`). */
export type FailedItemsFilter = NonNullable<paths['/api/v1/failed-items']['get']['parameters']['query']>;
/** Items by their ids, or all that a filter means. */
export type WhichItems = paths['/api/v1/failed-items/retry']['post']['requestBody']['content']['application/json'];

export interface UseFailedItems {
  /** Newest first. While another page is read, those of the one before. */
  readonly items: readonly Schemas['FailedItem'][];
  /** How many there are on all pages; undefined until that is known. */
  readonly total: number | undefined;
  readonly pages: number | undefined;
  readonly isLoading: boolean;
  /** What is shown is not of this page or filter yet. */
  readonly isOld: boolean;
  /** Has items tried again; gives how many are due now, undefined when it failed. Never rejects. */
  retry(which: WhichItems): Promise<number | undefined>;
  /** Closes one by hand; false when it failed. Never rejects. */
  resolve(id: string, note: string): Promise<boolean>;
  readonly isBusy: boolean;
  /** Of the last thing that was tried; else why the list cannot be read. Nearly always a SynclineError. */
  readonly error: Error | null;
}

/** What could not be synced, a page at a time; and how to have it tried again, or closed. */
export function useFailedItems(filter: FailedItemsFilter = {}): UseFailedItems {
  const client = useSyncline();
  const queries = useQueryClient();
  const { failedItems } = synclineKeys(client);
  const list = useQuery({
    queryKey: [...failedItems, filter],
    queryFn: ({ signal }) => client.GET('/api/v1/failed-items', { params: { query: filter }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const onSettled = () => queries.invalidateQueries({ queryKey: failedItems });
  const retrying = useMutation({
    mutationFn: (which: WhichItems) => client.POST('/api/v1/failed-items/retry', { body: which }),
    onSettled,
  });
  const resolving = useMutation({
    mutationFn: ({ id, note }: { readonly id: string; readonly note: string }) =>
      client.POST('/api/v1/failed-items/{id}/resolve', { params: { path: { id } }, body: { note } }),
    onSettled,
  });
  const { mutateAsync: tryAgain, reset: forgetRetry } = retrying;
  const { mutateAsync: close, reset: forgetResolve } = resolving;

  const retry = useCallback(
    (which: WhichItems) => {
      forgetResolve();
      return tryAgain(which).then(
        ({ retried }) => retried,
        () => undefined,
      );
    },
    [tryAgain, forgetResolve],
  );
  const resolve = useCallback(
    (id: string, note: string) => {
      forgetRetry();
      return close({ id, note }).then(
        () => true,
        () => false,
      );
    },
    [close, forgetRetry],
  );

  return {
    items: list.data?.data ?? [],
    total: list.data?.pagination.total,
    pages: list.data?.pagination.totalPages,
    isLoading: list.isPending,
    isOld: list.isPlaceholderData,
    retry,
    resolve,
    isBusy: retrying.isPending || resolving.isPending,
    error: retrying.error ?? resolving.error ?? list.error,
  };
}
