import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Simulator, startSimulator } from '@syncline/connectors/cliniko/simulator';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDashboard } from './guide-clients/dashboard.js';

const cli = fileURLToPath(new URL('../../apps/cli/dist/bundle.js', import.meta.url));
const pythonClient = fileURLToPath(new URL('guide-clients/sync_client.py', import.meta.url));
const organization = 'org_2xwHiNrj68eaRUlX10anlXGvzX7';
const patients = 230;

let bed: TestBed;
let clinic: Simulator;
let environment: Record<string, string>;
let url: string;
let key: string;
let questions = 0;

/** The browser's fetch: relative to the page, and signed in. */
const page: typeof fetch = (path, init) => {
  questions += 1;
  const headers = new Headers(init?.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${key}`);
  return fetch(`${url}${path}`, { ...init, headers });
};
const dashboard = () => openDashboard(page, key, { poll: 50, limited: 50 });

/** `syncline sync --follow`, as in another terminal. */
function follow(...args: string[]) {
  const child = spawn(process.execPath, [cli, 'sync', '--follow', ...args], {
    env: { PATH: process.env['PATH'], SYNCLINE_API_URL: url, SYNCLINE_API_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return { said: () => said, interrupt: () => child.kill('SIGINT'), ended: once(child, 'close') };
}

beforeAll(async () => {
  bed = await createTestBed();
  clinic = await startSimulator({ patients, appointments: 150, groupAppointments: 5 });
  environment = {
    CLINIKO_API_KEY: 'simulated-key-au4',
    CLINIKO_CONTACT_EMAIL: 'it@clinic.example',
    CLINIKO_BASE_URL: clinic.url,
    SYNCLINE_EGRESS_ALLOW: new URL(clinic.url).host,
  };
  ({ url } = await bed.startApi(environment));
  const asPlatform = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${bed.adminKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    return (await response.json()) as { key: string };
  };
  await asPlatform('PATCH', '/organizations/default', { externalId: organization });
  key = (await asPlatform('POST', '/api-keys', { name: 'dashboard', role: 'operator' })).key;
});
afterAll(async () => {
  await bed.close();
  await clinic.close();
});

it('a dashboard in the style of the guide starts a sync, follows it to its end and reads the history', async () => {
  const { safeTriggerSync, monitorSync, checkSyncHealth } = dashboard();
  const started = await safeTriggerSync(organization);
  expect(started).toMatchObject({ success: true, organization_id: organization, sync_mode: 'comprehensive' });

  const shown: string[] = [];
  const before = questions;
  const began = performance.now();
  const monitored = monitorSync(started.sync_id, (line) => shown.push(line));
  // Nobody is there to begin it. It asks again without a pause, and the API sees to it that this does no harm.
  await eventually('three questions', () => questions - before >= 3);
  expect((questions - before) / ((performance.now() - began) / 1_000)).toBeLessThan(10);
  expect(new Set(shown)).toEqual(new Set(['Progress: 0% - Waiting to start']));

  await bed.startWorker(environment);
  expect(await monitored).toBe('completed');
  const percentages = shown.map((line) => Number(/([\d.]+)%/.exec(line)?.[1]));
  expect(percentages).toEqual([...percentages].sort((a, b) => a - b));
  expect(shown.at(-1)).toBe('Progress: 100% - Completed');

  expect(await checkSyncHealth(organization)).toEqual([]);
  const history = (await (await page(`/api/v1/sync/history/${organization}`)).json()) as {
    recent_syncs: { records_success: number; metadata: Record<string, unknown> }[];
  };
  const [last] = history.recent_syncs;
  expect(history).toMatchObject({ total_syncs: 1, successful_syncs: 1, failed_syncs: 0 });
  expect(last?.metadata).toMatchObject({ sync_type: 'comprehensive', appointments_processed: expect.any(Number) });
  expect(last?.metadata['patients_processed']).toBeGreaterThanOrEqual(patients);
  const status = (await (await page(`/api/v1/cliniko/status/${organization}`)).json()) as { total_patients: number };
  expect(status).toMatchObject({ cliniko_connected: true, api_region: 'au4', sync_status: 'healthy' });
  const { live } = await bed.db
    .selectFrom('patients' as never)
    .select(({ fn }) => fn.countAll<number>().as('live'))
    .where('deleted_at' as never, 'is', null)
    .executeTakeFirstOrThrow();
  expect(status.total_patients).toBe(live);
  expect(await (await page(`/api/v1/cliniko/test-connection/${organization}`)).json()).toMatchObject({
    ...{ success: true, connection_status: 'healthy', api_region: 'au4' },
  });
});

it('a Python client in the style of the guide does the same', async (test) => {
  if (spawnSync('python3', ['--version']).status !== 0) test.skip('there is no python3 on this machine');
  const { stdout } = await promisify(execFile)('python3', [pythonClient, url, key, organization], { timeout: 60_000 });
  expect(JSON.parse(stdout)).toMatchObject({
    message: 'Comprehensive Cliniko sync started successfully',
    status: { organization_id: organization, sync_running: false },
    ended: { organization_id: organization, status: 'completed', progress_percentage: 100, errors: [] },
  });
});

it('the command follows a sync to its end, and leaves it alone when it is interrupted', async () => {
  const hold = clinic.holds.add({ match: { path: '/patients' } });
  const first = follow('--mode', 'comprehensive');
  await eventually('a line of progress', () => first.said().includes('Processing '));
  first.interrupt();
  expect(await first.ended).toEqual([130, null]);
  expect(first.said()).toContain('the sync goes on');
  const [, id] = /^Sync (\S+) started/m.exec(first.said()) ?? [];

  const second = follow();
  await eventually('the sync to be found', () => second.said().includes(`Sync ${id} is running already`));
  clinic.holds.release({ id: hold });
  expect([await second.ended, second.said()]).toEqual([[0, null], expect.stringContaining(`Sync ${id} completed`)]);
});

it('a dashboard whose start is refused says so once, and does not ask for ever', async () => {
  const { safeTriggerSync } = dashboard();
  const before = questions;
  await expect(safeTriggerSync('org_of_somebody_else')).rejects.toThrow('HTTP 404: Not Found');
  expect(questions - before).toBe(1);
  // A vendor that limits its requests is the sync's matter, not that of whoever starts it.
  const fault = clinic.faults.add({ action: { status: 429, headers: { 'retry-after': '60' } } });
  const { sync_id } = await safeTriggerSync(organization);
  await eventually('the vendor to refuse', () => clinic.faults.hits(fault) > 0);
  const progress = async () =>
    (await (await page(`/api/v1/sync/progress/${sync_id}`)).json()) as Record<string, unknown>;
  const waits = await eventually('the sync to wait', async () => {
    const now = await progress();
    return String(now['current_operation']).includes('slow down') && now;
  });
  expect(waits).toMatchObject({ status: 'running', errors: [] });
  await expect(safeTriggerSync(organization)).rejects.toThrow('HTTP 409: Conflict');
  // Who follows it by the command learns of its end by the exit code.
  const command = follow();
  await eventually('the sync to be shown', () => command.said().includes('slow down'));
  await page(`/api/v1/sync/jobs/${sync_id}/cancel`, { method: 'POST' });
  expect(await command.ended).toEqual([1, null]);
  expect(command.said()).toContain(`Sync ${sync_id} cancelled`);
});
