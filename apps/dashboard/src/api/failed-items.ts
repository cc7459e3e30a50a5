import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { parse, stringify } from 'lossless-json';
import { api } from './client.js';
import { useDeed } from './deed.js';
import type { FailedItem } from './types.js';

export interface ItemFilter {
  readonly connectionId?: string | undefined;
  readonly entity?: string | undefined;
  readonly kind?: FailedItem['kind'] | undefined;
  readonly status?: FailedItem['status'] | 'open' | undefined;
  readonly code?: string | undefined;
  readonly field?: string | undefined;
  /** Instead of `field`: items that name none. */
  readonly withoutField?: 'true' | undefined;
  readonly vendorId?: string | undefined;
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

/** What happened to one, in its order, and to those of the same record before it. */
export function itemHistoryQuery(id: string) {
  return queryOptions({
    queryKey: ['failed-items', 'history', id],
    queryFn: ({ signal }) => api.GET('/api/v1/failed-items/{id}/history', { params: { path: { id } }, signal }),
  });
}

/** Items by their ids, or all that a filter means. */
export type ManyItems = { readonly ids: string[] } | { readonly filter: ItemFilter };

const told = [['failed-items'], ['overview']];

export const useRetryItem = () =>
  useDeed(told, (id: string) => api.POST('/api/v1/failed-items/{id}/retry', { params: { path: { id } } }));

export const useRetryItems = () =>
  useDeed(told, (what: ManyItems) => api.POST('/api/v1/failed-items/retry', { body: chosenBy(what) }));

/** Closes them all for the same reason. */
export const useResolveItems = () =>
  useDeed(told, ({ what, note }: { readonly what: ManyItems; readonly note: string }) =>
    api.POST('/api/v1/failed-items/resolve', { body: { ...chosenBy(what), note } }),
  );

function chosenBy(what: ManyItems) {
  return 'ids' in what ? what : { filter: defined(what.filter) };
}

export const useResolveItem = () =>
  useDeed(told, ({ id, note }: { readonly id: string; readonly note: string }) =>
    api.POST('/api/v1/failed-items/{id}/resolve', { params: { path: { id } }, body: { note } }),
  );

/** Puts a payload right. It goes as it was written, digit for digit. */
export const useEditItem = () =>
  useDeed(told, ({ id, payload }: { readonly id: string; readonly payload: string }) =>
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
