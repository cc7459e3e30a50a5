import type { Connector } from '@syncline/connector-kit';
import { cliniko, irelandPay, notion, practicePanther } from '@syncline/connectors';
import { startSimulator as startCliniko } from '@syncline/connectors/cliniko/simulator';
import { startSimulator as startIrelandPay } from '@syncline/connectors/irelandpay/simulator';
import { startSimulator as startNotion } from '@syncline/connectors/notion/simulator';
import { startSimulator as startPracticePanther } from '@syncline/connectors/practicepanther/simulator';
import {
  type EngineContext,
  finishJob,
  runEntity,
  startRepair,
  startSync,
  startVerification,
  verifyConnection,
} from '@syncline/engine';
import { type Connection, ensureConnection, findConnection, listFindings, listVerifications } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openShop } from '../../packages/engine/testing/shop.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

interface Vendor {
  readonly url: string;
  readonly credentials: object;
  close(): Promise<void>;
}

interface Case {
  readonly connector: Connector;
  readonly open: () => Promise<Vendor>;
  readonly settings: (vendor: Vendor) => object;
}

const month = new Date();
month.setUTCMonth(month.getUTCMonth() - 2);

const cases: readonly Case[] = [
  {
    connector: practicePanther,
    open: () =>
      startPracticePanther({
        contacts: 30,
        users: 4,
        notes: 6,
        emails: 6,
        events: 6,
        timeentries: 6,
      }) as Promise<Vendor>,
    settings: () => ({ rateLimitRequests: 1_000_000 }),
  },
  {
    connector: cliniko,
    open: () => startCliniko({ patients: 20, quirks: { quota: null } }),
    settings: () => ({ rateLimitPerMinute: 100_000 }),
  },
  {
    connector: notion,
    open: () => startNotion({ clients: 40, quirks: { quota: null } }),
    settings: (vendor) => ({
      requestsPerSecond: 1_000,
      databaseId: (vendor as unknown as { databaseId: string }).databaseId.replaceAll('-', ''),
    }),
  },
  {
    connector: irelandPay,
    open: () => startIrelandPay({ merchants: 8, transactions: 300, quirks: { quota: null } }),
    settings: () => ({ requestsPerMinute: 100_000, historyFrom: month.toISOString().slice(0, 7) }),
  },
];

/** A company at a simulated vendor, and the engine that syncs and verifies it in this process. */
async function openCompany({ connector, open, settings }: Case) {
  const vendor = await open();
  const shop = await openShop(bed, undefined, [new URL(vendor.url).host]);
  onTestFinished(async () => {
    await vendor.close();
    await shop.close();
  });
  const ctx: EngineContext = { ...shop.ctx, connectors: [connector] };
  const { organizationId } = shop.connection;
  const { id } = await ensureConnection(bed.db, ctx.vault, {
    ...{ organizationId, connector: connector.id, name: 'company', credentials: vendor.credentials },
    settings: { baseUrl: vendor.url, maxRetries: 1, ...settings(vendor) },
  });
  const connection = async () => (await findConnection(bed.db, organizationId, id)) as Connection;
  const work = async (jobId: string) => {
    const turn = (entity: string) => ({
      ...shop.turn(jobId),
      payload: { v: 1 as const, syncJobId: jobId, connector: connector.id, entity },
    });
    const runs = await bed.db
      .selectFrom('sync_progress')
      .select('entity')
      .where('sync_job_id', '=', jobId)
      .orderBy('position')
      .execute();
    for (const { entity } of runs) await runEntity(ctx, turn(entity));
    await finishJob(ctx, turn(runs[0]?.entity ?? ''));
  };
  const verification = async () => {
    const turn = {
      ...shop.turn(''),
      payload: { v: 1 as const, organizationId, connectionId: id, connector: connector.id, entity: '' },
    };
    await sql`update verifications set due_at = now() where connection_id = ${id}`.execute(bed.db);
    return verifyConnection(ctx, turn);
  };
  return {
    ...{ vendor, ctx, organizationId, id, connection },
    sync: async (mode: 'full' | 'incremental' = 'full') => {
      const order = { mode, entities: [], syncType: mode, trigger: 'manual', triggeredBy: null } as const;
      await work((await startSync(ctx, await connection(), order)).jobId);
    },
    verify: async () => {
      const order = { entities: [], trigger: 'manual', triggeredBy: null } as const;
      const verificationId = await startVerification(ctx, await connection(), order);
      expect(await verification()).toEqual({ kind: 'done' });
      const [view] = await listVerifications(bed.db, organizationId, { id: verificationId });
      const found = await listFindings(bed.db, organizationId, verificationId, {}, 1_000);
      return { verificationId, view, found };
    },
    repair: async (verificationId: string) => {
      await startRepair(ctx, await connection(), verificationId, { actor: 'operator' });
      for (let turns = 0; turns < 60; turns += 1) {
        const verdict = await verification();
        if (verdict.kind === 'done') return;
        const { rows } = await sql<{ id: string }>`select id from sync_jobs
          where connection_id = ${id} and status in ('queued', 'running')`.execute(bed.db);
        for (const job of rows) await work(job.id);
      }
      throw new Error('the repair does not end');
    },
  };
}

