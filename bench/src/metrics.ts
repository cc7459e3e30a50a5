import { setTimeout as pause } from 'node:timers/promises';
import { openMetrics } from '@syncline/metrics';
import { cpuOf } from './cpu.js';
import { type Measurement, median } from './report.js';
import { openRig, type Rig } from './rig.js';
import { makeTenants } from './tenants.js';

const contacts = 10_000;
/** Neither is always the first, so that a machine that becomes warm, or busy, meets both. */
const turns = ['on', 'off', 'off', 'on'] as const;
const rounds = 3;
const tenants = 1_000;
const scrapes = 5;
const pageSize = 100;
const told = 100_000;
/** Longer than what was read of the fleet is kept for. */
const keptMs = 5_500;

const token = 'the-token-of-this-benchmark';
const switchedOn = { SYNCLINE_METRICS_TOKEN: token, SYNCLINE_WORKER_PORT: '0' };

/** Of one full sync over rows that have not changed, for a thousand records. */
interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

/** What measuring costs a sync, and what a scrape costs where there are many organizations. */
export async function metrics(): Promise<Measurement> {
  const costs: Record<(typeof turns)[number], Cost[]> = { off: [], on: [] };
  let scraped: Scraped | undefined;
  for (const [turn, which] of turns.entries()) {
    const environment = which === 'on' ? switchedOn : {};
    const rig = await openRig({ simulator: ['--contacts', String(contacts)], environment });
    try {
      await rig.fullSync();
      for (let round = 0; round < rounds; round += 1) costs[which].push(await costOf(rig));
      if (turn === turns.length - 1) scraped = await scrapeMany(rig);
    } finally {
      await rig.close();
    }
  }
  const pageUs = await tellingUs();
  if (scraped === undefined) throw new Error('nothing was scraped');
  const of = (which: keyof typeof costs, figure: keyof Cost) => median(costs[which].map((cost) => cost[figure]));
  return {
    name: 'metrics',
    what:
      `full syncs of a firm with ${contacts.toLocaleString('en')} contacts by one worker that measures and one that does not, ` +
      `medians of ${rounds * 2}; then scrapes of an API with ${tenants.toLocaleString('en')} organizations, medians of ${scrapes}`,
    rows: [
      { figure: 'telling of a page and its request', value: pageUs, unit: 'us' },
      {
        figure: 'of the CPU that the page takes',
        value: pageUs / 1_000 / (of('off', 'cpuMs') / (1_000 / pageSize)),
        unit: 'ratio',
        target: 'at most 0.02',
      },
      { figure: 'CPU of the worker, on / off', value: of('on', 'cpuMs') / of('off', 'cpuMs'), unit: 'ratio' },
      { figure: 'a scrape that reads the fleet', value: median(scraped.fresh), unit: 'ms' },
      { figure: 'of it, CPU of the API', value: median(scraped.cpu), unit: 'ms' },
      { figure: 'a scrape within five seconds of it', value: median(scraped.kept), unit: 'ms' },
      { figure: 'series of the API', value: scraped.series, unit: 'series' },
      { figure: 'an answer', value: scraped.bytes / 1024, unit: 'KiB' },
    ],
    raw: { costs, scraped },
  };
}

/**
 * What a page costs that is told of: its permit, its request and its records. By itself, because it is less than what the
 * CPU of two syncs differs by on a machine that others use, too.
 */
async function tellingUs(): Promise<number> {
  const entities = [{ name: 'tasks' }, { name: 'contacts' }];
  const { recorder, close } = await openMetrics({
    service: 'worker',
    version: '0',
    connectors: [{ id: 'crm', entities }],
  });
  const startedAt = process.cpuUsage();
  for (let i = 0; i < told; i += 1) {
    const [connector, entity, priority] = ['crm', i % 2 === 0 ? 'tasks' : 'contacts', 'full'] as const;
    recorder.count('syncline_budget_permits_total', { connector, priority });
    recorder.observe('syncline_budget_wait_seconds', { connector, priority }, 0);
    recorder.observe('syncline_vendor_request_duration_seconds', { connector, outcome: '2xx' }, (i % 100) / 100);
    recorder.count('syncline_pages_total', { connector, entity });
    recorder.count('syncline_records_total', { connector, entity, outcome: 'created' }, 60);
    recorder.count('syncline_records_total', { connector, entity, outcome: 'unchanged' }, 40);
  }
  const { user, system } = process.cpuUsage(startedAt);
  close();
  return (user + system) / told;
}

async function costOf(rig: Rig): Promise<Cost> {
  const before = cpuOf(rig.workerPid);
  const job = await rig.fullSync();
  if (job.startedAt === null || job.endedAt === null) throw new Error('the sync did not run');
  const thousands = job.entities.reduce((sum, { recordsRead }) => sum + recordsRead, 0) / 1_000;
  const ms = (job.endedAt.getTime() - job.startedAt.getTime()) / thousands;
  const cost = { ms, cpuMs: (cpuOf(rig.workerPid) - before) / thousands };
  console.log(JSON.stringify(cost));
  return cost;
}

interface Scraped {
  readonly fresh: number[];
  readonly kept: number[];
  readonly cpu: number[];
  readonly series: number;
  readonly bytes: number;
}

async function scrapeMany(rig: Rig): Promise<Scraped> {
  await makeTenants(rig, tenants);
  const { url, pid } = await rig.startApi();
  const scrape = async () => {
    const startedAt = performance.now();
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    if (response.status !== 200) throw new Error(text);
    return { ms: performance.now() - startedAt, text };
  };
  // The first one opens connections and compiles.
  await scrape();
  const [fresh, kept, cpu]: [number[], number[], number[]] = [[], [], []];
  let text = '';
  for (let i = 0; i < scrapes; i += 1) {
    await pause(keptMs);
    const before = cpuOf(pid);
    const first = await scrape();
    cpu.push(cpuOf(pid) - before);
    fresh.push(first.ms);
    kept.push((await scrape()).ms);
    text = first.text;
  }
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  return { fresh, kept, cpu, series, bytes: Buffer.byteLength(text) };
}
