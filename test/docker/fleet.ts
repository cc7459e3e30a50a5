import { eventually } from '@syncline/testing';
import { expect } from 'vitest';
import { firstSyncsDone } from './demo.js';
import { docker } from './engine.js';
import { createInstallation, type Installation } from './installation.js';
import { emptyTables, expectWhole, hold, noteWrites, slowDown, speedUp, writes } from './simulated-firm.js';

/** Which container the worker of that boot id runs in. */
export async function containerOf(installation: Installation, bootId: string): Promise<string> {
  for (const container of await installation.containers('worker')) {
    if ((await docker('logs', container)).includes(bootId)) return container;
  }
  throw new Error(`No running worker has the boot id ${bootId}`);
}

/** The boot ids of all workers that have claimed entity runs, by their own logs. */
export async function claimants(installation: Installation): Promise<Set<string>> {
  const logs = await Promise.all((await installation.containers('worker')).map(installation.logOf));
  return new Set(logs.flat().flatMap(({ msg, bootId }) => (msg === 'entity run claimed' ? [bootId] : [])));
}

interface RunningEntity {
  readonly worker: string;
  readonly entity: string;
  readonly epoch: number;
  readonly pages: number;
}

/** The firm's entity run that is in the middle: at least two pages are committed, and it goes on. Of any entity unless said. */
function midRun(installation: Installation, jobId: string, wanted?: string): Promise<RunningEntity> {
  const ofEntity = wanted === undefined ? '' : `and entity = '${wanted}'`;
  return eventually(
    'an entity run in its middle',
    async () => {
      const [line] = await installation.sql(`select worker, entity, epoch, pages from sync_progress
        where sync_job_id = '${jobId}' and status = 'running' and pages >= 2 and not all_pages_read
          ${ofEntity} limit 1`);
      const [worker, entity, epoch, pages] = line?.split('|') ?? [];
      return worker && entity ? { worker, entity, epoch: Number(epoch), pages: Number(pages) } : undefined;
    },
    120_000,
    200,
  );
}

async function firmId(installation: Installation): Promise<string> {
  const { data } = await installation.ask<{ data: { id: string; connector: string }[] }>('GET', '/api/v1/connections');
  const firm = data.find(({ connector }) => connector === 'practicepanther');
  if (firm === undefined) throw new Error('There is no connection to the firm');
  return firm.id;
}

/** Changes settings of the connection to the firm. */
async function setFirm(installation: Installation, settings: object): Promise<void> {
  await installation.ask('PATCH', `/api/v1/connections/${await firmId(installation)}`, { settings });
}

/** Empties the firm's tables and starts a full sync of it, as if it were the first one; its id. */
async function startOver(installation: Installation): Promise<string> {
  await emptyTables(installation);
  const answer = await installation.ask<{ sync_id: string }>('POST', '/api/v1/sync/trigger', {
    connection_id: await firmId(installation),
    mode: 'comprehensive',
  });
  return answer.sync_id;
}

/** Waits until a sync has ended, and expects that it ended well. */
async function expectSuccess(installation: Installation, jobId: string): Promise<void> {
  const status = await eventually(
    `sync ${jobId} to end`,
    async () => {
      const [line] = await installation.sql(`select status from sync_jobs where id = '${jobId}'`);
      return line !== 'queued' && line !== 'running' ? line : undefined;
    },
    240_000,
    500,
  );
  expect(status).toBe('succeeded');
}

/** An installation with four workers whose first syncs are done. Its firm has many small pages and a budget that does not end. */
export async function createFleet(): Promise<Installation> {
  const installation = await createInstallation({ WORKERS: '4', DEMO_CONTACTS: '500' });
  try {
    await installation.compose('--profile', 'demo', 'up', '--detach');
    await firstSyncsDone(installation);
    await setFirm(installation, { pageSize: 25, rateLimitRequests: 100_000 });
    await noteWrites(installation);
    return installation;
  } catch (error) {
    await installation.close();
    throw error;
  }
}

/** A full sync into empty tables, so slow that a run of it is in its middle; `goesOn` lets it run. */
export async function inTheMiddle(
  installation: Installation,
  delayMs = 400,
): Promise<{ jobId: string; run: RunningEntity }> {
  const jobId = await startOver(installation);
  await slowDown(installation, delayMs);
  return { jobId, run: await midRun(installation, jobId) };
}

/** A full sync into empty tables whose contacts stand still after two pages: whatever is broken now is broken in its middle. */
export async function haltedInTheMiddle(installation: Installation): Promise<{ jobId: string; run: RunningEntity }> {
  await hold(installation, '/api/v2/contacts', 2);
  const jobId = await startOver(installation);
  return { jobId, run: await midRun(installation, jobId, 'contacts') };
}

/** The sync goes on by itself and ends well: every record of the firm is there, and each row was written once. */
export async function goesOn(installation: Installation, jobId: string): Promise<void> {
  await speedUp(installation);
  await expectSuccess(installation, jobId);
  const total = await expectWhole(installation);
  expect(await writes(installation)).toEqual({ rows: total, repeated: 0 });
}
