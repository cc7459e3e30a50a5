import { readFileSync } from 'node:fs';
import type { Measurement } from './report.js';
import { openRig } from './rig.js';

const records = 1_000_000;

/** Left alone, V8 lets garbage pile up as long as there is room; a small heap shows what is really kept. */
const heapMib = 128;

/** The worker's resident memory while a million tasks pass through it. Flat means: the last tenth is like the second. */
export async function memory(): Promise<Measurement> {
  const rig = await openRig({
    simulator: ['--contacts', '2000', '--matters', '2000', '--tasks', String(records)],
    workerNode: [`--max-old-space-size=${heapMib}`],
  });
  const samples: { read: number; mib: number }[] = [];
  try {
    await rig.fullSync((job) => {
      const read = job.entities.find(({ entity }) => entity === 'tasks')?.recordsRead ?? 0;
      if (read > 0) samples.push({ read, mib: residentMib(rig.workerPid) });
    });
  } finally {
    await rig.close();
  }
  const tenth = (from: number) => {
    const part = samples.filter(({ read }) => read >= from * records && read < (from + 0.1) * records);
    return part.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, part.length);
  };
  const peak = Math.max(...samples.map(({ mib }) => mib));
  return {
    name: 'memory',
    what: `resident memory of one worker, heap of ${heapMib} MiB, over ${records.toLocaleString('en')} tasks`,
    rows: [
      { figure: 'second tenth, mean', value: tenth(0.1), unit: 'MiB' },
      { figure: 'last tenth, mean', value: tenth(0.9), unit: 'MiB' },
      { figure: 'peak', value: peak, unit: 'MiB' },
      { figure: 'last / second tenth', value: tenth(0.9) / tenth(0.1), unit: 'ratio', target: 'about 1' },
    ],
    raw: { samples: samples.filter((_, i) => i % Math.ceil(samples.length / 100) === 0) },
  };
}

/** Linux only: elsewhere there is no cheap way to ask for another process' memory. */
export function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