describe.each(cases)('$connector.displayName', (one) => {
  const { connector } = one;
  it('is clean after a sync; what is planted in any table is found, and repaired', { timeout: 60_000 }, async () => {
    const { sync, verify, repair, id } = await openCompany(one);
    await sync();
    const clean = await verify();
    expect(clean.view).toMatchObject({ status: 'done' });
    expect(clean.found).toEqual([]);
    for (const { entity, rows, buckets, sampled } of clean.view?.entities ?? []) {
      expect(rows, entity).toBeGreaterThan(0);
      for (const { vendor, stored } of buckets ?? []) expect(vendor, entity).toEqual(stored);
      const declared = connector.entities.find(({ name }) => name === entity);
      expect(sampled === null, entity).toBe(declared?.fetchOne === undefined);
    }
    const expected: string[] = [];
    for (const { name, table } of connector.entities) expected.push(...(await plant(id, name, table)));
    const dirty = await verify();
    const kinds = dirty.found.map(({ entity, vendorId, kind }) => `${entity} ${kind} ${vendorId}`);
    expect(kinds).toEqual(expect.arrayContaining(expected));
    // What a child copies from its parent differs as long as that is missing.
    const others = dirty.found.filter((_, i) => !expected.includes(kinds[i] ?? ''));
    for (const { entity, fields } of others) {
      const references = connector.entities.find(({ name }) => name === entity)?.table.references ?? [];
      expect(references.flatMap(({ take }) => Object.keys(take))).toEqual(expect.arrayContaining([...fields]));
    }
    await repair(dirty.verificationId);
    const again = await verify();
    expect(again.found).toEqual([]);
    expect(
      again.view?.entities.every(({ buckets }) => buckets?.every((b) => b.vendor.checksum === b.stored.checksum)),
    ).toBe(true);
  });
});

/** A row removed, one changed, one too many, in the table of an entity; and how each should be found. */
async function plant(connectionId: string, entity: string, { name, key, raw }: Connector['entities'][number]['table']) {
  const table = sql.table(name);
  const { rows } = await sql<{ key: string }>`select ${sql.ref(key)} as key from ${table}
    where connection_id = ${connectionId} and deleted_at is null order by 1`.execute(bed.db);
  const [removed, changed] = rows.map((row) => row.key);
  const expected: string[] = [];
  if (changed !== undefined) {
    await sql`update ${table} set ${sql.ref(raw)} = ${sql.ref(raw)} || '{"planted": true}'
      where connection_id = ${connectionId} and ${sql.ref(key)} = ${changed}`.execute(bed.db);
    const json = sql`jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), ${key}::text, 'too-many',
      'last_sync_at', now() - interval '1 day'))`;
    await sql`insert into ${table} select (${json}).* from ${table} r
      where connection_id = ${connectionId} and ${sql.ref(key)} = ${changed}`.execute(bed.db);
    expected.push(`${entity} different ${changed}`, `${entity} extra too-many`);
  }
  if (removed !== undefined) {
    await sql`delete from ${table} where connection_id = ${connectionId} and ${sql.ref(key)} = ${removed}`.execute(
      bed.db,
    );
    expected.push(`${entity} missing ${removed}`);
  }
  return expected;
}

it('a verification leaves out what is not due: what came after the sync, and what the history is still to bring', async () => {
  const one = cases.find(({ connector }) => connector === irelandPay) as Case;
  const { vendor, sync, verify, id } = await openCompany(one);
  const { store } = vendor as Awaited<ReturnType<typeof startIrelandPay>>;
  await sync('incremental');
  // What changes below is after it, whatever the vendor rounds.
  await sql`update sync_state set watermark = watermark - interval '2 seconds' where connection_id = ${id}`.execute(
    bed.db,
  );
  for (const { mid } of store.visible()) {
    store.edit(mid, 'another name');
    store.addBatch(mid, Math.floor(Date.now() / 86_400_000), 500);
  }
  const early = await verify();
  expect(early.found).toEqual([]);
  const notDue = Object.fromEntries(early.view?.entities.map((entity) => [entity.entity, entity.notDue]) ?? []);
  expect(notDue).toMatchObject({ merchants: 8, residuals: expect.any(Number) });
  expect(notDue['residuals']).toBeGreaterThan(0);
  // Nothing is still to come.
  await sql`update history_backfills set state = 'done' where connection_id = ${id}`.execute(bed.db);
  const late = await verify();
  const missing = (entity: string) => late.found.filter((finding) => finding.entity === entity).map(({ kind }) => kind);
  expect(new Set(missing('residuals'))).toEqual(new Set(['missing']));
  expect(missing('merchants')).toEqual([]);
  expect(late.found.filter(({ vendorId }) => vendorId.includes('/L7'))).toEqual([]);
});
