import { createTestBed, eventually, type OwnRedis, type ServiceProcess, startOwnRedis } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createToldAgency, type ToldAgency } from '../e2e/told-agency.js';
import { expectAgencyTruth } from '../model/agency-truth.js';
import { startProxy, type TcpProxy } from './proxy.js';

// Hazards H8 and H12: Redis is away, and processes die, between a delivery and its row.

const promisedMs = 15_000;

let redis: OwnRedis;
let network: TcpProxy;
let agency: ToldAgency;
let worker: ServiceProcess;
beforeAll(async () => {
  redis = await startOwnRedis();
  network = await startProxy(redis.url);
  const bed = await createTestBed({ redis });
  // The sender would try again after more than a minute: nothing here is its merit.
  agency = await createToldAgency({ bed, environment: { REDIS_URL: network.url } });
  worker = await agency.startWorker();
  await agency.load();
  await agency.subscribe();
});
afterAll(async () => {
  await agency.close();
  await network.close();
  await redis.close();
});

const live = (at: number) => agency.simulator.store.rows().filter(({ inTrash }) => !inTrash)[at]?.id ?? '';

async function startRedis(): Promise<void> {
  await redis.start('lost');
  network.aim(redis.url);
}

/** All that the vendor tells is taken at once. Gives how many events. */
async function expectTaken(tell: () => void): Promise<number> {
  const { webhooks } = agency.simulator;
  const before = webhooks.report();
  const startedAt = performance.now();
  tell();
  await webhooks.idle();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  const { events, delivered, genuine } = webhooks.report();
  expect(delivered - before.delivered).toBe(events - before.events);
  expect(genuine.sent - before.genuine.sent, 'at the first attempt').toBe(events - before.events);
  return events - before.events;
}

it('what is delivered while Redis is away is taken, and fetched when it is back, of its own accord', async () => {
  const { store } = agency.simulator;
  const known = (await agency.ledger()).length;
  await redis.kill();
  await eventually('the API to notice', async () => (await fetch(`${agency.api.url}/readyz`)).status === 503);
  const told = await expectTaken(() => {
    for (let at = 0; at < 5; at += 1) store.rename(live(at), `While Redis was away ${at}`);
    store.add('Who came meanwhile');
  });
  expect(await agency.ledger()).toHaveLength(known + told);
  expect((await agency.ledger()).filter(({ status }) => status === 'pending')).toHaveLength(told);
  await startRedis();
  await agency.settled();
  await expectAgencyTruth(agency.simulator, await agency.rows());
});

it('an API that is killed right after it has acknowledged, before it could wake anybody, loses nothing', async () => {
  const { store, requests } = agency.simulator;
  const page = live(0);
  await redis.kill();
  await expectTaken(() => store.rename(page, 'Acknowledged, and then killed'));
  const last = (await agency.ledger()).at(-1);
  expect(last).toMatchObject({ status: 'pending', vendor_id: page });
  await agency.killApi();
  const asked = requests.count;
  await startRedis();
  await agency.settled();
  expect((await agency.rows())[page]).toMatchObject({ name: 'Acknowledged, and then killed' });
  const settled = (await agency.ledger()).at(-1);
  expect(settled).toMatchObject({ id: last?.['id'], outcome: 'written', attempts: 0 });
  // Its page, and the lists of its text: nobody else has fetched it as well.
  const pages = requests.entries.slice(asked - requests.count).filter(({ path }) => path.endsWith(`/pages/${page}`));
  expect(pages).toHaveLength(1);
});

it('a worker that is killed while it fetches leaves it to another one', async () => {
  const { store, holds } = agency.simulator;
  const page = live(1);
  const hold = holds.add({ match: { path: `/pages/${page}`, times: 1 } });
  store.rename(page, 'Fetched by the next one');
  await holds.untilHeld(hold, 1, AbortSignal.timeout(promisedMs));
  const [row] = (await agency.ledger()).filter(({ status }) => status === 'in_hand');
  expect(row).toMatchObject({ vendor_id: page });
  const next = await agency.startWorker();
  await worker.kill('SIGKILL');
  holds.release();
  const killedAt = performance.now();
  await agency.settled();
  expect(performance.now() - killedAt).toBeLessThan(promisedMs);
  const settled = (await agency.ledger()).find(({ id }) => id === row?.['id']);
  expect(settled).toMatchObject({ outcome: 'written', attempts: 1 });
  await expectAgencyTruth(agency.simulator, await agency.rows());
  expect(await next.kill('SIGTERM')).toBe(0);
});
