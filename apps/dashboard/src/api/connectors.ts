import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from './client.js';

/** The vendors that there is code for. They change with a release, and with nothing else. */
export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/connectors', { signal })).data,
  staleTime: 300_000,
});

/** The vendor of a connection; undefined while that is not known. */
export function useConnector(id: string) {
  return useQuery(connectorsQuery).data?.find((connector) => connector.id === id);
}
