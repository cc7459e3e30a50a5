import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstSyncsDone } from './demo.js';
import { docker } from './engine.js';
import { createInstallation, type Installation } from './installation.js';
import { expectWhole } from './simulated-firm.js';

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation({ DEMO_CONTACTS: '500' });
});
afterAll(() => installation?.close());

const counts = async () =>
  (await installation.sql(`select relname, n from (
      select c.relname, (xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || c.oid::regclass, false, true, '')))[1]::text as n
      from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace) t
    where relname in ('accounts', 'contacts', 'exchanges', 'tasks', 'notes', 'patients', 'appointments', 'connections')
    order by 1`)) as readonly string[];

describe('an installation', () => {
  it('goes from nothing to finished first syncs of four vendors by one command', async () => {
    const started = Date.now();
    await installation.compose('--profile', 'demo', 'up', '--detach');
    const up = Date.now() - started;
    // Nobody waited for anything: the command comes back when the API is ready.
    expect((await fetch(`${installation.url}/readyz`)).status).toBe(200);
    await firstSyncsDone(installation);
    const synced = Date.now() - started;
    const total = await expectWhole(installation);
    process.stdout.write(
      `Up after ${(up / 1000).toFixed(1)} s, first syncs of all vendors after ${(synced / 1000).toFixed(1)} s, ${total} records of the firm alone\n`,
    );
    const jobs = await installation.sql('select distinct status from sync_jobs');
    expect(jobs).toEqual(['succeeded']);
  });

  it('answers whoever has the admin key, and nobody else', async () => {
    const { data } = await installation.ask<{ data: { connector: string }[] }>('GET', '/api/v1/connections');
    expect(data.map(({ connector }) => connector).sort()).toEqual([
      'cliniko',
      'irelandpay',
      'notion',
      'practicepanther',
    ]);
    expect((await fetch(`${installation.url}/api/v1/connections`)).status).toBe(401);
    for (const page of ['/docs', '/docs/static/swagger-ui.css']) {
      const response = await fetch(`${installation.url}${page}`, {
        headers: { authorization: `Bearer ${installation.adminKey}` },
      });
      expect(response.status, page).toBe(200);
    }
  });

  it('tells by the commands of its image how it is, also while Redis is away', async () => {
    const run = (service: string, ...command: string[]) =>
      installation.tryCompose('exec', '--no-TTY', service, 'syncline', ...command);
    const programs = ['api', 'worker'];
    const ready = async () => {
      const probes = await Promise.all(programs.map((service) => run(service, 'probe', '/readyz')));
      return probes.map(({ code }) => code).join();
    };
    expect(await run('api', 'doctor')).toMatchObject({ code: 0, stdout: expect.stringContaining('0 problems') });
    await installation.compose('stop', 'redis');
    // What compose's health checks ask; three of them, 15 seconds apart, make a container unhealthy.
    await eventually('API and worker not to be ready', async () => (await ready()) === '1,1');
    expect(await run('api', 'doctor')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('PROBLEM redis.reachable'),
    });
    await installation.compose('start', 'redis');
    await eventually('them to be ready again', async () => (await ready()) === '0,0');
  });

  it('stops by itself within its grace, and is as it was after down and up', async () => {
    const before = await counts();
    expect(before.length).toBe(8);
    const programs = [...(await installation.containers('api')), ...(await installation.containers('worker'))];
    await installation.compose('--profile', 'demo', 'stop');
    for (const program of programs) {
      expect(await docker('inspect', program, '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}')).toBe('0 false');
    }
    await installation.compose('--profile', 'demo', 'down');
    await installation.compose('--profile', 'demo', 'up', '--detach');
    await firstSyncsDone(installation);
    expect(await counts(), 'nothing is lost, nothing is there twice').toEqual(before);
    await expectWhole(installation);
  });
});
