import { randomUUID } from 'node:crypto';
import {
  type AuthStrategy,
  type Connector,
  defineConnector,
  defineEntity,
  type Entity,
  entityOf,
  type Page,
  type PageRequest,
  roadSettings,
  SyncError,
  sweepSettings,
  type VendorAnswer,
} from '@syncline/connector-kit';
import { createRoad } from '@syncline/http';
import {
  deadLetterQueue,
  entityQueue,
  finishQueue,
  keysBelow,
  openDeadLetters,
  openFlows,
  openQueues,
  openRecovery,
  openRedis,
  openRefetches,
  openVerifications,
  recoveryQueue,
  refetchQueue,
  type Turn,
  verifyQueue,
} from '@syncline/queue';
import {
  type ClaimedRun,
  type Connection,
  claimRun,
  createJob,
  createVault,
  ensureConnection,
  ensureOrganization,
  type SyncMode,
} from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { pino } from 'pino';
import { z } from 'zod';
import type { EngineContext } from '../src/context.js';
import { recoveryPolicy } from '../src/recovery/policy.js';

export const entities = ['customers', 'orders', 'payments'] as const;
export type ShopEntity = (typeof entities)[number];

type Row = Record<string, unknown>;

/** A vendor that does as the test says, and an engine on real services that syncs it. */
export interface Shop {
  readonly bed: TestBed;
  readonly ctx: EngineContext;
  readonly redis: ReturnType<typeof openRedis>;
  /** In front of all its keys. */
  readonly prefix: string;
  readonly connector: Connector;
  entity(name: ShopEntity): Entity;
  readonly connection: Connection;
  /** What the vendor answers; an empty list unless set. */
  readonly pages: Record<ShopEntity, (request: PageRequest) => Promise<Page>>;
  /** What the vendor answers when one record is asked for; 404 unless set. Orders cannot be asked for one by one. */
  readonly ones: Record<ShopEntity, (id: string) => Promise<VendorAnswer>>;
  /** Writes a job over all entities into Postgres; no queue knows of it. */
  job(mode?: SyncMode): Promise<string>;
  claim(jobId: string, entity?: ShopEntity): Promise<ClaimedRun>;
  /** Sets how the runs of a job stand, in the order of the entities. */
  setRuns(jobId: string, ...statuses: string[]): Promise<void>;
  run(jobId: string, entity?: ShopEntity): Promise<Record<string, unknown>>;
  turn(jobId: string, over?: Partial<Turn> & { entity?: ShopEntity }): Turn;
  /** The failed items of the connection, oldest first. */
  failedItems(): Promise<Row[]>;
  /** What lies in the queue of dead letters, waiting or failed. */
  letters(): Promise<{ readonly data: Row; readonly state: string }[]>;
  /** Forgets all that was queued, as a Redis does that was emptied. */
  emptyRedis(): Promise<void>;
  close(): Promise<void>;
}

export const emptyPage: Page = { records: [], lossless: false, next: undefined, vendorTime: undefined };

type Vendor = Pick<Shop, 'pages' | 'ones'>;

const unknown = async (id: string): Promise<VendorAnswer> => {
  throw new SyncError('UPSTREAM_REJECTED', `The vendor answered 404 to ${id}`, { details: { status: 404 } });
};

const neverAsked: AuthStrategy<unknown> = {
  isFresh: () => true,
  acquire: async () => {
    throw new Error('nobody asks this shop for tokens');
  },
  authorize: (request) => request,
  isRejected: () => false,
};

