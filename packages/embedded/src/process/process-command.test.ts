import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcess } from './end-process.js';
import { processNames, processRuns } from './process-command.js';

let child: ChildProcess;
let pid: number;

beforeEach(async () => {
  const script = `process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000);`;
  child = spawn(process.execPath, ['-e', script, '/data/one two'], { stdio: ['ignore', 'pipe', 'inherit'] });
  pid = child.pid ?? 0;
  if (child.stdout) await once(child.stdout, 'data');
});
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

describe('processNames', () => {
  it('is sure only of a whole word', async () => {
    expect(await processNames(pid, '/data/one two')).toBe(true);
    expect(await processNames(pid, '/data/one')).toBe(false);
  });

  it('is never sure of a process that is not there, nor of everyone', async () => {
    expect(await processNames(2 ** 22 + 1, '/data/one two')).toBe(false);
    expect(await processNames(Number.NaN, '/data/one two')).toBe(false);
    expect(await processNames(-1, '/data/one two')).toBe(false);
  });
});

it('processRuns knows the program by its file name', async () => {
  expect(await processRuns(pid, 'node')).toBe(true);
  expect(await processRuns(pid, 'nod')).toBe(false);
});

describe('endProcess', () => {
  it('signals nothing that is not ours', async () => {
    expect(await endProcess(pid, () => processNames(pid, '/data/other'), [{ signal: 'SIGKILL', waitMs: 100 }])).toBe(
      true,
    );
    expect(await processNames(pid, '/data/one two')).toBe(true);
  });

  it('goes on to the harsher step when the gentle one is ignored', async () => {
    const isOurs = () => processNames(pid, '/data/one two');
    expect(await endProcess(pid, isOurs, [{ signal: 'SIGTERM', waitMs: 50 }])).toBe(false);
    const steps = [
      { signal: 'SIGTERM', waitMs: 50 },
      { signal: 'SIGKILL', waitMs: 2_000 },
    ] as const;
    expect(await endProcess(pid, isOurs, steps)).toBe(true);
  });
});
