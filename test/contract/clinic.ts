import { cliniko } from '@syncline/connectors';
import { type Simulator, type SimulatorOptions, startSimulator } from '@syncline/connectors/cliniko/simulator';
import { type EngineContext, finishJob, orderOfMode, runEntity, startSync } from '@syncline/engine';
import { type Connection, ensureConnection, findConnection } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { openShop } from '../../packages/engine/testing/shop.js';

type Row = Record<string, unknown>;

/** A clinic at a simulated Cliniko, and the engine that syncs it in this process: steps run one after the other. */
export interface Clinic {
  readonly simulator: Simulator;
  connection(): Promise<Connection>;
  /** A sync by the name of a mode, to its end; its runs by their entities, and the job's status. */
  sync(mode: 'full' | 'incremental', name?: string): Promise<{ status: string; runs: Record<string, Row> }>;
  /** The rows of a table or view, by the vendor's ids. */
  rows(table: string, key: string): Promise<Record<string, Row>>;
  states(): Promise<Row[]>;
}

export async function openClinic(bed: TestBed, options: SimulatorOptions = {}): Promise<Clinic> {
  const simulator = await startSimulator({ ...options, quirks: { quota: null, ...options.quirks } });
  const shop = await openShop(bed, undefined, [new URL(simulator.url).host]);
  onTestFinished(async () => {
    await simulator.close();
    await shop.close();
  });
  const ctx: EngineContext = { ...shop.ctx, connectors: [cliniko] };
  const { organizationId } = shop.connection;
  const { id } = await ensureConnection(bed.db, ctx.vault, {
    ...{ organizationId, connector: 'cliniko', name: 'clinic', credentials: simulator.credentials },
    settings: { baseUrl: simulator.url, rateLimitPerMinute: 100_000, maxRetries: 1 },
  });
  const connection = async () => {
    const found = await findConnection(bed.db, organizationId, id);
    if (found === undefined) throw new Error('the connection is gone');
    return found;
  };
  const turn = (syncJobId: string, entity: string) => ({
    ...shop.turn(syncJobId),
    payload: { v: 1 as const, syncJobId, connector: 'cliniko', entity },
  });
  return {
    simulator,
    connection,
    sync: async (mode, name) => {
      const order = orderOfMode(cliniko, name, { mode });
      const request = { ...order, syncType: name ?? mode, trigger: 'manual', triggeredBy: null } as const;
      const { jobId, entities } = await startSync(ctx, await connection(), request);
      // A run that has failed says so in Postgres; the next step looks there.
      for (const entity of entities) await runEntity(ctx, turn(jobId, entity)).catch(() => undefined);
      await finishJob(ctx, turn(jobId, entities[0] ?? ''));
      const job = await bed.db
        .selectFrom('sync_jobs')
        .select('status')
        .where('id', '=', jobId)
        .executeTakeFirstOrThrow();
      const runs = await bed.db.selectFrom('sync_progress').selectAll().where('sync_job_id', '=', jobId).execute();
      return { status: job.status, runs: Object.fromEntries(runs.map((run) => [run.entity, run])) };
    },
    rows: async (table, key) => {
      const { rows } = await sql<Row>`select * from ${sql.table(table)} where connection_id = ${id}`.execute(bed.db);
      return Object.fromEntries(rows.map((row) => [String(row[key]), row]));
    },
    states: () =>
      bed.db.selectFrom('sync_state').selectAll().where('connection_id', '=', id).orderBy('entity').execute(),
  };
}
