import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const file = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

/** Loads what API and worker load at their start, and says which modules of prom-client that made: before, and when it is asked for. */
const program = `
import { createRequire } from 'node:module';
const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((name) => name.includes('prom-client')).length;
await import(${file('apps/api/dist/start-api.js')});
await import(${file('apps/worker/dist/start-worker.js')});
const { openMetricsDoor } = await import(${file('packages/service/dist/index.js')});
const about = { service: 'api', connectors: [] };
const off = await openMetricsDoor(undefined, about);
const before = loaded();
await openMetricsDoor('token-of-prometheus', about);
console.log(JSON.stringify({ off: off ?? null, before, after: loaded() > 10 }));
process.exit(0);
`;

it('where no token is set, API and worker do not load what metrics are made with', () => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd,
    env: { PATH: process.env['PATH'] },
  });
  expect(stdout, stderr).toBe('{"off":null,"before":0,"after":true}\n');
});
