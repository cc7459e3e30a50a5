import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Measurement, median } from './report.js';
import { openRig, type Rig } from './rig.js';

const rounds = 5;
/** Slow enough that a sync is still under way after all that is done to it. */
const latencyMs = 200;

interface Holder {
  readonly pid: number;
  readonly pages: number;
  readonly epoch: number;
}

/** How long a sync stands still after the worker that had it is killed, and after Redis has lost everything. */
export async function recoveryTimes(): Promise<Measurement> {
  const rig = await openRig({
    simulator: ['--contacts', '100', '--matters', '200000', '--tasks', '0', '--slow-matters', String(latencyMs)],
  });
  try {
    for (let i = 0; i < 2; i += 1) await rig.startWorker();
    const jobId = await rig.startFullSync();
    await committed(rig, jobId, 0);

    const afterKill: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { pid, pages } = await holder(rig, jobId);
      process.kill(pid, 'SIGKILL');
      afterKill.push(await goesOn(rig, jobId, pages));
      await rig.startWorker();
    }
    const afterFlush: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { epoch } = await holder(rig, jobId);
      await rig.emptyRedis();
      // The worker that has the run goes on with its page; what counts is when the queue has the job again.
      const startedAt = performance.now();
      while ((await holder(rig, jobId)).epoch === epoch) await pause(20);
      await committed(rig, jobId, (await holder(rig, jobId)).pages);
      afterFlush.push(performance.now() - startedAt);
    }
    const seconds = (values: readonly number[]) => ({
      middle: median(values) / 1000,
      worst: Math.max(...values) / 1000,
    });
    const [kill, flush] = [seconds(afterKill), seconds(afterFlush)];
    return {
      name: 'recovery-times',
      what: `from the fault to the next committed page of a sync under way, three workers, ${rounds} rounds each`,
      rows: [
        { figure: 'worker killed, median', value: kill.middle, unit: 's', target: 'at most 15' },
        { figure: 'worker killed, worst', value: kill.worst, unit: 's', target: 'at most 15' },
        { figure: 'Redis emptied, median', value: flush.middle, unit: 's', target: 'at most 60' },
        { figure: 'Redis emptied, worst', value: flush.worst, unit: 's', target: 'at most 60' },
      ],
      raw: { afterKillMs: afterKill, afterFlushMs: afterFlush },
    };
  } finally {
    await rig.close();
  }
}

/** Which process has the run that is under way. */
async function holder(rig: Rig, jobId: string): Promise<Holder> {
  for (;;) {
    const { rows } = await sql<Holder>`
      select w.pid, p.pages, p.epoch from sync_progress p join workers w on w.boot_id = p.worker
      where p.sync_job_id = ${jobId} and p.status = 'running'`.execute(rig.db);
    if (rows[0] !== undefined) return rows[0];
    await pause(20);
  }
}

/** Waits for a page after `pages`, and says how long it took, ms. */
async function goesOn(rig: Rig, jobId: string, pages: number): Promise<number> {
  const startedAt = performance.now();
  // One page may have been committed between the look and the kill.
  await committed(rig, jobId, pages + 1);
  return performance.now() - startedAt;
}

async function committed(rig: Rig, jobId: string, beyond: number): Promise<void> {
  for (;;) {
    const { status, entities } = await rig.job(jobId);
    if (status !== 'queued' && status !== 'running') throw new Error(`the sync ended too early: ${status}`);
    if (entities.some((run) => run.status === 'running' && run.entity === 'matters' && run.pages > beyond)) return;
    await pause(20);
  }
}
