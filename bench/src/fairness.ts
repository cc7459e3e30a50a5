import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, ensureConnection, ensureOrganization } from '@syncline/store';
import { sql } from 'kysely';
import { type Measurement, median } from './report.js';
import { openRig, type Rig, type Vendor } from './rig.js';

const entity = 'accounts';
const pageSize = 20;
const pages = 1_000;
/** What a page takes at the vendor, and so what a slot is busy with. */
const latencyMs = 50;
const tenants = 9;
/** Of the first tenant; the others have one each. */
const floodConnections = 20;
const workers = 2;
/** Fewer than tenants, so that nobody can have a slot for itself. */
const slotsOfWorker = 3;
const slots = workers * slotsOfWorker;
const measuredMs = 60_000;
const rounds = 7;

/**
 * Nine tenants with long syncs of one entity, one of them with twenty connections: how evenly pages are shared among
 * them, by Jain's index, (Σx)² / (n · Σx²); 1 is even, 1/n is one who has it all. And how long it takes until a
 * newcomer's first page is in Postgres: with nobody else there, while one floods, and while all are at work.
 */
export async function fairness(): Promise<Measurement> {
  const rig = await openRig({
    simulator: ['--contacts', '1', '--matters', '0', '--tasks', '0', '--accounts', String(pages * pageSize)],
    vendors: tenants + 1,
    environment: { SYNCLINE_WORKER_CONCURRENCY: String(slotsOfWorker) },
  });
  try {
    for (const vendor of rig.vendors) await slowDown(vendor);
    for (let i = 1; i < workers; i += 1) await rig.startWorker();
    const newcomers = rig.vendors[tenants] as Vendor;

    const alone = await firstPages(rig, newcomers, 'alone');
    const jobs = [await startSyncs(rig, await connect(rig, 'flood', rig.vendors[0] as Vendor, floodConnections))];
    const committed = () => Promise.all(jobs.map((ids) => pagesOf(rig, ids)));
    await eventually(async () => sum(await committed()) > slots * 20);
    const flooding = { since: performance.now(), pages: sum(await committed()) };
    const underFlood = await firstPages(rig, newcomers, 'flooded');
    const floodPage = (slots * (performance.now() - flooding.since)) / (sum(await committed()) - flooding.pages);

    for (let i = 1; i < tenants; i += 1) {
      jobs.push(await startSyncs(rig, await connect(rig, `tenant-${i}`, rig.vendors[i] as Vendor, 1)));
    }
    await eventually(async () => (await committed()).every((count) => count > 0));
    const before = await committed();
    await pause(measuredMs);
    const shares = (await committed()).map((count, i) => count - (before[i] ?? 0));
    await allAtWork(rig, jobs.flat());
    const amongAll = await firstPages(rig, newcomers, 'late');

    const [flood = 0, ...others] = shares;
    const ofMiddle = median(underFlood) - median(alone);
    return {
      name: 'fairness',
      what:
        `${tenants} tenants on ${slots} slots of ${workers} workers, one of them with ${floodConnections} connections; ` +
        `the vendor takes ${latencyMs} ms for a page; ${measuredMs / 1000} s, medians of ${rounds} newcomers`,
      rows: [
        { figure: "Jain's index of pages", value: jain(shares), unit: 'ratio', target: 'at least 0.95' },
        { figure: 'flood / mean of the others', value: flood / mean(others), unit: 'ratio', target: 'about 1' },
        { figure: 'first page, nobody else', value: median(alone), unit: 'ms' },
        { figure: 'first page, under the flood', value: median(underFlood), unit: 'ms' },
        { figure: 'first page, nine at work', value: median(amongAll), unit: 'ms' },
        { figure: 'a page of the flood', value: floodPage, unit: 'ms' },
        { figure: 'delay by the flood, in pages', value: ofMiddle / floodPage, unit: 'ratio', target: 'at most 2' },
      ],
      raw: { pages: { flood, others }, alone, underFlood, amongAll },
    };
  } finally {
    await rig.close();
  }
}

async function slowDown(vendor: Vendor): Promise<void> {
  const body = JSON.stringify({ match: { path: `/${entity}` }, action: { delayMs: latencyMs } });
  const answer = await fetch(new URL('/__simulator/faults', vendor.url), { method: 'POST', body });
  if (!answer.ok) throw new Error(`the simulator cannot be slowed down: ${answer.status}`);
}

async function connect(rig: Rig, slug: string, vendor: Vendor, count: number): Promise<Connection[]> {
  const organizationId = await ensureOrganization(rig.db, slug, slug);
  const settings = { baseUrl: vendor.url, pageSize, rateLimitRequests: 1_000_000 };
  // Not its refresh token: that can be spent once, and these connections share what they have.
  const { clientId, clientSecret } = vendor.credentials;
  const connections: Connection[] = [];
  for (let i = 0; i < count; i += 1) {
    const given = { organizationId, connector: 'practicepanther', name: `${i}`, settings };
    connections.push(await ensureConnection(rig.db, rig.vault, { ...given, credentials: { clientId, clientSecret } }));
  }
  return connections;
}

/** A full sync of each; gives the jobs. */
async function startSyncs(rig: Rig, connections: readonly Connection[]): Promise<string[]> {
  const ids: string[] = [];
  for (const connection of connections) ids.push(await rig.startFullSync(connection, [entity]));
  return ids;
}

/** From the start of a sync to its first page in Postgres, in ms, for tenants that were never seen before. */
async function firstPages(rig: Rig, vendor: Vendor, name: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const connections = await connect(rig, `${name}-${round}`, vendor, 1);
    const startedAt = performance.now();
    const jobs = await startSyncs(rig, connections);
    await eventually(async () => (await pagesOf(rig, jobs)) > 0);
    times.push(performance.now() - startedAt);
    await sql`update sync_jobs set status = 'cancelled' where id = any(${jobs}::uuid[])`.execute(rig.db);
    await eventually(async () => (await live(rig, jobs)) === 0);
  }
  return times;
}

async function pagesOf(rig: Rig, jobs: readonly string[]): Promise<number> {
  const { rows } = await sql<{ pages: string }>`
    select coalesce(sum(pages), 0) as pages from sync_progress where sync_job_id = any(${jobs}::uuid[])`.execute(
    rig.db,
  );
  return Number(rows[0]?.pages);
}

async function live(rig: Rig, jobs: readonly string[]): Promise<number> {
  const { rows } = await sql<{ live: string }>`
    select count(*) as live from sync_progress
    where sync_job_id = any(${jobs}::uuid[]) and status in ('pending', 'running')`.execute(rig.db);
  return Number(rows[0]?.live);
}

/** Somebody who had nothing left to do would have got less for another reason. */
async function allAtWork(rig: Rig, jobs: readonly string[]): Promise<void> {
  if ((await live(rig, jobs)) !== jobs.length) throw new Error('a sync has ended before the measurement');
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('what is measured does not happen');
    await pause(5);
  }
}

function jain(shares: readonly number[]): number {
  return sum(shares) ** 2 / (shares.length * sum(shares.map((share) => share ** 2)));
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
