import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';

/** The spans that can be looked at, and the parts that they are drawn in. */
export const spans = {
  '24h': { words: '24 hours', hours: 24, bucket: 'hour' },
  '7d': { words: '7 days', hours: 7 * 24, bucket: 'day' },
  '30d': { words: '30 days', hours: 30 * 24, bucket: 'day' },
  '90d': { words: '90 days', hours: 90 * 24, bucket: 'day' },
} as const;
export type Span = keyof typeof spans;

/** What is looked at: how long, and of which connection; of all of them unless said. */
export interface About {
  readonly span: Span;
  readonly connectionId?: string | undefined;
}

const hourMs = 3_600_000;

/** To the minute, so that two looks within it are one question. */
function windowOf({ span, connectionId }: About) {
  const { hours, bucket } = spans[span];
  const from = new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * hourMs).toISOString();
  return { params: { query: { from, bucket, ...(connectionId !== undefined && { connectionId }) } } };
}

const common = { placeholderData: keepPreviousData, staleTime: 60_000 };

export const successQuery = ({ span, connectionId }: About) =>
  queryOptions({
    queryKey: ['analytics', 'success', span, connectionId],
    queryFn: ({ signal }) => api.GET('/api/v1/analytics/success', { ...windowOf({ span, connectionId }), signal }),
    ...common,
  });

export const throughputQuery = ({ span, connectionId }: About) =>
  queryOptions({
    queryKey: ['analytics', 'throughput', span, connectionId],
    queryFn: ({ signal }) => api.GET('/api/v1/analytics/throughput', { ...windowOf({ span, connectionId }), signal }),
    ...common,
  });

export const durationsQuery = ({ span, connectionId }: About) =>
  queryOptions({
    queryKey: ['analytics', 'durations', span, connectionId],
    queryFn: ({ signal }) => api.GET('/api/v1/analytics/durations', { ...windowOf({ span, connectionId }), signal }),
    ...common,
  });

export const failuresQuery = ({ span, connectionId }: About) =>
  queryOptions({
    queryKey: ['analytics', 'failures', span, connectionId],
    queryFn: ({ signal }) => api.GET('/api/v1/analytics/failures', { ...windowOf({ span, connectionId }), signal }),
    ...common,
  });

export const freshnessQuery = ({ span, connectionId }: About) =>
  queryOptions({
    queryKey: ['analytics', 'freshness', span, connectionId],
    queryFn: ({ signal }) => api.GET('/api/v1/analytics/freshness', { ...windowOf({ span, connectionId }), signal }),
    ...common,
  });
