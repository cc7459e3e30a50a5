import { notion } from '@syncline/connectors';
import { type SimulatorOptions, startSimulator } from '@syncline/connectors/notion/simulator';
import { type EngineContext, finishJob, runEntity, startSync } from '@syncline/engine';
import { ensureConnection, findConnection } from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { openShop } from '../../packages/engine/testing/shop.js';

type Row = Record<string, unknown>;

export type Agency = Awaited<ReturnType<typeof foundAgency>>;

/** An agency at a simulated Notion, and the engine that syncs it in this process, until the test is over. */
export async function openAgencyOn(bed: TestBed, options: SimulatorOptions = {}, more: Row = {}) {
  const agency = await foundAgency(bed, options, more);
  onTestFinished(() => agency.close());
  return agency;
}

/** The same for whoever closes it himself. */
export async function foundAgency(bed: TestBed, options: SimulatorOptions = {}, more: Row = {}) {
  const simulator = await startSimulator({ ...options, quirks: { quota: null, ...options.quirks } });
  const shop = await openShop(bed, undefined, [new URL(simulator.url).host]);
  const ctx: EngineContext = { ...shop.ctx, connectors: [notion] };
  const { organizationId } = shop.connection;
  const { id } = await ensureConnection(bed.db, ctx.vault, {
    ...{ organizationId, connector: 'notion', name: 'agency', credentials: simulator.credentials },
    settings: {
      ...{ baseUrl: simulator.url, databaseId: simulator.databaseId.replaceAll('-', '') },
      ...{ requestsPerSecond: 1_000, maxRetries: 1, ...more },
    },
  });
  const connection = async () => {
    const found = await findConnection(bed.db, organizationId, id);
    if (found === undefined) throw new Error('the connection is gone');
    return found;
  };
  const turn = (syncJobId: string) => ({
    ...shop.turn(syncJobId),
    payload: { v: 1 as const, syncJobId, connector: 'notion', entity: 'clients' },
  });
  return {
    ...{ simulator, ctx, shop, id, organizationId, connection, turn },
    settings: async () => (await connection()).settings as Row & { database?: Row & { drift?: string[] } },
    changedAt: async () => {
      const { rows } = await sql<Row>`select updated_at from connections where id = ${id}`.execute(bed.db);
      return rows[0]?.['updated_at'];
    },
    status: async () => (await connection()).status,
    change: (settings: Row) =>
      sql`update connections set settings = settings || ${JSON.stringify(settings)}::jsonb where id = ${id}`.execute(
        bed.db,
      ),
    forget: (key: string) => sql`update connections set settings = settings - ${key} where id = ${id}`.execute(bed.db),
    sync: async (mode: 'full' | 'incremental') => {
      const request = { mode, entities: [], syncType: mode, trigger: 'manual', triggeredBy: null } as const;
      const { jobId } = await startSync(ctx, await connection(), request);
      // A run that has failed says so in Postgres.
      const take = () => runEntity(ctx, turn(jobId)).catch(() => undefined);
      const verdict = await take();
      // A run that starts over does so in its next turn.
      if (verdict?.kind === 'rest') await take();
      await finishJob(ctx, turn(jobId));
      const run = await bed.db
        .selectFrom('sync_progress')
        .selectAll()
        .where('sync_job_id', '=', jobId)
        .executeTakeFirstOrThrow();
      return run as Row;
    },
    rows: async () => {
      const { rows } = await sql<Row>`select * from clients where connection_id = ${id}`.execute(bed.db);
      return Object.fromEntries(rows.map((row) => [String(row['notion_page_id']), row]));
    },
    close: async () => {
      await simulator.close();
      await shop.close();
    },
  };
}
