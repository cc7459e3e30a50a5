import { setTimeout as pause } from 'node:timers/promises';
import { runEntity } from '@syncline/engine';
import { isTransientDatabaseError } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyPage, openShop, type Shop } from '../../packages/engine/testing/shop.js';
import { countWrites, logWrites } from '../e2e/write-log.js';
import { seeded } from './seeded.js';

// Hazard P1: pg_terminate_backend at any moment of the page transaction.

const pages = 120;
const perPage = 20;
const seed = 20_261_121;

let bed: TestBed;
let shop: Shop;
let executioner: pg.Client;
beforeAll(async () => {
  bed = await createTestBed();
  shop = await openShop(bed);
  await logWrites(bed, ['customers']);
  executioner = new pg.Client({ connectionString: bed.databaseUrl, application_name: 'executioner' });
  await executioner.connect();
});
afterAll(async () => {
  await executioner.end();
  await shop.close();
  await bed.close();
});

it('a run whose connection is ended fifty times at random moments writes every record once', async () => {
  shop.pages.customers = async ({ cursor }) => {
    const page = Number(cursor?.['page'] ?? 0);
    const records = Array.from({ length: perPage }, (_, i) => ({ id: `c${page}-${i}`, name: `${page}` }));
    return { ...emptyPage, records, next: page + 1 < pages ? { page: page + 1 } : undefined };
  };
  const jobId = await shop.job();
  const fraction = seeded(seed);
  let terminated = 0;
  let over = false;
  const executing = (async () => {
    while (!over && terminated < 50) {
      await pause(12 * fraction());
      const { rows } = await executioner.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`);
      terminated += rows.length;
    }
  })();

  // What the queue does: again, until it is done.
  let interrupted = 0;
  for (let ended = false; !ended; ) {
    try {
      const verdict = await runEntity(shop.ctx, shop.turn(jobId));
      ended = verdict.kind === 'done';
    } catch (error) {
      if (!isTransientDatabaseError(error)) throw error;
    }
    if (!ended) interrupted += 1;
  }
  over = true;
  await executing;
  expect(terminated, `seed ${seed}`).toBeGreaterThanOrEqual(25);
  expect(interrupted).toBeGreaterThan(10);
  expect(await countWrites(bed)).toEqual({ rows: pages * perPage, repeated: 0 });
  const { rows } = await sql<{ n: number }>`select count(*) as n from customers`.execute(bed.db);
  expect(rows).toEqual([{ n: pages * perPage }]);
  expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages, records_created: pages * perPage });
});
