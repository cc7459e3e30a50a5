import { setTimeout as pause } from 'node:timers/promises';
import type { ErrorCode } from '@syncline/connector-kit';

/** What the API tells of an entity run, as far as it is shown here. */
export interface EntityView {
  readonly entity: string;
  readonly status: string;
  readonly mode: string;
  readonly recordsRead: number;
  readonly recordsCreated: number;
  readonly recordsUpdated: number;
  readonly recordsUnchanged: number;
  readonly recordsFailed: number;
  readonly recordsExpected: number | null;
  readonly waitingFor: string | null;
  readonly waitingUntil: string | null;
  readonly errorMessage: string | null;
}

export interface JobView {
  readonly id: string;
  readonly status: string;
  readonly errorCode: ErrorCode | null;
  readonly errorMessage: string | null;
  readonly entities: readonly EntityView[];
}

/** The API as `up` uses it: like any other client, over HTTP with the admin key. */
export class ApiClient {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  /** Starts a sync, or finds the one that is running; or says why there is none. */
  async trigger(syncType: 'full' | 'incremental'): Promise<{ jobId: string } | { refusal: string }> {
    const response = await this.request('POST', '/api/sync/trigger', { syncType });
    const body = (await response.json()) as { jobId?: string; runningJobId?: string; detail?: string; hint?: string };
    const jobId = body.jobId ?? body.runningJobId;
    return jobId === undefined ? { refusal: `${body.detail}. ${body.hint}` } : { jobId };
  }

  async job(id: string): Promise<JobView> {
    const response = await this.request('GET', `/api/v1/sync/jobs/${id}`);
    if (!response.ok) throw new Error(`the API answered ${response.status} for the job`);
    return (await response.json()) as JobView;
  }

  /** Whether a sync has ever been started. */
  async hasHistory(): Promise<boolean> {
    const response = await this.request('GET', '/api/sync/logs?limit=1');
    const { pagination } = (await response.json()) as { pagination?: { total: number } };
    return (pagination?.total ?? 0) > 0;
  }

  /** The job again and again, until it has ended. */
  async *follow(id: string, everyMs: number): AsyncGenerator<JobView> {
    for (;;) {
      const job = await this.job(id);
      yield job;
      if (job.status !== 'queued' && job.status !== 'running') return;
      await pause(everyMs);
    }
  }

  private request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return fetch(`${this.#url}${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  }
}
