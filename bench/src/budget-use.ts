import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type BudgetWindow, priorities } from '@syncline/connector-kit';
import { startEmbedded } from '@syncline/embedded';
import type { CallerOptions } from './budget-caller.js';
import { end, message } from './child.js';
import type { Measurement } from './report.js';

/** Requests: so many that the longest window is full several times. */
const shapes = [
  { name: '200 in 10 s', windows: [{ requests: 200, seconds: 10 }], requests: 1_000 },
  {
    name: '50 in 2 s and 300 in 20 s',
    windows: [
      { requests: 50, seconds: 2 },
      { requests: 300, seconds: 20 },
    ],
    requests: 900,
  },
];
const fleets = [1, 4, 16];
/** In each process, a quarter of them for each priority. */
const callers = 8;

interface Arrival {
  readonly atMs: number;
  readonly path: string;
}

/**
 * What share of a vendor's budget a fleet uses that always wants more, and how full the busiest window was, counted by
 * the vendor when a request arrives. Processes of their own, each with several callers of all priorities.
 */
export async function budgetUse(): Promise<Measurement> {
  const given = process.env['REDIS_URL'];
  const home = process.env['SYNCLINE_HOME'] ?? fileURLToPath(new URL('../../.syncline', import.meta.url));
  const services = await startEmbedded({ home, postgres: false, redis: !given });
  const redisUrl = given ?? services.redisUrl ?? '';
  const rows: Measurement['rows'][number][] = [];
  const raw: Record<string, unknown> = {};
  try {
    for (const { name, windows, requests } of shapes) {
      for (const processes of fleets) {
        const arrivals = (await measure(redisUrl, windows, processes, requests)).slice(0, requests);
        const moments = arrivals.map(({ atMs }) => atMs);
        const tookMs = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
        const used = shortestMs(windows, requests) / tookMs;
        const busiest = Math.max(...windows.map((w) => most(moments, w.seconds * 1_000) / w.requests));
        const lowest = arrivals.filter(({ path }) => path === '/backfill').length / requests;
        const fleet = `${name}, ${processes} ${processes === 1 ? 'process' : 'processes'}`;
        rows.push({ figure: `${fleet}: used`, value: used, unit: 'ratio', target: 'at least 0.98' });
        rows.push({ figure: `${fleet}: busiest window`, value: busiest, unit: 'ratio', target: 'at most 1.00' });
        rows.push({ figure: `${fleet}: lowest priority`, value: lowest, unit: 'ratio', target: 'at least 0.05' });
        const byPriority = priorities.map((p) => [p, arrivals.filter(({ path }) => path === `/${p}`).length]);
        raw[fleet] = { requests, tookMs, used, busiest, byPriority: Object.fromEntries(byPriority) };
        console.log(`${fleet}: ${JSON.stringify(raw[fleet])}`);
      }
    }
  } finally {
    await services.stop();
  }
  return {
    name: 'budget-use',
    what: `share of a budget that is used, and the busiest sliding window, with ${callers} callers in each process`,
    rows,
    raw,
  };
}

/** Lets a fleet loose on a vendor until that has counted so many requests. */
async function measure(
  redisUrl: string,
  windows: readonly BudgetWindow[],
  processes: number,
  requests: number,
): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  const vendor = createServer((request, response) => {
    arrivals.push({ atMs: performance.now(), path: request.url ?? '' });
    response.end('{}');
    if (arrivals.length === requests) vendor.emit('enough');
  });
  vendor.listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  const baseUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/`;
  const options: CallerOptions = { redisUrl, keyPrefix: `{bench-${randomUUID()}}`, baseUrl, windows, callers };
  const script = fileURLToPath(new URL('budget-caller.js', import.meta.url));
  const fleet: ChildProcess[] = [];
  try {
    for (let i = 0; i < processes; i += 1) fleet.push(fork(script, [JSON.stringify(options)]));
    await Promise.all(fleet.map((child) => message(child)));
    const enough = once(vendor, 'enough');
    for (const child of fleet) child.send('go');
    await enough;
  } finally {
    await Promise.all(fleet.map(end));
    vendor.closeAllConnections();
    vendor.close();
  }
  return arrivals;
}

/** How long so many requests take at least, from the first to the last, if the vendor answered in no time at all. */
function shortestMs(windows: readonly BudgetWindow[], requests: number): number {
  const earliest: number[] = [];
  for (let n = 0; n < requests; n += 1) {
    const allowed = windows.map((w) => (earliest[n - w.requests] ?? -w.seconds * 1_000) + w.seconds * 1_000);
    earliest.push(Math.max(0, ...allowed));
  }
  return earliest.at(-1) ?? 0;
}

/** The most moments that fall into any window of that length: each of them may be its first. */
function most(moments: readonly number[], length: number): number {
  let first = 0;
  let found = 0;
  for (const [last, at] of moments.entries()) {
    while (at - (moments[first] ?? at) >= length) first += 1;
    found = Math.max(found, last - first + 1);
  }
  return found;
}
