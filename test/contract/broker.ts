import { createHash } from 'node:crypto';
import { irelandPay } from '@syncline/connectors';
import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/irelandpay/simulator';
import {
  type EngineContext,
  finishJob,
  type ModeOrder,
  openWebhookDoor,
  orderOfMode,
  refetchSignalled,
  runEntity,
  startSync,
} from '@syncline/engine';
import { ensureConnection, findConnection, replaceWebhookKey } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { openShop } from '../../packages/engine/testing/shop.js';

export type Row = Record<string, unknown>;

interface Synced {
  readonly status: string;
  readonly runs: Record<string, Row>;
}

/** A payments broker at something that is like Ireland Pay, and the engine that syncs it in this process. */
export interface BrokerSyncs {
  /** A sync by the name of a mode, to its end; its runs by their entities, and the job's status. */
  sync(mode: 'initial' | 'daily'): Promise<Synced>;
  /** The same of a span of days. */
  backfill(from: string, to: string, entities: readonly string[]): Promise<Synced>;
  rows(table: string): Promise<Row[]>;
  /** One number that SQL makes of the broker's tables; $connection is the connection's id. */
  query<T>(text: string): Promise<T[]>;
  /** What the vendor tells at the path of the connection, as the API takes it. */
  tell(event: string, data: object): Promise<void>;
  /** What was told of an entity is due now, and looked after as a worker does. */
  follow(entity: string): Promise<void>;
  /** Runs the sync to its end that was started because of that; undefined when there is none. */
  runSignalled(): Promise<(Synced & { readonly job: Row }) | undefined>;
  readonly ctx: EngineContext;
  readonly connectionId: string;
}

/** A broker at a simulated Ireland Pay. */
export interface Broker extends BrokerSyncs {
  readonly simulator: Simulator;
  /** Requests whose path matches, since the simulator's log was reset. */
  asked(path: RegExp): number;
}

export async function openBroker(bed: TestBed, options: SimulatorOptions = {}, more: Row = {}): Promise<Broker> {
  const simulator = await startSimulator({ ...options, quirks: { quota: null, lastPage: 'both', ...options.quirks } });
  onTestFinished(() => simulator.close());
  return {
    simulator,
    ...(await openSyncs(bed, simulator, more)),
    asked: (path) => simulator.requests.entries.filter((request) => path.test(request.path)).length,
  };
}

/** The same at a vendor that somebody else plays. */
export async function openSyncs(
  bed: TestBed,
  vendor: Pick<Simulator, 'url' | 'credentials'>,
  more: Row,
): Promise<BrokerSyncs> {
  const shop = await openShop(bed, undefined, [new URL(vendor.url).host]);
  onTestFinished(() => shop.close());
  const ctx: EngineContext = { ...shop.ctx, connectors: [irelandPay] };
  const { organizationId } = shop.connection;
  const { id } = await ensureConnection(bed.db, ctx.vault, {
    ...{ organizationId, connector: 'irelandpay', name: 'broker', credentials: vendor.credentials },
    settings: { baseUrl: vendor.url, requestsPerMinute: 100_000, maxRetries: 1, ...more },
  });
  const turn = (syncJobId: string, entity: string) => ({
    ...shop.turn(syncJobId),
    payload: { v: 1 as const, syncJobId, connector: 'irelandpay', entity },
  });
  const run = async (syncType: string, order: ModeOrder): Promise<Synced> => {
    const connection = await findConnection(bed.db, organizationId, id);
    if (connection === undefined) throw new Error('the connection is gone');
    const request = { ...order, syncType, trigger: 'manual', triggeredBy: null } as const;
    const { jobId, entities } = await startSync(ctx, connection, request);
    return runJob(jobId, entities);
  };
  const runJob = async (jobId: string, entities: readonly string[]): Promise<Synced> => {
    // A run that has failed says so in Postgres; the next step looks there.
    for (const entity of entities) await runEntity(ctx, turn(jobId, entity)).catch(() => undefined);
    await finishJob(ctx, turn(jobId, entities[0] ?? ''));
    const job = await bed.db.selectFrom('sync_jobs').select('status').where('id', '=', jobId).executeTakeFirst();
    const runs = await bed.db.selectFrom('sync_progress').selectAll().where('sync_job_id', '=', jobId).execute();
    return { status: job?.status ?? '', runs: Object.fromEntries(runs.map((one) => [one.entity, one])) };
  };
  const door = openWebhookDoor(ctx);
  const token = 'whk_of-the-broker';
  const key = createHash('sha256').update(token).digest('hex');
  await bed.db.transaction().execute((trx) => replaceWebhookKey(trx, ctx.vault, { id, organizationId }, key));
  return {
    ...{ ctx, connectionId: id },
    tell: async (event, data) => {
      const body = Buffer.from(JSON.stringify({ hook: { requestId: 1, event }, data }));
      await door.receive(irelandPay, { connectionId: id, token }, { headers: {}, body });
    },
    follow: async (entity) => {
      await sql`update webhook_deliveries set due_at = now() where connection_id = ${id}`.execute(bed.db);
      const payload = { v: 1 as const, organizationId, connectionId: id, connector: 'irelandpay', entity };
      const { signal } = new AbortController();
      await refetchSignalled(ctx, { payload, signal, failures: 0, othersWait: async () => false });
    },
    runSignalled: async () => {
      const { rows } = await sql<Row>`select * from sync_jobs
        where connection_id = ${id} and trigger = 'webhook' and status = 'queued'`.execute(bed.db);
      const [job] = rows;
      if (job === undefined) return undefined;
      const runs = await sql<Row>`select entity from sync_progress where sync_job_id = ${job['id']}`.execute(bed.db);
      const planned = new Set(runs.rows.map(({ entity }) => String(entity)));
      const entities = irelandPay.entities.map(({ name }) => name).filter((name) => planned.has(name));
      return { job, ...(await runJob(String(job['id']), entities)) };
    },
    sync: (name) => run(name, orderOfMode(irelandPay, name, { mode: 'incremental' })),
    backfill: (from, to, entities) => run('backfill', { mode: 'backfill', entities, selection: { from, to } }),
    rows: async (table) => {
      const { rows } = await sql<Row>`select * from ${sql.table(table)} where connection_id = ${id}`.execute(bed.db);
      return rows;
    },
    query: async <T>(text: string) => {
      const { rows } = await sql<T>`${sql.raw(text.replaceAll('$connection', `'${id}'`))}`.execute(bed.db);
      return rows;
    },
  };
}
