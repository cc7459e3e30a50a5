import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy, type TcpProxy } from '../chaos/proxy.js';
import { createFirm, type Firm } from './firm.js';

const path = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

interface Example {
  readonly command: string;
  readonly program: string;
}
const inTypeScript: Example = { command: process.execPath, program: path('follow-a-sync/dist/follow-a-sync.js') };
const inPython: Example = { command: 'python3', program: path('python/follow_a_sync.py') };

let firm: Firm;
let proxy: TcpProxy;
beforeAll(async () => {
  firm = await createFirm({ contacts: 60, accounts: 10, matters: 10, tasks: 30, pageSize: 25 });
  proxy = await startProxy(firm.api.url);
  await firm.startWorker();
});
afterAll(async () => {
  await proxy.close();
  await firm.close();
});

/** Runs an example as its README says, with a network in between. */
function run({ command, program }: Example, key = firm.bed.adminKey, ...args: string[]) {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    SYNCLINE_API_URL: proxy.url,
    SYNCLINE_API_KEY: key,
  };
  const child = spawn(command, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  }
  const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return { child, code, output: () => printed.join('') };
}

describe.each([
  ['TypeScript', inTypeScript, true],
  [python ? 'Python' : 'Python (skipped: there is no python3 of 3.9 or later here)', inPython, python],
] as const)('the example in %s', (_, example, canRun) => {
  it.skipIf(!canRun)('follows a sync to its end through a lost connection, and lists what failed', async () => {
    const { simulator } = firm;
    const [broken = ''] = simulator.store.ids('tasks').slice(10, 11);
    simulator.clock.advance(3_600);
    simulator.store.set('tasks', broken, { fields: { subject: { not: 'text' } }, touch: true });
    const hold = simulator.holds.add({ match: { path: '/tasks' } });
    const { code, output } = run(example);
    await simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(60_000));
    await eventually('progress to be shown', () => /^\d+\.\d % {2}.* \(\d+ records\)$/m.test(output()));
    expect(proxy.cut()).toBeGreaterThan(0);
    const before = proxy.accepted;
    await eventually('it to be back', () => proxy.accepted > before);
    simulator.holds.release();
    expect(await code, output()).toBe(1);
    expect(output()).toMatch(/^Started sync \S+ of practicepanther \S+\n/);
    expect(output()).toContain('100.0 %');
    expect(output()).toMatch(new RegExp(`\ntasks ${broken}: subject: .+\npartial, 1 failed items\n$`));

    simulator.clock.advance(3_600);
    simulator.store.set('tasks', broken, { fields: { subject: 'Text again' }, touch: true });
    const next = run(example);
    expect(await next.code, next.output()).toBe(0);
    expect(next.output()).toMatch(/succeeded, 0 failed items\n$/);
  });

  it.skipIf(!canRun)('says what is wrong', async () => {
    const refused = run(example, 'not-a-key');
    expect([await refused.code, refused.output()]).toEqual([2, expect.stringContaining('UNAUTHENTICATED')]);
    const nowhere = run(example, firm.bed.adminKey, 'no-such-name');
    expect([await nowhere.code, nowhere.output()]).toEqual([2, expect.stringContaining('no connection no-such-name')]);
  });
});
