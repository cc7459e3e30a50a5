import { eventually } from '@syncline/testing';
import type { Firm } from './firm.js';

export interface Item {
  readonly id: string;
  readonly kind: string;
  readonly entity: string | null;
  readonly vendorId: string | null;
  readonly status: string;
  readonly code: string;
  readonly field: string | null;
  readonly attempts: number;
  readonly syncJobId: string | null;
  readonly resolvedBy: string | null;
}

/** Failed items as the API lists them. */
export async function failedItems(firm: Firm, query = ''): Promise<Item[]> {
  const { status, body } = await firm.request('GET', `/api/v1/failed-items?limit=100&${query}`);
  if (status !== 200) throw new Error(`the list answered ${status}: ${JSON.stringify(body)}`);
  return body['data'] as Item[];
}

/** Waits until the one item that a query finds stands like this. */
export async function itemThat(firm: Firm, query: string, status: string): Promise<Item> {
  return eventually(`a failed item (${query}) to be ${status}`, async () => {
    const [item] = await failedItems(firm, query);
    return item?.status === status && item;
  });
}

export interface BoardJob {
  readonly id: string;
  readonly failedReason: string;
  readonly data: Record<string, unknown>;
}

const board = '/admin/queues/api/queues';

/** The failed jobs of a queue, as Bull Board shows them. */
export async function failedOnBoard(firm: Firm, queue: string): Promise<BoardJob[]> {
  const { body } = await firm.request('GET', `${board}?activeQueue=${queue}&status=failed&page=1&jobsPerPage=50`);
  const queues = body['queues'] as { name: string; jobs: BoardJob[] }[];
  return queues.find(({ name }) => name === queue)?.jobs ?? [];
}

/** What Bull Board's retry button does. */
export async function retryOnBoard(firm: Firm, queue: string, jobId: string): Promise<void> {
  const headers = { authorization: `Bearer ${firm.bed.adminKey}` };
  const response = await fetch(`${firm.api.url}${board}/${queue}/${jobId}/retry`, { method: 'PUT', headers });
  if (response.status !== 204) throw new Error(`Bull Board answered ${response.status}: ${await response.text()}`);
}
