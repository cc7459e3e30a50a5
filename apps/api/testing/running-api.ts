import { parseEnvironment } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { createLog } from '@syncline/service';
import type { TestBed } from '@syncline/testing';
import { startApi } from '../src/start-api.js';

/** A connection that the environment describes; nothing is at its address. */
export const oneConnection = {
  PP_CLIENT_ID: 'client',
  PP_CLIENT_SECRET: 'S3CRET-of-the-client',
  PP_BASE_URL: 'http://127.0.0.1:1/api/v2/',
  SYNCLINE_EGRESS_ALLOW: '127.0.0.1:1',
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  readonly body: any;
}

export interface RunningApi {
  readonly url: string;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** The API of this process, wired as in production, on a test bed. */
export async function runningApi(bed: TestBed, extra: Readonly<Record<string, string>> = {}): Promise<RunningApi> {
  const vendorVariables = Object.assign({}, ...connectors.map((connector) => connector.environment?.variables ?? {}));
  const environment = parseEnvironment(
    { ...bed.environment, PORT: '0', SYNCLINE_ADMIN_KEY: bed.adminKey, ...extra },
    vendorVariables,
    ['DATABASE_URL', 'REDIS_URL', 'SYNCLINE_ADMIN_KEY', 'SYNCLINE_ENCRYPTION_KEY'],
  );
  const bootId = crypto.randomUUID();
  const api = await startApi(environment, connectors, bootId, createLog('api', 'silent', bootId));
  const authorization = `Bearer ${bed.adminKey}`;
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${api.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    url: api.url,
    stop: api.stop,
    get: (path) => ask(path, { headers: { authorization } }),
    send: (method, path, body) =>
      ask(path, {
        method,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}
