import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAddress } from './api-address.js';
import { readEvents } from './event-blocks.js';

/** How far a sync is, as the API tells it. */
export interface Progress {
  readonly sync_id: string;
  readonly status: 'starting' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly progress_percentage: number;
  readonly current_step: string;
  readonly current_operation: string;
  readonly records_processed: number;
  readonly errors: readonly { readonly error_code: string; readonly entity: string | null; readonly message: string }[];
}

export interface StartRequest {
  readonly connection?: string | undefined;
  readonly mode?: string | undefined;
  readonly organization?: string | undefined;
}

/** What the API refuses, in its words. */
export class Refusal extends Error {
  /** The sync that is in the way, where one is. */
  readonly runningSyncId: string | undefined;

  constructor(message: string, runningSyncId?: string) {
    super(message);
    this.runningSyncId = runningSyncId;
  }
}

/** The guide's paths say what is wrong in `details`, all others as problem details. */
interface FailureBody {
  readonly details?: { readonly message?: string; readonly sync_id?: string };
  readonly title?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** Starts what changed, or a mode of it; gives the ids of the syncs. Throws Refusal; Error when the API is not there. */
export async function startSyncs(api: ApiAddress, { connection, mode, organization }: StartRequest): Promise<string[]> {
  const response = await fetch(`${api.url}/api/v1/sync/trigger`, {
    method: 'POST',
    headers: { ...headersOf(api, organization), 'content-type': 'application/json' },
    body: JSON.stringify({ connection_id: connection, mode }),
  });
  if (!response.ok) throw await refusalOf(response);
  const { sync_ids } = (await response.json()) as { sync_ids: string[] };
  return sync_ids;
}

/** A connection that breaks is mended so often without anything new, then somebody has to look. */
const mostAttempts = 120;
const retryMs = 1_000;

/**
 * How far a sync is, again and again, until it has ended. A stream that breaks off is taken up where it was; that the
 * API is away for a while is no end.
 *
 * Throws Refusal when it will not be told, Error when the API stays away. Ends when the signal is given.
 */
export async function* followSync(
  api: ApiAddress,
  syncId: string,
  organization: string | undefined,
  signal: AbortSignal,
  pauseMs = retryMs,
): AsyncGenerator<Progress> {
  let seen: string | undefined;
  for (let attempts = 0; ; attempts += 1) {
    try {
      const headers = { ...headersOf(api, organization), ...(seen !== undefined && { 'last-event-id': seen }) };
      const response = await fetch(`${api.url}/api/v1/sync/progress/${syncId}/stream`, { headers, signal });
      if (response.status === 204) return;
      if (!response.ok && response.status < 500 && response.status !== 429) throw await refusalOf(response);
      if (response.ok && response.body !== null) {
        for await (const { id, data } of readEvents(response.body)) {
          const progress = JSON.parse(data) as Progress;
          yield progress;
          seen = id;
          attempts = 0;
          if (progress.status !== 'starting' && progress.status !== 'running') return;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal || attempts >= mostAttempts) throw error;
    }
    if (attempts >= mostAttempts) throw new Error(`The API at ${api.url} does not tell how far the sync is`);
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

/** The headers of a request for an organization; undefined where the key is good for one only. */
export function headersOf(api: ApiAddress, organization: string | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${api.key}`,
    ...(organization !== undefined && { 'x-organization-id': organization }),
  };
}

/** What an answer that is no success says. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const body = (await response.json().catch(() => ({}))) as FailureBody;
  const problem = [body.detail ?? body.title, body.hint].filter((text) => text !== undefined).join('. ');
  const message = body.details?.message ?? (problem || `The API answered ${response.status}`);
  return new Refusal(message, body.details?.sync_id);
}
