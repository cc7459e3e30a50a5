import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEvents } from '../../../../testing/event-client.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';
import { failureSchema } from '../../../problems/failure.js';

let bed: TestBed;
let api: RunningApi;
let ours: { org: string; operator: string; viewer: string; syncId: string };
let theirs: { org: string; operator: string };

const ask = async (method: string, path: string, key: string, headers: Record<string, string> = {}) => {
  const init = { method, headers: { authorization: `Bearer ${key}`, ...headers } };
  const response = await fetch(`${api.url}/api/v1${path}`, init);
  return { status: response.status, text: await response.text() };
};
const keyOf = async (org: string, role: string) => {
  const headers = { authorization: `Bearer ${bed.adminKey}`, 'x-organization-id': org };
  const body = JSON.stringify({ name: role, role });
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
  return String(((await (await fetch(`${api.url}/api/v1/api-keys`, init)).json()) as { key: string }).key);
};

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  const [org] = await bed.db.selectFrom('organizations').select('id').execute();
  const made = await api.send('POST', '/api/v1/organizations', {
    slug: 'theirs',
    name: 'Theirs',
    externalId: 'org_2x',
  });
  const [a, b] = [org?.id ?? '', String(made.body.id)];
  const keys = await Promise.all([keyOf(a, 'operator'), keyOf(a, 'viewer'), keyOf(b, 'operator')]);
  const syncId = JSON.parse((await ask('POST', '/sync/trigger', keys[0])).text).sync_id;
  ours = { org: a, operator: keys[0], viewer: keys[1], syncId };
  theirs = { org: b, operator: keys[2] };
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

it.each([
  ['GET', '/sync/progress/{sync}'],
  ['GET', '/sync/progress/{sync}/stream'],
  ['GET', '/sync/history/{org}'],
  ['POST', '/sync/start/{org}'],
  ['POST', '/cliniko/sync/{org}'],
  ['POST', '/cliniko/import-patients/{org}'],
  ['GET', '/cliniko/status/{org}'],
  ['GET', '/cliniko/test-connection/{org}'],
])("%s %s says of another organization's what it says of what is not there", async (method, path) => {
  const at = (org: string, sync: string) => path.replace('{org}', org).replace('{sync}', sync);
  const real = await ask(method, at(ours.org, ours.syncId), theirs.operator);
  const none = await ask(method, at(crypto.randomUUID(), crypto.randomUUID()), theirs.operator);
  expect(real.status).toBe(404);
  const words = ({ text }: typeof real) => ({ ...failureSchema.parse(JSON.parse(text)), timestamp: '' });
  expect(words(real)).toEqual(words(none));
});

it("another's organization in the header is not there either", async () => {
  for (const [method, path] of [
    ['POST', '/sync/trigger'],
    ['POST', '/sync/scheduler/trigger'],
    ['GET', '/sync/scheduler/status'],
    ['POST', '/sync/cleanup'],
    ['GET', `/sync/progress/${ours.syncId}`],
  ] as const) {
    const headers = { 'x-organization-id': ours.org };
    expect([path, (await ask(method, path, theirs.operator, headers)).status]).toEqual([path, 404]);
  }
});

it('a cleanup settles nothing of others', async () => {
  await sql`update sync_progress set status = 'succeeded' where sync_job_id = ${ours.syncId}`.execute(bed.db);
  await sql`update sync_jobs set created_at = now() - interval '1 day' where id = ${ours.syncId}`.execute(bed.db);
  const before = await bed.db.selectFrom('sync_jobs').select('status').execute();
  expect(JSON.parse((await ask('POST', '/sync/cleanup', theirs.operator)).text).cleaned_syncs).toBe(0);
  expect(await bed.db.selectFrom('sync_jobs').select('status').execute()).toEqual(before);
});

it('whoever may only look starts nothing, and follows what others started', async () => {
  for (const path of ['/sync/trigger', '/sync/scheduler/trigger', '/sync/cleanup', `/cliniko/sync/${ours.org}`]) {
    const { status, text } = await ask('POST', path, ours.viewer);
    expect([status, failureSchema.parse(JSON.parse(text)).details.error_type]).toEqual([403, 'permission_denied']);
  }
  const url = `${api.url}/api/v1/sync/progress/${ours.syncId}/stream`;
  const client = await openEvents(url, { authorization: `Bearer ${ours.viewer}` });
  await eventually('an event', () => client.events().length > 0);
  client.close();
});

it('the platform key need not name the organization of a sync, as the clients of the guide do not', async () => {
  const made = await api.send('POST', '/api/v1/organizations', { slug: 'third', name: 'Third', externalId: null });
  await sql`update sync_jobs set organization_id = ${made.body.id} where id = ${ours.syncId}`.execute(bed.db);
  await sql`update sync_progress set organization_id = ${made.body.id} where sync_job_id = ${ours.syncId}`.execute(
    bed.db,
  );
  expect((await ask('GET', `/sync/progress/${ours.syncId}`, bed.adminKey)).status).toBe(200);
  expect((await ask('GET', `/sync/progress/${ours.syncId}`, ours.operator)).status).toBe(404);
});

it('two starts in the same second have ids that nobody could guess from one another', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 2; i += 1) {
    await sql`update sync_jobs set status = 'cancelled', ended_at = now()`.execute(bed.db);
    ids.push(JSON.parse((await ask('POST', '/sync/trigger', ours.operator)).text).sync_id);
  }
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
