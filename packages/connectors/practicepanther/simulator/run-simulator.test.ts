import { expect, onTestFinished, test, vi } from 'vitest';
import { runSimulator } from './run-simulator.js';
import type { Simulator } from './simulator.js';

/** Runs a command line; gives the simulator and what it printed. */
async function run(...argv: string[]): Promise<{ simulator: Simulator; printed: string }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const simulator = await runSimulator(['--port', '0', ...argv]);
    onTestFinished(() => simulator.close());
    return { simulator, printed: write.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    write.mockRestore();
  }
}

test('starts what the command line says and prints how to get in', async () => {
  const { simulator, printed } = await run('--contacts', '20', '--seed', '9', '--quota', '300/300', '--ignore-paging');
  expect(simulator.state()).toMatchObject({
    seed: 9,
    counts: { contacts: 20 },
    quirks: { ignorePaging: true, quota: { requests: 300, windowSeconds: 300, retryAfter: 'seconds' }, rowCap: null },
  });
  for (const text of [simulator.url, 'pp-demo-client', 'pp-demo-secret', 'pp-demo-refresh'])
    expect(printed).toContain(text);
});

test('prints one line of JSON for programs', async () => {
  const { simulator, printed } = await run('--contacts', '5', '--json', '--client-id', 'mine');
  expect(JSON.parse(printed)).toMatchObject({
    url: simulator.url,
    clientId: 'mine',
    counts: { contacts: 5 },
    pid: process.pid,
  });
});

test.each([
  ['--contacts', 'many'],
  ['--quota', '300'],
  ['--users', '0'],
  ['--expired-token-status', '403'],
  ['--nonsense', '1'],
])('refuses %s %s', async (...argv) => {
  await expect(runSimulator(['--port', '0', ...argv])).rejects.toThrow();
});

test('changes its data over time when told so', async () => {
  const { simulator } = await run('--contacts', '30', '--edits-per-minute', '60000');
  const before = simulator.store.counts();
  // Ten changes make a round that holds an addition and a deletion.
  await expect.poll(() => simulator.state().deleted.tasks + simulator.state().deleted.contacts).toBeGreaterThan(0);
  expect(simulator.store.counts()).not.toEqual(before);
});