/** A shop of its own: a connection with nothing synced yet, in a database that several shops may share. */
export async function openShop(
  bed: TestBed,
  auth: AuthStrategy<unknown> = neverAsked,
  egressAllow: readonly string[] = [],
): Promise<Shop> {
  await sql.raw(entities.map(tableOf).join(';')).execute(bed.db);
  const pages: Shop['pages'] = {
    customers: async () => emptyPage,
    orders: async () => emptyPage,
    payments: async () => emptyPage,
  };
  const ones: Shop['ones'] = { customers: unknown, orders: unknown, payments: unknown };
  const connector = shopConnector({ pages, ones }, auth);
  const onError = () => undefined;
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError });
  const prefix = `${bed.prefix}${randomUUID()}`;
  const queueNames = [
    ...entities.map((entity) => entityQueue('shop', entity)),
    finishQueue,
    recoveryQueue,
    refetchQueue,
    verifyQueue,
    deadLetterQueue,
  ];
  const bootId = randomUUID();
  const vault = createVault([bed.encryptionKey]);
  const ctx: EngineContext = {
    db: bed.db,
    vault,
    road: createRoad({ redis, keyPrefix: prefix, egressAllow, bootId }),
    flows: openFlows(redis, prefix, onError),
    queues: openQueues(redis, prefix, queueNames, onError),
    recovery: openRecovery(redis, prefix, onError),
    refetches: openRefetches(redis, prefix, onError),
    verifications: openVerifications(redis, prefix, onError),
    deadLetters: openDeadLetters(redis, prefix, onError),
    // So long that nothing that failed in a test is due again by itself.
    recoveryPolicy: recoveryPolicy(3_600),
    connectors: [connector],
    log: pino({ level: 'silent' }),
    bootId,
  };
  const organizationId = await ensureOrganization(bed.db, `org-${randomUUID()}`, 'A shop');
  const given = { organizationId, connector: 'shop', name: 'test', settings: {}, credentials: { key: 'k' } };
  const connection = await ensureConnection(bed.db, vault, given);
  return {
    bed,
    ctx,
    redis,
    prefix,
    connector,
    entity: (name) => entityOf(connector, name),
    connection,
    pages,
    ones,
    job: (mode = 'full') => createJob(bed.db, connection, jobOver(mode)),
    claim: async (jobId, entity = 'customers') => {
      const run = await claimRun(bed.db, jobId, entity, bootId);
      if (run === undefined) throw new Error(`the run of ${entity} cannot be claimed`);
      return run;
    },
    setRuns: async (jobId, ...statuses) => {
      for (const [position, status] of statuses.entries()) {
        await sql`update sync_progress set status = ${status}
          where sync_job_id = ${jobId} and position = ${position}`.execute(bed.db);
      }
    },
    run: (jobId, entity = 'customers') =>
      bed.db
        .selectFrom('sync_progress')
        .selectAll()
        .where('sync_job_id', '=', jobId)
        .where('entity', '=', entity)
        .executeTakeFirstOrThrow(),
    turn: (syncJobId, { entity = 'customers', ...over } = {}) => ({
      payload: { v: 1, syncJobId, connector: 'shop', entity },
      signal: new AbortController().signal,
      failures: 0,
      othersWait: async () => false,
      ...over,
    }),
    failedItems: () =>
      bed.db
        .selectFrom('sync_failed_items')
        .selectAll()
        .where('connection_id', '=', connection.id)
        .orderBy('created_at')
        .orderBy('vendor_id')
        .execute(),
    letters: async () => {
      const queue = ctx.queues.all.find(({ name }) => name === deadLetterQueue);
      const jobs = (await queue?.getJobs()) ?? [];
      return Promise.all(jobs.map(async (job) => ({ data: job.data as Row, state: await job.getState() })));
    },
    emptyRedis: async () => {
      for await (const keys of keysBelow(redis, prefix)) {
        if (keys.length > 0) await redis.unlink(...keys);
      }
    },
    close: async () => {
      await Promise.all([ctx.flows.close(), ctx.queues.close(), ctx.road.close()]);
      await Promise.all([
        ctx.recovery.close(),
        ctx.refetches.close(),
        ctx.verifications.close(),
        ctx.deadLetters.close(),
      ]);
      redis.disconnect();
    },
  };
}

function shopConnector(vendor: Vendor, auth: AuthStrategy<unknown>): Connector {
  return defineConnector({
    id: 'shop',
    displayName: 'Shop',
    credentials: z.object({ key: z.string() }),
    settings: z.object({
      ...sweepSettings,
      baseUrl: z.string().default('https://shop.example/api/'),
      pageSize: z.number().default(10),
      maxPages: z.number().default(0),
      overlapSeconds: z.number().default(60),
      lookBackDays: z.number().default(7),
      maxOpenFailedItems: z.number().default(10_000),
      ...roadSettings,
    }),
    auth,
    budgetIdentity: () => 'shop',
    budget: () => [{ requests: 1000, seconds: 1 }],
    entities: entities.map((name, i) => declare(name, entities.slice(Math.max(0, i - 1), i), vendor)),
    probe: async () => ({}),
  });
}

function declare(name: ShopEntity, dependsOn: readonly string[], { pages, ones }: Vendor): Entity {
  return defineEntity({
    name,
    dependsOn,
    table: { name, key: 'vendor_id', raw: 'raw', columns: { name: 'text' } },
    mapping: {
      schema: z.object({ id: z.string(), name: z.string().nullish(), changed: z.string().nullish() }),
      key: (record) => record.id,
      updatedAt: (record) => record.changed,
      map: (record) => ({ name: record.name }),
    },
    fetchPage: (request) => pages[name](request),
    ...(name === 'orders' ? {} : { fetchOne: (_client, id) => ones[name](id) }),
  });
}

function tableOf(name: string): string {
  return `create table if not exists ${name} (
    id uuid primary key default gen_random_uuid(), organization_id uuid not null, connection_id uuid not null,
    vendor_id text not null, name text, raw jsonb not null, sync_flags jsonb, source_updated_at timestamptz,
    last_sync_at timestamptz not null default now(), deleted_at timestamptz, unique (connection_id, vendor_id))`;
}

function jobOver(mode: SyncMode) {
  const run = { mode, modeReason: null, lowerBound: null, upperBound: null, cursor: undefined, recordsExpected: null };
  const runs = entities.map((entity) => ({ entity, ...run }));
  return { syncType: mode, mode, trigger: 'manual', triggeredBy: null, runs } as const;
}
