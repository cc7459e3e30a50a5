import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const script = `
  import { createLog } from ${JSON.stringify(new URL('../dist/create-log.js', import.meta.url).href)};
  const log = createLog('test', 'info', 'boot');
  process.once('message', () => {
    for (let line = 0; line < 2_000; line += 1) log.info({ filler: 'x'.repeat(500) }, 'nobody reads this');
    process.exit(7);
  });
  process.send('ready');
`;

test('a process whose reader is gone can still end: what it logs is lost, and that is all', async () => {
  const source = `data:text/javascript,${encodeURIComponent(script)}`;
  const child = fork(new URL('../dist/index.js', import.meta.url).pathname, [], {
    execArgv: ['--import', source],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  // Not read first, so that its buffer is full, and then gone: as when the parent is stopped, and killed.
  child.stdout?.pause();
  child.send('go');
  child.stdout?.destroy();
  const [code] = await once(child, 'exit');
  expect(code).toBe(7);
});
