import { setTimeout as pause } from 'node:timers/promises';
import type { JobView } from '@syncline/store';
import { residentMib } from '../memory.js';
import type { Measurement } from '../report.js';
import { openRig, type Rig } from '../rig.js';
import { byMid, differences, storedReport, storedVolumes } from './stored-books.js';
import { type Books, lastMonths, nameOf, openBooks } from './vendor-books.js';

const merchants = 400;
const transactions = 1_000_000;
const months = lastMonths(15);
/** Of all transactions, how many are there when the worker is killed. */
const deaths = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85];
/** Left alone, V8 lets garbage pile up as long as there is room. */
const heapMib = 128;
const processor = 12;

interface Sample {
  readonly read: number;
  readonly mib: number;
}

/** What a sync has cost. */
interface Cost {
  readonly job: JobView;
  readonly requests: number;
  readonly seconds: number;
}

/**
 * All of a payments broker: 400 merchants, 15 months, 1,000,000 transactions, through one worker that is killed again and
 * again; held against the vendor's books, merchant by merchant and month by month. Then a report that is published anew,
 * and what a daily sync costs. The budget is lifted: at 500 requests a minute it would say nothing about us.
 */
export async function irelandPay(): Promise<Measurement> {
  const [first, published] = [months[0], months.at(-2)];
  if (first === undefined || published === undefined) throw new Error('there are no months');
  const rig = await openRig({
    vendor: 'irelandpay',
    simulator: ['--merchants', `${merchants}`, '--months', `${months.length}`, '--transactions', `${transactions}`],
    environment: { IRELANDPAY_HISTORY_FROM: nameOf(first) },
    workerNode: [`--max-old-space-size=${heapMib}`],
  });
  const samples: Sample[] = [];
  try {
    const books = openBooks(rig.vendors[0] as Rig['vendors'][number]);
    const truth = await books.volumes(months);
    await books.requests();
    const full = await costOf(books, () => fullWithDeaths(rig, samples));
    const afterFull = differences(truth, await storedVolumes(rig.db));
    const daily = await costOf(books, () => rig.incrementalSync());
    await books.republish(processor, published);
    const again = await costOf(books, () => rig.incrementalSync());
    const report = byMid(await books.report(processor, published));
    const wrongRows = differences(report, byMid(await storedReport(rig.db, processor, published)));
    const afterAll = differences(truth, await storedVolumes(rig.db));
    const created = runOf(full.job, 'transactions')?.recordsCreated ?? 0;
    return {
      name: 'irelandpay',
      what:
        `${merchants} merchants, ${months.length} months, ${transactions.toLocaleString('en')} transactions through one worker ` +
        `with a heap of ${heapMib} MiB, killed ${deaths.length} times on the way; the budget lifted`,
      rows: [
        { figure: 'full: merchant-months that are compared', value: truth.size, unit: 'months' },
        { figure: 'full: that differ in count or cents', value: afterFull, unit: 'months', target: '0' },
        { figure: 'full: transactions created', value: created, unit: 'rows', target: '1,000,000' },
        { figure: 'full: failed records', value: failedIn(full.job), unit: 'records', target: '0' },
        { figure: 'full: asked of the vendor', value: full.requests, unit: 'requests' },
        { figure: 'full: time, deaths included', value: full.seconds, unit: 's' },
        ...memoryFigures(samples),
        { figure: 'daily, nothing new: asked of the vendor', value: daily.requests, unit: 'requests' },
        { figure: 'daily, nothing new: transactions read', value: readIn(daily.job), unit: 'rows' },
        { figure: 'daily, nothing new: time', value: daily.seconds, unit: 's' },
        { figure: 'report published again: rows in it', value: report.size, unit: 'rows' },
        { figure: 'report published again: rows that differ', value: wrongRows, unit: 'rows', target: '0' },
        { figure: 'report published again: rows marked as gone', value: goneIn(again.job), unit: 'rows', target: '5' },
        { figure: 'in the end: months that differ', value: afterAll, unit: 'months', target: '0' },
      ],
      raw: {
        samples: samples.filter((_, i) => i % Math.ceil(samples.length / 200) === 0),
        secondsOfDaily: secondsByEntity(daily.job),
      },
    };
  } finally {
    await rig.close();
  }
}

async function costOf(books: Books, sync: () => Promise<JobView>): Promise<Cost> {
  await books.requests();
  const startedAt = performance.now();
  const job = await sync();
  return { job, requests: await books.requests(), seconds: (performance.now() - startedAt) / 1000 };
}

/** A full sync whose worker is killed again and again, and replaced. */
async function fullWithDeaths(rig: Rig, samples: Sample[]): Promise<JobView> {
  const jobId = await rig.startFullSync();
  let pid = rig.workerPid;
  let died = 0;
  for (;;) {
    const job = await rig.job(jobId);
    const read = readIn(job);
    // Not of a process that has only just started.
    if (read > (samples.at(-1)?.read ?? 0)) samples.push({ read, mib: residentMib(pid) });
    if (job.status === 'succeeded' && died === deaths.length) return job;
    if (job.status !== 'queued' && job.status !== 'running') {
      throw new Error(`${job.status} after ${died} deaths: ${job.errorMessage}`);
    }
    if (read >= (deaths[died] ?? Number.POSITIVE_INFINITY) * transactions) {
      process.kill(pid, 'SIGKILL');
      died += 1;
      pid = (await rig.startWorker()).pid ?? 0;
    }
    await pause(200);
  }
}

function memoryFigures(samples: readonly Sample[]): Measurement['rows'] {
  const mean = (tenth: number) => {
    const part = samples.filter(({ read }) => Math.min(9, Math.floor((read / transactions) * 10)) === tenth);
    return part.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, part.length);
  };
  return [
    { figure: 'full: resident, second tenth', value: mean(1), unit: 'MiB' },
    { figure: 'full: resident, fifth tenth', value: mean(4), unit: 'MiB' },
    { figure: 'full: resident, last tenth', value: mean(9), unit: 'MiB' },
    { figure: 'full: resident, peak', value: Math.max(...samples.map(({ mib }) => mib)), unit: 'MiB' },
    { figure: 'full: last / second tenth', value: mean(9) / mean(1), unit: 'ratio', target: 'about 1' },
  ];
}

function runOf(job: JobView, entity: string) {
  return job.entities.find((run) => run.entity === entity);
}

function readIn(job: JobView): number {
  return runOf(job, 'transactions')?.recordsRead ?? 0;
}

function goneIn(job: JobView): number {
  return runOf(job, 'residuals')?.recordsDeleted ?? 0;
}

function secondsByEntity(job: JobView): Readonly<Record<string, number>> {
  const seconds = job.entities.map(({ entity, startedAt, endedAt }) => {
    return [entity, ((endedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1000] as const;
  });
  return Object.fromEntries(seconds);
}

function failedIn(job: JobView): number {
  return job.entities.reduce((sum, { recordsFailed }) => sum + recordsFailed, 0);
}
