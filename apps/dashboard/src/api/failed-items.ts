import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { parse, stringify } from 'lossless-json';
import { api, type SynclineError } from './client.js';
import type { FailedItem } from './types.js';

export interface ItemFilter {
  readonly connectionId?: string | undefined;
  readonly entity?: string | undefined;
  readonly kind?: FailedItem['kind'] | undefined;
  readonly status?: FailedItem['status'] | 'open' | undefined;
  readonly code?: string | undefined;
}

/** What could not be synced, the latest first, page by page. */
export function failedItemsQuery(filter: ItemFilter) {
  return infiniteQueryOptions({
    queryKey: ['failed-items', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/failed-items', {
        params: { query: { ...defined(filter), page: pageParam, limit: 50 } },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, totalPages } }) => (page < totalPages ? page + 1 : undefined),
  });
}

/** The same by what is wrong, the most frequent first. */
export function itemGroupsQuery(filter: ItemFilter) {
  return queryOptions({
    queryKey: ['failed-items', 'groups', filter],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/v1/failed-items/groups', { params: { query: defined(filter) }, signal })).data,
  });
}

export interface WholeItem {
  readonly item: FailedItem;
  /** The record as JSON to be read and changed; undefined where the item is not about one. */
  readonly payload: string | undefined;
}

/** One item with its payload, whose numbers keep their digits: an amount must not change because somebody looked at it. */
export function failedItemQuery(id: string) {
  return queryOptions({
    queryKey: ['failed-items', 'one', id],
    queryFn: async ({ signal }): Promise<WholeItem> => {
      const text = await api.GET('/api/v1/failed-items/{id}', { params: { path: { id } }, parseAs: 'text', signal });
      const { payload } = parse(text) as { payload: unknown };
      return {
        item: JSON.parse(text) as FailedItem,
        payload: payload === null ? undefined : stringify(payload, undefined, 2),
      };
    },
  });
}

function useDeed<Input, Answer = unknown>(carryOut: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation<Answer, SynclineError, Input>({
    mutationFn: carryOut,
    onSettled: () => {
      for (const key of ['failed-items', 'overview']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export const useRetryItem = () =>
  useDeed((id: string) => api.POST('/api/v1/failed-items/{id}/retry', { params: { path: { id } } }));

export const useRetryItems = () =>
  useDeed((what: { readonly ids: string[] } | { readonly filter: ItemFilter }) =>
    api.POST('/api/v1/failed-items/retry', { body: 'ids' in what ? what : { filter: defined(what.filter) } }),
  );

export const useResolveItem = () =>
  useDeed(({ id, note }: { readonly id: string; readonly note: string }) =>
    api.POST('/api/v1/failed-items/{id}/resolve', { params: { path: { id } }, body: { note } }),
  );

/** Puts a payload right. It goes as it was written, digit for digit. */
export const useEditItem = () =>
  useDeed(({ id, payload }: { readonly id: string; readonly payload: string }) =>
    api.PATCH('/api/v1/failed-items/{id}', {
      params: { path: { id } },
      body: { payload: {} },
      bodySerializer: () => `{"payload":${payload}}`,
    }),
  );

/** What a filter says; the API takes no empty words. */
function defined<Filter extends object>(filter: Filter): { [Key in keyof Filter]: NonNullable<Filter[Key]> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== '')) as never;
}
