import { queryOptions } from '@tanstack/react-query';
import { api } from './client.js';

/** All of them, for the platform. */
export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: async ({ signal }) => (await api.GET('/api/v1/organizations', { signal })).data,
});
