import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { useDeed } from './deed.js';

/** What a schedule can be given. */
export interface ScheduleDraft {
  readonly name: string;
  readonly cron?: string;
  readonly intervalSeconds?: number;
  readonly timeZone?: string;
  readonly mode: 'full' | 'incremental' | 'verify';
  readonly enabled: boolean;
}

export const schedulesQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['schedules', connectionId],
    queryFn: ({ signal }) => api.GET('/api/v1/schedules', { params: { query: { connectionId } }, signal }),
  });

/** In plain words, and when it would be due next; an error says what is wrong with it. */
export const previewQuery = (draft: ScheduleDraft) =>
  queryOptions({
    queryKey: ['schedule-preview', draft],
    queryFn: ({ signal }) => api.POST('/api/v1/schedules/preview', { body: timesOf(draft), signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

function timesOf({ cron, intervalSeconds, timeZone }: ScheduleDraft) {
  return {
    ...(cron !== undefined && { cron }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(timeZone && { timeZone }),
  };
}

const toldOf = (connectionId: string) => [['schedules', connectionId], ['connections', connectionId], ['overview']];

/** Keeps a draft: as a new schedule, or in the place of one. */
export function useSaveSchedule(connectionId: string, id: string | undefined) {
  return useDeed(
    toldOf(connectionId),
    (draft: ScheduleDraft): Promise<unknown> =>
      id === undefined
        ? api.POST('/api/v1/schedules', { body: { ...draft, connectionId } })
        : api.PATCH('/api/v1/schedules/{id}', { params: { path: { id } }, body: draft }),
  );
}

export function useDeleteSchedule(connectionId: string) {
  return useDeed(toldOf(connectionId), (id: string) =>
    api.DELETE('/api/v1/schedules/{id}', { params: { path: { id } } }),
  );
}
