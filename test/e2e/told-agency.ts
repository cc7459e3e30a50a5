import { type Simulator, startSimulator, type WebhookSettings } from '@syncline/connectors/notion/simulator';
import { createTestBed, eventually, type ServiceProcess, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { ClientRows } from '../model/agency-truth.js';

type Row = Record<string, unknown>;

/** As many requests as the vendor takes; our budget is the same, and not one may be refused. */
const quota = { requests: 400, windowSeconds: 10 };

/** An agency at a simulated Notion that tells the API what changes; API and workers in processes of their own. */
export interface ToldAgency {
  readonly bed: TestBed;
  readonly simulator: Simulator;
  readonly api: ServiceProcess & { readonly url: string };
  readonly connectionId: string;
  /** Where the vendor delivers. */
  readonly hook: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  request(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: any }>;
  startWorker(): Promise<ServiceProcess>;
  /** Ends the API with SIGKILL, and starts it anew at the same address. */
  killApi(): Promise<void>;
  /** Reads all clients once, with a worker that is there. */
  load(): Promise<void>;
  /** What an operator does: the handshake, and the token brought back. */
  subscribe(): Promise<void>;
  rows(): Promise<ClientRows>;
  ledger(): Promise<readonly Row[]>;
  /** Waits until nothing that a webhook told of is to be done any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface ToldAgencyOptions {
  readonly bed?: TestBed;
  readonly clients?: number;
  readonly webhooks?: Partial<WebhookSettings>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Of other vendors that are called. */
  readonly hosts?: readonly string[];
}

export async function createToldAgency(options: ToldAgencyOptions = {}): Promise<ToldAgency> {
  const { clients = 6, webhooks } = options;
  const bed = options.bed ?? (await createTestBed());
  const simulator = await startSimulator({ clients, quirks: { quota }, ...(webhooks !== undefined && { webhooks }) });
  const environment = {
    SYNCLINE_EGRESS_ALLOW: [new URL(simulator.url).host, ...(options.hosts ?? [])].join(),
    SYNCLINE_LOCK_SECONDS: '2',
    SYNCLINE_RECONCILE_SECONDS: '1',
    ...options.environment,
  };
  let api = await bed.startApi(environment);
  const { url } = api;
  const request: ToldAgency['request'] = async (method, path, body) => {
    const headers: Record<string, string> = { authorization: `Bearer ${bed.adminKey}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(url + path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const { status, body } = await request('POST', '/api/v1/connections', {
    ...{ connector: 'notion', name: 'agency', credentials: simulator.credentials },
    settings: {
      ...{ baseUrl: simulator.url, databaseId: simulator.databaseId },
      requestsPerSecond: quota.requests / quota.windowSeconds,
    },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  const connectionId = String(body.id);
  const hook = `${url}/api/webhooks/notion/${connectionId}`;
  const ledger = async () => (await sql<Row>`select * from webhook_deliveries order by id`.execute(bed.db)).rows;
  return {
    ...{ bed, simulator, connectionId, hook, request, ledger },
    get api() {
      return api;
    },
    startWorker: () => bed.startWorker(environment),
    killApi: async () => {
      await api.kill('SIGKILL');
      api = await bed.startApi({ ...environment, PORT: new URL(url).port });
    },
    load: async () => {
      const { body: told } = await request('POST', '/api/admin/clients/sync', { type: 'full', wait: 60 });
      expect(told).toMatchObject({ success: true, stats: { created: clients, errors: [] } });
    },
    subscribe: async () => {
      const path = `/api/v1/connections/${connectionId}/webhook`;
      expect((await request('POST', path)).body).toMatchObject({ awaitingUntil: expect.any(String) });
      const { token, status: answer } = await simulator.webhooks.subscribe({ url: hook });
      expect(answer).toBe(200);
      const { verificationToken } = (await request('GET', path)).body;
      expect(verificationToken).toBe(token);
      simulator.webhooks.verify(verificationToken);
    },
    rows: async () => {
      const { rows } = await sql<Row>`select * from clients where connection_id = ${connectionId}`.execute(bed.db);
      return Object.fromEntries(rows.map((row) => [String(row['notion_page_id']), row]));
    },
    ledger,
    settled: async () => {
      await simulator.webhooks.idle();
      await eventually('all that was told to be settled', async () =>
        (await ledger()).every((row) => row['status'] === 'done'),
      );
    },
    close: async () => {
      await bed.close();
      await simulator.close();
    },
  };
}
