import { createTestBed, eventually } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToldAgency, type ToldAgency } from '../e2e/told-agency.js';
import { expectAgencyTruth } from '../model/agency-truth.js';
import { startProxy, type TcpProxy } from './proxy.js';

// Hazard H8: Postgres is away during a delivery. What cannot be kept is not acknowledged, and comes again.

let network: TcpProxy;
let agency: ToldAgency;
beforeAll(async () => {
  const bed = await createTestBed();
  network = await startProxy(bed.databaseUrl);
  const environment = { DATABASE_URL: network.url };
  agency = await createToldAgency({ bed, environment, webhooks: { backoffMs: 500, timeoutMs: 15_000 } });
  await agency.startWorker();
  await agency.load();
  await agency.subscribe();
});
afterAll(async () => {
  network.pass();
  await agency.close();
  await network.close();
});

const live = (at: number) => agency.simulator.store.rows().filter(({ inTrash }) => !inTrash)[at]?.id ?? '';

/** One event is told; the answer to its first attempt, and after how many milliseconds it came. */
async function firstAnswer(name: string) {
  const { store, webhooks } = agency.simulator;
  const before = webhooks.report().genuine.sent;
  const startedAt = performance.now();
  store.rename(live(0), name);
  await eventually('an answer', () => webhooks.report().genuine.sent > before, 20_000);
  return { status: webhooks.deliveries.at(-1)?.status, ms: performance.now() - startedAt };
}

describe('a delivery is refused in time and comes again', () => {
  it.each<[string, () => number, () => void]>([
    ['where Postgres refuses connections', () => network.refuse(), () => network.pass()],
    ['where it does not answer', () => network.stall(), () => network.pass()],
    // One line that is dead and does not look it must not keep out all that comes after, on other lines.
    ['where the lines there are have gone silent', () => network.strand(), () => undefined],
  ])('%s', async (what, breakIt, mend) => {
    const { webhooks } = agency.simulator;
    const before = webhooks.report();
    const known = (await agency.ledger()).length;
    expect(breakIt(), 'connections that there were').toBeGreaterThan(0);
    const { status, ms } = await firstAnswer(`Renamed ${what}`);
    expect(status).toBe(503);
    // Some milliseconds where it is refused; else as long as the vendor has patience.
    expect(ms).toBeLessThan(8_000);
    mend();
    await webhooks.idle();
    expect(webhooks.report()).toMatchObject({ delivered: before.delivered + 1, givenUp: 0 });
    expect(webhooks.report().genuine.unanswered).toBe(0);
    expect(await agency.ledger()).toHaveLength(known + 1);
    // Whoever fetches has no part in this, and may have to find out for himself.
    if (what.includes('gone silent')) return;
    await agency.settled();
    await expectAgencyTruth(agency.simulator, await agency.rows());
  });
});

it('a reading of the keys on a line that has gone silent does not keep out who comes later', async () => {
  // A path that nobody has used yet: the keys of whoever is there have to be read.
  const knock = async () => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${agency.api.url}/api/webhooks/notion`, { method: 'POST', headers, body: '{}' });
    return status;
  };
  expect(network.strand()).toBeGreaterThan(0);
  const answers: number[] = [];
  await eventually('an answer that needs the keys', async () => {
    answers.push(await knock());
    return answers.at(-1) === 401;
  });
  expect(answers).toContain(503);
});
