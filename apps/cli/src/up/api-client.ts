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

  async job(id: string): Promise<JobView> {
    const response = await this.get(`/api/v1/sync/jobs/${id}`);
    if (!response.ok) throw new Error(`the API answered ${response.status} for the job`);
    return (await response.json()) as JobView;
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

  private get(path: string): Promise<Response> {
    return fetch(`${this.#url}${path}`, { headers: { authorization: `Bearer ${this.#key}` } });
  }
}
