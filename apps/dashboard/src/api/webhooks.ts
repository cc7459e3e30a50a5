import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

/** The webhooks of all connections, and what came of them in a day. */
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'all'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/webhooks', { signal })).data,
  refetchInterval: 30_000,
});

/** How those of one connection are; null: it is gone. */
export const webhookQuery = (connectionId: string, connector: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', connectionId],
    queryFn: async ({ signal }) => {
      const { data } = await api.GET('/api/webhooks/{connector}/health', {
        params: { path: { connector }, query: { connectionId } },
        signal,
      });
      return data.connections[0] ?? null;
    },
    refetchInterval: 30_000,
  });

/** With the token to paste, for those who may set webhooks up. */
export const webhookSetUpQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'set-up', connectionId],
    queryFn: ({ signal }) =>
      api.GET('/api/v1/connections/{id}/webhook', { params: { path: { id: connectionId } }, signal }),
  });

export const deliveryOutcomes = ['open', 'written', 'deleted', 'unknown', 'failed', 'sync', 'expired'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** What deliveries of the last days told of, the latest first, page by page. */
export function deliveriesQuery(connectionId: string, outcome: DeliveryOutcome | undefined) {
  return infiniteQueryOptions({
    queryKey: ['webhooks', 'deliveries', connectionId, outcome ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.GET('/api/v1/connections/{id}/webhook/deliveries', {
        params: { path: { id: connectionId }, query: { outcome, cursor: pageParam } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // That one has come is told by an event; what has become of it is not.
    refetchInterval: 10_000,
  });
}

/** Awaits a new token, or makes a new path. The answer has a path that no other answer has. */
export const useSetUpWebhook = (connectionId: string) =>
  useDeed([['webhooks']], () =>
    api.POST('/api/v1/connections/{id}/webhook', { params: { path: { id: connectionId } } }),
  );

export const useRemoveWebhook = (connectionId: string) =>
  useDeed([['webhooks']], () =>
    api.DELETE('/api/v1/connections/{id}/webhook', { params: { path: { id: connectionId } } }),
  );
