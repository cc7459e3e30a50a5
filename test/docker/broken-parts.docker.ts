import { eventually } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker } from './engine.js';
import { claimants, containerOf, createFleet, goesOn, haltedInTheMiddle } from './fleet.js';
import type { Installation } from './installation.js';

let installation: Installation;
beforeAll(async () => {
  installation = await createFleet();
});
afterAll(() => installation?.close());

describe('four workers', () => {
  it('share the work', async () => {
    expect(await installation.containers('worker')).toHaveLength(4);
    const sharing = (await claimants(installation)).size;
    process.stdout.write(`${sharing} of four workers have had entity runs\n`);
    expect(sharing).toBeGreaterThan(1);
  });

  it('go on without one that is killed in the middle of a run', async () => {
    const { jobId, run } = await haltedInTheMiddle(installation);
    const victim = await containerOf(installation, run.worker);
    await docker('kill', '--signal', 'KILL', victim);
    await goesOn(installation, jobId);
    const [line] = await installation.sql(
      `select worker, epoch from sync_progress where sync_job_id = '${jobId}' and entity = '${run.entity}'`,
    );
    expect(line, 'another worker went on').not.toContain(run.worker);
    await docker('start', victim);
  });

  it('go on without one that is cut off the network, and what it wants to write when it is back is refused', async () => {
    const { jobId, run } = await haltedInTheMiddle(installation);
    const lonely = await containerOf(installation, run.worker);
    const network = `${installation.name}_inside`;
    await docker('network', 'disconnect', network, lonely);
    const another = await eventually('another worker to go on', async () => {
      const [line] = await installation.sql(`select worker, epoch from sync_progress
        where sync_job_id = '${jobId}' and entity = '${run.entity}' and epoch > ${run.epoch}`);
      return line?.startsWith(run.worker) ? undefined : line;
    });
    expect(Number(another.split('|')[1])).toBeGreaterThan(run.epoch);
    // It shall not learn from Redis that its job was given away, and drop what it has: Postgres has to refuse it.
    const [redis = ''] = await installation.containers('redis');
    await docker('pause', redis);
    await docker('network', 'connect', network, lonely);
    await eventually('the zombie to find itself fenced out', async () =>
      (await installation.logOf(lonely)).some(({ code, entity }) => code === 'FENCED_OUT' && entity === run.entity),
    );
    await docker('unpause', redis);
    await goesOn(installation, jobId);
    await eventually('it to be a worker like any other again', async () => {
      const { stdout } = await installation.tryCompose('ps', '--format', '{{.ID}} {{.Health}}', 'worker');
      return stdout.split('\n').filter((line) => line.endsWith(' healthy')).length === 4;
    });
  });

  it('go on when Redis is killed', async () => {
    const { jobId } = await haltedInTheMiddle(installation);
    const [redis = ''] = await installation.containers('redis');
    await docker('kill', '--signal', 'KILL', redis);
    // Killed by hand, it stays away until somebody starts it.
    await docker('start', redis);
    await goesOn(installation, jobId);
  });

  it('go on when Postgres is restarted', async () => {
    const { jobId } = await haltedInTheMiddle(installation);
    await installation.compose('restart', 'postgres');
    await goesOn(installation, jobId);
  });
});
