import type { Connector, DefaultSchedule } from '@syncline/connector-kit';
import { listSchedules, openDatabase } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clock } from '../../testing/schedule-rows.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { makeDefaultSchedules } from './default-schedules.js';

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
});
afterEach(() => shop.close());

const often: DefaultSchedule = { name: 'often', mode: 'incremental', entities: ['customers'], everySeconds: 900 };
const nightly: DefaultSchedule = {
  ...{ name: 'nightly', mode: 'full', entities: [] },
  ...{ cron: '0 2 * * *', timeZone: 'America/New_York' },
};

function proposing(...schedules: DefaultSchedule[]): Connector {
  return { ...shop.connector, schedules };
}
const make = (connector: Connector, db = bed.db) => makeDefaultSchedules(db, connector, shop.connection);
const made = () => listSchedules(bed.db, shop.connection.organizationId);
const names = async () => (await made()).map(({ name }) => name);

describe('the schedules that a connector proposes', () => {
  it('are made for a connection, due in the future', async () => {
    await make(proposing(often, nightly));
    const rows = await made();
    expect(rows).toMatchObject([
      { name: 'nightly', mode: 'full', entities: [], cron: '0 2 * * *', timeZone: 'America/New_York', enabled: true },
      { name: 'often', mode: 'incremental', entities: ['customers'], intervalSeconds: 900, cron: null, enabled: true },
    ]);
    const now = await clock(bed);
    for (const { nextDueAt } of rows) expect(nextDueAt?.getTime()).toBeGreaterThan(now);
  });

  it('come at a minute of the connection’s own, where that is proposed', async () => {
    await make(proposing({ ...nightly, spread: true }));
    const minute = Number.parseInt(shop.connection.id.replaceAll('-', '').slice(0, 12), 16) % 60;
    expect(await made()).toMatchObject([{ cron: `${minute} 2 * * *` }]);
  });

  it('are made once by twenty processes that start at once', async () => {
    const open = { databaseUrl: bed.databaseUrl, applicationName: 'one of twenty', poolSize: 1 };
    const processes = Array.from({ length: 20 }, () => openDatabase({ ...open, onError: () => undefined }));
    await Promise.all(processes.map((db) => make(proposing(often, nightly), db)));
    expect(await names()).toEqual(['nightly', 'often']);
    await Promise.all(processes.map((db) => db.destroy()));
  });

  it('are not made again, nor put back, when somebody has changed or deleted them', async () => {
    await make(proposing(often, nightly));
    const [full, incremental] = await made();
    await bed.db
      .updateTable('sync_schedules')
      .set({ interval_seconds: 60 })
      .where('id', '=', incremental?.id ?? '')
      .execute();
    await bed.db
      .deleteFrom('sync_schedules')
      .where('id', '=', full?.id ?? '')
      .execute();
    await make(proposing({ ...often, everySeconds: 1800 }, nightly));
    expect(await made()).toMatchObject([{ name: 'often', intervalSeconds: 60 }]);
  });

  it('that a later release brings are added', async () => {
    await make(proposing(often));
    await make(proposing(often, nightly));
    expect(await names()).toEqual(['nightly', 'often']);
  });

  it('leave out entities that the connector does not have, and wait for the first of them', async () => {
    const later: DefaultSchedule = { name: 'later', mode: 'incremental', entities: ['invoices'], everySeconds: 3600 };
    await make(proposing({ ...often, entities: ['customers', 'invoices'] }, later));
    expect(await made()).toMatchObject([{ name: 'often', entities: ['customers'] }]);
    await make(proposing(often, { ...later, entities: ['invoices', 'orders'] }));
    expect(await made()).toMatchObject([{ name: 'later', entities: ['orders'] }, { name: 'often' }]);
  });

  it("do not take an operator's schedule of the same name away", async () => {
    await make(proposing());
    const { id: connection_id, organizationId: organization_id } = shop.connection;
    const own = { connection_id, organization_id, name: 'often', cron: '0 0 * * *', interval_seconds: null };
    await bed.db
      .insertInto('sync_schedules')
      .values({ ...own, mode: 'full', next_due_at: new Date(), last_due_at: null })
      .execute();
    await make(proposing(often));
    expect(await made()).toMatchObject([{ name: 'often', mode: 'full', cron: '0 0 * * *' }]);
  });
});
