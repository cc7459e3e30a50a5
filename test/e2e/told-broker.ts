import { type Simulator, startSimulator } from '@syncline/connectors/irelandpay/simulator';
import type { TestBed } from '@syncline/testing';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { ToldAgency } from './told-agency.js';

type Row = Record<string, unknown>;

/** A simulated Ireland Pay whose subscriptions lead to an API that is up; it begins before that, for its address. */
export async function startBroker(): Promise<Simulator> {
  return startSimulator({ merchants: 20, months: 3, transactions: 200, quirks: { quota: null } });
}

interface ToldBroker {
  readonly connectionId: string;
  /** Of the path that deliveries come to. */
  readonly token: string;
  /** Calls the vendor's own API, as the operator who makes a subscription does. */
  vendor(method: string, path: string, body?: object): Promise<Row>;
  rows(table: string): Promise<readonly Row[]>;
  ledger(): Promise<readonly Row[]>;
  health(): Promise<Row>;
  /** Syncs that were ever started. */
  syncs(): Promise<readonly Row[]>;
}

/** A connection to it, and a subscription at the vendor with the path that the connection has. */
export async function tellBroker(
  bed: TestBed,
  simulator: Simulator,
  api: ToldAgency['api'],
  request: ToldAgency['request'],
) {
  const { body: made } = await request('POST', '/api/v1/connections', {
    ...{ connector: 'irelandpay', name: 'broker', credentials: simulator.credentials },
    settings: { baseUrl: simulator.url, requestsPerMinute: 10_000, merchantDetails: 'never' },
  });
  const connectionId = String(made.id);
  const { body: webhook } = await request('POST', `/api/v1/connections/${connectionId}/webhook`);
  const secretPath = String(webhook.secretPath);
  const broker: ToldBroker = {
    connectionId,
    token: secretPath.split('/').at(-1) ?? '',
    vendor: async (method, path, body) => {
      const headers = { 'x-api-key': simulator.credentials.apiKey, 'content-type': 'application/json' };
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const response = await fetch(new URL(path, simulator.url), init);
      expect(response.status).toBe(200);
      return (await response.json()) as Row;
    },
    rows: async (table) => {
      const { rows } = await sql<Row>`select * from ${sql.table(table)} where connection_id = ${connectionId}`.execute(
        bed.db,
      );
      return rows;
    },
    ledger: async () => {
      const { rows } = await sql<Row>`select * from webhook_deliveries where connection_id = ${connectionId}
        order by id`.execute(bed.db);
      return rows;
    },
    health: async () => (await request('GET', '/api/webhooks/irelandpay/health')).body.data.connections[0],
    syncs: async () => {
      const { rows } = await sql<Row>`select * from sync_jobs where connection_id = ${connectionId}
        order by created_at`.execute(bed.db);
      return rows;
    },
  };
  const events = ['residuals.report.published', 'subscription.test'];
  await broker.vendor('POST', 'subscriptions', { url: `${api.url}${secretPath}`, events });
  return broker;
}

/** All keys and values of a bed in Redis, as text. */
export async function allOfRedis({ redisUrl, prefix }: TestBed): Promise<string> {
  const redis = new Redis(redisUrl);
  const found: unknown[] = [];
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }) as AsyncIterable<string[]>) {
    for (const key of keys) found.push(key, await read[await redis.type(key)]?.(key));
  }
  await redis.quit();
  return JSON.stringify(found);
}
