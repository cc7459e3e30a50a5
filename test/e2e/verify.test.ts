import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, type Firm } from './firm.js';
import { expectTruth } from './truth.js';

const cli = fileURLToPath(new URL('../../apps/cli/dist/bundle.js', import.meta.url));

interface Report {
  readonly id: string;
  readonly status: string;
  readonly clean: boolean | null;
  readonly findings: number;
  readonly entities: readonly { readonly entity: string; readonly pages: number }[];
}

describe('syncline verify', () => {
  let firm: Firm;
  let connection: string;
  beforeAll(async () => {
    firm = await createFirm({ contacts: 60 }, { SYNCLINE_RECONCILE_SECONDS: '1', SYNCLINE_LOCK_SECONDS: '1' });
    const { body } = await firm.request('GET', '/api/v1/connections');
    connection = (body as unknown as { data: { id: string }[] }).data[0]?.id ?? '';
  });
  afterAll(() => firm.close());

  const ended = (id: string) =>
    eventually('the verification to end', async () => {
      const report = (await firm.request('GET', `/api/v1/verifications/${id}`)).body as unknown as Report;
      return !['queued', 'running'].includes(report.status) && report;
    });
  /** As in a terminal. */
  const verify = (...args: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const env = { ...process.env, SYNCLINE_API_KEY: firm.bed.adminKey };
      const child = spawn(process.execPath, [cli, 'verify', connection, '--url', firm.api.url, ...args], { env });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
      child.on('close', (code) => resolve({ code, output }));
    });

  it('goes on after its worker was killed, beside a sync, and says what was planted; repairs it', async () => {
    const { bed, simulator } = firm;
    const doomed = await firm.startWorker();
    expect(await firm.sync('full')).toMatchObject({ status: 'succeeded' });
    expect(await verify()).toMatchObject({ code: 0, output: expect.stringContaining('Clean: what the vendor has') });

    await sql`delete from tasks where pp_task_id = (select min(pp_task_id) from tasks)`.execute(bed.db);
    await sql`update exchanges set name = 'planted'
      where pp_matter_id = (select max(pp_matter_id) from exchanges)`.execute(bed.db);
    const hold = simulator.holds.add({ match: { path: '/tasks' } });
    const { status, body } = await firm.request('POST', `/api/v1/connections/${connection}/verify`, {});
    expect(status).toBe(202);
    const { id } = body as unknown as Report;
    await simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
    expect(await firm.request('POST', `/api/v1/connections/${connection}/verify`, {})).toMatchObject({
      status: 409,
      body: { code: 'VERIFICATION_RUNNING' },
    });
    doomed.kill('SIGKILL');
    simulator.holds.release({ id: hold });
    await firm.startWorker();
    // Its contacts are nobody's before the verification: a sync does not wait for it.
    expect(await firm.sync('contacts')).toMatchObject({ status: 'succeeded' });
    const report = await ended(id);
    expect(report).toMatchObject({ status: 'done', clean: false, findings: 2 });
    // Not a page was compared twice.
    expect(report.entities.find(({ entity }) => entity === 'contacts')?.pages).toBe(1);
    const found = await firm.request('GET', `/api/v1/verifications/${id}/findings`);
    expect(found.body).toMatchObject({
      data: [
        { entity: 'matters', kind: 'different', confirmed: true },
        { entity: 'tasks', kind: 'missing', confirmed: true },
      ],
      next: null,
    });

    const repaired = await verify('--repair', '--entities', 'matters,tasks');
    expect(repaired).toMatchObject({ code: 0, output: expect.stringContaining('2 differences') });
    expect(repaired.output).toMatch(/Repair ordered[\s\S]*Clean/);
    await expectTruth(bed, simulator);
    expect(await verify('--entities', 'bills')).toMatchObject({
      code: 1,
      output: expect.stringContaining('practicepanther has no entity bills'),
    });
  }, 120_000);
});
