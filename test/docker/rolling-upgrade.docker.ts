import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { docker } from './engine.js';
import { createFleet, goesOn, inTheMiddle } from './fleet.js';
import type { Installation } from './installation.js';

let installation: Installation;
beforeAll(async () => {
  installation = await createFleet();
});
afterAll(() => installation?.close());

const imageOf = (container: string) => docker('inspect', container, '--format', '{{.Config.Image}}');

/** Which images the running workers have, sorted. */
async function imagesOfWorkers(): Promise<string[]> {
  return (await Promise.all((await installation.containers('worker')).map(imageOf))).sort();
}

const healthy = (container: string) =>
  eventually(
    `${container} to be ready`,
    async () => (await docker('inspect', container, '--format', '{{.State.Health.Status}}')) === 'healthy',
  );

it('workers are replaced one by one while a sync runs, over a migration that adds, and nothing is lost or written twice', async () => {
  const { present, next } = inject('images');
  const { jobId } = await inTheMiddle(installation, 2_000);
  const old = await installation.containers('worker');

  installation.set('IMAGE', next);
  expect(await installation.compose('run', '--rm', '--no-deps', 'migrate')).toContain('9000_expansion');
  // One that dies between the migration and its replacement is started again by the engine.
  const [restarted = ''] = old;
  await docker('restart', restarted);
  await healthy(restarted);

  for (const [i, container] of old.entries()) {
    const oneMore = ['--detach', '--no-deps', '--no-recreate', '--wait', '--scale', 'worker=5', 'worker'];
    await installation.compose('up', ...oneMore);
    const together = [...Array.from({ length: i + 1 }, () => next), ...Array.from({ length: 4 - i }, () => present)];
    expect(await imagesOfWorkers()).toEqual(together.sort());
    await docker('stop', container);
    expect(await docker('inspect', container, '--format', '{{.State.ExitCode}}')).toBe('0');
    await docker('rm', container);
  }
  await installation.compose('up', '--detach', '--no-deps', '--wait', 'api');
  expect(await imagesOfWorkers()).toEqual([next, next, next, next]);

  const [status] = await installation.sql(`select status from sync_jobs where id = '${jobId}'`);
  expect(status, 'it lasted longer than the upgrade, or nothing was shown').toBe('running');
  await goesOn(installation, jobId);
  // The new workers alone, on the new schema.
  const { jobId: another } = await inTheMiddle(installation);
  await goesOn(installation, another);
});

it('what is old goes when nobody uses it any more, while the next version runs', async () => {
  const { jobId } = await inTheMiddle(installation);
  installation.set('IMAGE', inject('images').last);
  expect(await installation.compose('run', '--rm', '--no-deps', 'migrate')).toContain('9001_contraction');
  await goesOn(installation, jobId);
  await installation.compose('--profile', 'demo', 'up', '--detach');
  await eventually('all workers to be of the last version', async () =>
    (await imagesOfWorkers()).every((image) => image === inject('images').last),
  );
});

it('a version that is too old for that ends with an exit code of its own, and does those that run no harm', async () => {
  installation.set('IMAGE', inject('images').present);
  for (const service of ['migrate', 'api', 'worker']) {
    const { code, stdout, stderr } = await installation.tryCompose('run', '--rm', '--no-deps', service);
    expect({ code, said: stdout + stderr }, service).toEqual({
      code: 4,
      said: expect.stringContaining('newer than this release'),
    });
  }
  const { last } = inject('images');
  expect(await imagesOfWorkers()).toEqual([last, last, last, last]);
  const { jobId } = await inTheMiddle(installation);
  await goesOn(installation, jobId);
});
