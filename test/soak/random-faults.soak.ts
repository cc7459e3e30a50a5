import { setTimeout as pause } from 'node:timers/promises';
import { eventually, type ServiceProcess } from '@syncline/testing';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { budget, createFirmWithRedis, type RedisFirm } from '../chaos/rough-times.js';
import { seeded } from '../chaos/seeded.js';
import { expectTruth } from '../e2e/truth.js';
import { soak } from './settings.js';

// Hazard K10: everything at once, in random order, while the vendor's data change. When it is over the tables are the truth.

const fleetSize = 3;

type Fault = (firm: RedisFirm, fleet: ServiceProcess[], fraction: () => number) => Promise<void>;

async function replace(firm: RedisFirm, fleet: ServiceProcess[], at: number, signal: NodeJS.Signals) {
  const code = await fleet[at]?.kill(signal);
  if (signal === 'SIGTERM') expect(code, 'a worker that is told to stop ends well').toBe(0);
  fleet[at] = await firm.startWorker();
}

const anyOf = (fraction: () => number) => Math.floor(fraction() * fleetSize);

const faults: Readonly<Record<string, Fault>> = {
  'worker killed': (firm, fleet, fraction) => replace(firm, fleet, anyOf(fraction), 'SIGKILL'),
  'worker told to stop': (firm, fleet, fraction) => replace(firm, fleet, anyOf(fraction), 'SIGTERM'),
  'worker halted beyond its lock': async (_firm, fleet, fraction) => {
    const worker = fleet[anyOf(fraction)];
    worker?.signal('SIGSTOP');
    await pause(3_500);
    worker?.signal('SIGCONT');
  },
  'network to Redis reset': async (firm) => void firm.network.cut(),
  'network to Redis stalled': async (firm, _fleet, fraction) => {
    firm.network.stall();
    await pause(1_000 + 3_000 * fraction());
    firm.network.pass();
  },
  'Redis killed, back with its data': async (firm) => {
    await firm.redis.kill();
    await pause(1_000);
    await firm.restart('kept');
  },
  'Redis emptied': async (firm) => void (await firm.redis.command('FLUSHALL')),
  'Postgres sessions ended': async (firm) => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'syncline worker'`.execute(firm.bed.db);
  },
  'vendor out of order': async (firm) => {
    firm.simulator.faults.add({ match: { path: '/api/v2/', share: 0.5, times: 4 }, action: { status: 503 } });
  },
};

it(`${soak.seconds} s of random faults, seed ${soak.seed}`, async () => {
  const fraction = seeded(soak.seed);
  const firm = await createFirmWithRedis();
  const struck: Record<string, number> = {};
  let jobs = 0;
  try {
    const fleet = await Promise.all(Array.from({ length: fleetSize }, () => firm.startWorker()));
    // The first tokens are got in peace: what a death in that moment costs is a hazard of its own (A3).
    expect((await firm.sync('full')).status).toBe('succeeded');

    const until = performance.now() + soak.seconds * 1_000;
    while (performance.now() < until) {
      firm.simulator.clock.advance(600);
      firm.simulator.store.mutate({ seed: Math.floor(fraction() * 1e9), edits: 20, adds: 5, completions: 5 });
      const syncType = fraction() < 0.3 ? 'full' : 'incremental';
      const { status } = await firm.request('POST', '/api/sync/trigger', { syncType });
      expect([202, 409, 503], 'taken, or refused with a reason').toContain(status);
      if (status === 202) jobs += 1;
      const names = Object.keys(faults);
      const name = names[Math.floor(fraction() * names.length)] ?? '';
      await pause(1_500 * fraction());
      await faults[name]?.(firm, fleet, fraction);
      struck[name] = (struck[name] ?? 0) + 1;
    }

    firm.simulator.faults.clear();
    await eventually('every job to end', async () => (await live(firm)) === 0, 180_000);
    expect((await firm.ended(await firm.trigger('full'), 120_000)).status).toBe('succeeded');
    await expectTruth(firm.bed, firm.simulator);
    // A Redis that was emptied has forgotten what was used of the window: at worst it is used twice.
    const { requests } = firm.simulator.requests.busiestWindow(budget.seconds);
    expect(requests).toBeLessThanOrEqual(budget.requests * (struck['Redis emptied'] === undefined ? 1 : 2));
    expect(Object.values(struck).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(soak.seconds / 20);
    expect(jobs).toBeGreaterThan(1);
    for (const worker of fleet) expect(await worker.kill('SIGTERM')).toBe(0);
  } finally {
    process.stdout.write(`seed ${soak.seed}: ${jobs} jobs, ${JSON.stringify(struck)}\n`);
    await firm.close();
  }
});

async function live({ bed }: RedisFirm): Promise<number> {
  const rows = await bed.db.selectFrom('sync_jobs').select('id').where('status', 'in', ['queued', 'running']).execute();
  return rows.length;
}
