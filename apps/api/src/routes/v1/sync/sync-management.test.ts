import { randomUUID } from 'node:crypto';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addPastSync } from '../../../../testing/past-sync.js';
import { type RunningApi, runningApi } from '../../../../testing/running-api.js';
import { failureSchema } from '../../../problems/failure.js';

const clinic = {
  CLINIKO_API_KEY: 'S3CRET-of-a-clinic-au4',
  CLINIKO_CONTACT_EMAIL: 'it@clinic.example',
  CLINIKO_BASE_URL: 'http://127.0.0.1:1/v1/',
  SYNCLINE_EGRESS_ALLOW: '127.0.0.1:1',
  ENABLE_SYNC_SCHEDULER: 'true',
};

let bed: TestBed;
let api: RunningApi;
let connection: { id: string; organization_id: string };
let org: string;

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, clinic);
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  org = connection.organization_id;
  await sql`update organizations set external_id = 'org_2xwHiNrj68eaRUlX10anlXGvzX7' where id = ${org}`.execute(bed.db);
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});
afterEach(async () => {
  await sql`delete from sync_jobs`.execute(bed.db);
});

const base = '/api/v1';
const post = (path: string, body?: object) => api.send('POST', `${base}${path}`, body);
const get = (path: string) => api.get(`${base}${path}`);
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
const failure = (body: unknown) => failureSchema.strict().parse(body);
const jobOf = (syncId: string) =>
  bed.db.selectFrom('sync_jobs').selectAll().where('id', '=', syncId).executeTakeFirstOrThrow();
const entitiesOf = async (syncId: string) => {
  const of = bed.db.selectFrom('sync_progress').where('sync_job_id', '=', syncId);
  return (await of.select(['entity', 'mode']).orderBy('position').execute()).map(({ entity }) => entity);
};

describe('a start', () => {
  it('of what changed answers as the guide does, with the sync to follow', async () => {
    const { status, body } = await post('/sync/trigger');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ message: 'Sync started successfully', sync_started: true, organization_id: org, timestamp: instant },
      ...{ sync_id: id, sync_ids: [body.sync_id], skipped: [] },
    });
    expect(await jobOf(body.sync_id)).toMatchObject({ mode: 'incremental', sync_type: 'incremental' });
    expect((await get(`/sync/progress/${body.sync_id}`)).body).toEqual({
      ...{ sync_id: body.sync_id, organization_id: org, status: 'starting', progress_percentage: 0 },
      ...{ current_step: 'Waiting to start', total_steps: 7, completed_steps: 0, started_at: instant },
      ...{ estimated_completion: null, records_processed: 0, records_total: null },
      ...{ current_operation: 'Waiting in its queue', errors: [] },
    });
  });

  it.each([
    ['?sync_mode=comprehensive', 'comprehensive', 'full', 7],
    ['', 'active', 'backfill', undefined],
    ['?sync_mode=patients-only', 'patients-only', 'incremental', undefined],
  ])('with progress tracking%s is in mode %s', async (query, mode, read, entities) => {
    const { body } = await post(`/sync/start/${org}${query}`);
    expect(body).toMatchObject({
      ...{ message: `Sync started successfully in ${mode} mode`, sync_id: id, sync_mode: mode },
      ...{ organization_id: org, started_at: instant },
    });
    expect(await jobOf(body.sync_id)).toMatchObject({ mode: read, sync_type: mode });
    if (entities !== undefined) expect(await entitiesOf(body.sync_id)).toHaveLength(entities);
    expect(await entitiesOf(body.sync_id)).toContain('patients');
  });

  it('of Cliniko names the organization as it was named, and reads everything unless told otherwise', async () => {
    const external = 'org_2xwHiNrj68eaRUlX10anlXGvzX7';
    const { status, body } = await post(`/cliniko/sync/${external}`);
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ success: true, message: 'Comprehensive Cliniko sync started successfully', sync_mode: 'comprehensive' },
        ...{ organization_id: external, timestamp: instant, sync_id: id },
      },
    ]);
    expect(await jobOf(body.sync_id)).toMatchObject({ mode: 'full', organization_id: org });
  });

  it('of an import is a full reading of patients alone, followed like any sync', async () => {
    const { body } = await post(`/cliniko/import-patients/${org}`);
    expect(body).toMatchObject({ success: true, message: 'Patient import started successfully', import_id: id });
    expect(await entitiesOf(body.import_id)).toEqual(['patients']);
    expect((await get(`/sync/progress/${body.import_id}`)).body).toMatchObject({ status: 'starting', total_steps: 1 });
  });

  it('by the scheduler does what it would do next, and leaves its schedules alone', async () => {
    const schedules = () => bed.db.selectFrom('sync_schedules').select(['id', 'next_due_at']).orderBy('id').execute();
    const before = await schedules();
    await sql`update sync_schedules set next_due_at = now() + interval '1 minute' where name = 'full'`.execute(bed.db);
    const { body } = await post('/sync/scheduler/trigger');
    expect(body).toMatchObject({ message: 'Scheduled sync triggered successfully', sync_started: true, sync_id: id });
    expect(await jobOf(body.sync_id)).toMatchObject({ mode: 'full', trigger: 'manual' });
    expect((await schedules()).map((one) => one.id)).toEqual(before.map((one) => one.id));
    expect(await bed.db.selectFrom('sync_schedule_runs').select('outcome').execute()).toEqual([]);
  });

  it('while another runs is refused, with the one to follow; two at once make one', async () => {
    const both = await Promise.all([post('/sync/trigger'), post(`/cliniko/sync/${org}`)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = failure(both.find(({ status }) => status === 409)?.body);
    expect(refused).toMatchObject({
      error: 'A sync of this connection is already queued or running',
      details: { error_type: 'sync_already_running', error_code: 'SYNC_ALREADY_RUNNING', retry_after: null },
    });
    const running = both.find(({ status }) => status === 200)?.body.sync_id;
    expect(refused.details.sync_id).toBe(running);
    expect((await get(`/sync/progress/${refused.details.sync_id}`)).status).toBe(200);
  });

  it.each(['application/json', 'application/json; charset=utf-8'])(
    'takes an empty body of %s for none',
    async (type) => {
      for (const path of ['/sync/trigger', `/cliniko/sync/${org}`, '/sync/cleanup']) {
        const headers = { authorization: `Bearer ${bed.adminKey}`, 'content-type': type };
        const response = await fetch(`${api.url}${base}${path}`, { method: 'POST', headers });
        expect([path, [200, 409].includes(response.status)]).toEqual([path, true]);
      }
      const headers = { authorization: `Bearer ${bed.adminKey}`, 'content-type': type };
      const broken = await fetch(`${api.url}${base}/sync/trigger`, { method: 'POST', headers, body: '{"mode"' });
      expect([broken.status, failure(await broken.json()).details.error_type]).toEqual([400, 'invalid_request']);
    },
  );

  it('of several connections starts what can be started, and says why the others are not', async () => {
    const second = await bed.db
      .insertInto('connections')
      .values({ organization_id: org, connector: 'cliniko', name: 'second', settings: '{}', status: 'needs_reauth' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { body } = await post('/sync/trigger');
    expect(body.sync_ids).toEqual([body.sync_id]);
    expect(body.skipped).toMatchObject([
      { connection_id: second.id, error_type: 'sync_not_allowed', error_code: 'CONNECTION_NOT_READY' },
    ]);
    const again = await post('/sync/trigger');
    expect([again.status, again.body.details.sync_id]).toEqual([409, body.sync_id]);
    const alone = await post('/sync/trigger', { connection_id: second.id });
    expect([alone.status, alone.body.details.error_code]).toEqual([409, 'CONNECTION_NOT_READY']);
    expect((await get(`/cliniko/status/${org}`)).body.details.error_code).toBe('CONNECTION_AMBIGUOUS');
    expect((await get(`/cliniko/status/${org}?connection_id=${second.id}`)).body.sync_status).toBe('needs_reauth');
    await bed.db.deleteFrom('connections').where('id', '=', second.id).execute();
  });
});

describe('what is wrong', () => {
  it.each([
    ['POST', '/sync/start/{org}?sync_mode=everything', 400, 'invalid_request', 'sync_mode'],
    ['POST', '/cliniko/sync/{org}?mode=all', 400, 'invalid_request', 'mode'],
    ['GET', '/sync/history/{org}?limit=0', 400, 'invalid_request', 'limit'],
    ['GET', '/sync/history/org_unknown', 404, 'not_found', undefined],
    ['POST', '/cliniko/sync/org_unknown', 404, 'not_found', undefined],
    ['GET', `/sync/progress/${randomUUID()}`, 404, 'not_found', undefined],
    ['GET', '/sync/progress/sync_org_123_20250630_120000', 404, 'not_found', undefined],
  ])('%s %s: %i %s', async (method, path, status, type, field) => {
    const answer = await api.send(method, `${base}${path.replace('{org}', org)}`);
    const { details } = failure(answer.body);
    expect([answer.status, details.error_type, details.errors?.[0]?.field]).toEqual([status, type, field]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('is said in the same shape by the door, and in its own where the path is nobody’s', async () => {
    const response = await fetch(`${api.url}${base}/sync/trigger`, { method: 'POST' });
    expect([response.status, failure(await response.json()).details.error_type]).toEqual([
      401,
      'authentication_failed',
    ]);
    expect((await get('/sync/nothing')).body.code).toBe('NOT_FOUND');
  });

  it('is that there are no credentials, where no connection is', async () => {
    const empty = await bed.db
      .insertInto('organizations')
      .values({ slug: `empty-${randomUUID()}`, name: 'Empty', stopped_at: null, stopped_by: null, external_id: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (const path of [
      `/cliniko/sync/${empty.id}`,
      `/cliniko/import-patients/${empty.id}`,
      `/sync/start/${empty.id}`,
    ]) {
      const { status, body } = await post(path);
      expect([status, failure(body).details.error_type]).toEqual([404, 'credentials_not_found']);
    }
    const { status, body } = await get(`/cliniko/test-connection/${empty.id}`);
    expect([status, failure(body).details.error_type]).toEqual([404, 'credentials_not_found']);
    expect((await get(`/cliniko/status/${empty.id}`)).body).toMatchObject({
      ...{ cliniko_connected: false, sync_status: 'not_connected', total_patients: 0, last_sync: null },
    });
  });

  it('is that all syncs are stopped', async () => {
    await api.send('POST', '/api/sync/stop');
    const { status, body } = await post('/sync/trigger');
    expect([status, failure(body).details.error_type]).toEqual([409, 'sync_not_allowed']);
    expect((await get('/sync/scheduler/status')).body).toMatchObject({ scheduler_active: false });
    expect((await get(`/cliniko/status/${org}`)).body).toMatchObject({ sync_status: 'stopped', sync_enabled: false });
    await api.send('POST', '/api/sync/restart');
  });
});

describe('the history', () => {
  it('is counted whole, and the last syncs are listed', async () => {
    await addPastSync(bed.db, connection, { status: 'succeeded', minutesAgo: 180, tookSeconds: 100, read: 651 });
    await addPastSync(bed.db, connection, {
      status: 'partial',
      minutesAgo: 120,
      tookSeconds: 200,
      read: 10,
      failed: 1,
    });
    const broken = await addPastSync(bed.db, connection, { status: 'partial', minutesAgo: 60, tookSeconds: 300 });
    await sql`update sync_progress set status = 'failed', error_code = 'UPSTREAM_TIMEOUT', error_message = 'slow'
      where sync_job_id = ${broken}`.execute(bed.db);
    await addPastSync(bed.db, connection, { status: 'cancelled', minutesAgo: 30, tookSeconds: 5 });
    const { body } = await get(`/sync/history/${org}?limit=3`);
    expect(body).toMatchObject({
      ...{ organization_id: org, total_syncs: 4, successful_syncs: 2, failed_syncs: 1 },
      ...{ last_sync_at: instant, average_sync_duration_seconds: 200 },
    });
    const [cancelled, failed, completed] = body.recent_syncs;
    expect(body.recent_syncs).toHaveLength(3);
    expect(body.last_sync_at).toBe(cancelled.started_at);
    expect(body.last_successful_sync_at).toBe(completed.started_at);
    expect(cancelled.status).toBe('cancelled');
    expect(failed).toMatchObject({
      status: 'failed',
      errors: [{ error_type: 'api_connection_failed', message: 'slow' }],
    });
    expect(completed).toMatchObject({
      ...{ status: 'completed', records_processed: 10, records_success: 9, records_failed: 1 },
      ...{ started_at: instant, completed_at: instant },
      metadata: { sync_type: 'contacts', contacts_processed: 10, patients_processed: 0, appointments_processed: 0 },
    });
    expect((await get(`/cliniko/status/${org}`)).body).toMatchObject({ sync_status: 'failing', last_sync: instant });
  });

  it('of nothing is empty', async () => {
    expect((await get(`/sync/history/${org}`)).body).toEqual({
      ...{ organization_id: org, total_syncs: 0, successful_syncs: 0, failed_syncs: 0, last_sync_at: null },
      ...{ last_successful_sync_at: null, average_sync_duration_seconds: null, recent_syncs: [] },
    });
    expect((await get('/sync/scheduler/status')).body).toEqual({
      ...{ organization_id: org, sync_running: false, last_sync_time: null, scheduler_active: true },
      ...{ next_sync_time: instant, message: 'Scheduler status retrieved successfully' },
    });
  });
});

describe('the account at Cliniko', () => {
  it('is told by what is in Postgres', async () => {
    await sql`insert into patients (organization_id, connection_id, cliniko_patient_id, cliniko_data, deleted_at) select ${org},
      ${connection.id}, n::text, '{}', case when n = 3 then now() end from generate_series(1, 3) n`.execute(bed.db);
    await addPastSync(bed.db, connection, { status: 'succeeded', minutesAgo: 5 });
    expect((await get(`/cliniko/status/${org}`)).body).toEqual({
      ...{ organization_id: org, cliniko_connected: true, connection_id: connection.id, api_region: 'au4' },
      ...{ last_sync: instant, total_patients: 2, sync_enabled: true, credentials_valid: true, sync_status: 'healthy' },
    });
  });

  it('is tested, and one that does not answer is an answer', async () => {
    const { status, body } = await get(`/cliniko/test-connection/${org}`);
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ success: false, connection_status: 'unhealthy', api_region: 'au4', test_timestamp: instant },
        ...{ response_time_ms: expect.any(Number), details: { error_type: 'api_connection_failed' } },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('S3CRET');
  });
});

describe('a cleanup', () => {
  const stale = async (owner: typeof connection) => {
    const jobId = await addPastSync(bed.db, owner, { status: 'running', minutesAgo: 600, tookSeconds: null });
    // All of it has been read, and whoever was to conclude it is gone.
    await sql`update sync_progress set status = 'succeeded', heartbeat_at = now() - interval '9 hours'
      where sync_job_id = ${jobId}`.execute(bed.db);
    return jobId;
  };

  it('settles what nobody carries, of the own organization only, and leaves what lives alone', async () => {
    const [other] = await sql<{ id: string; organization_id: string }>`
      with o as (insert into organizations (slug, name) values (${`other-${randomUUID()}`}, 'Other') returning id)
      insert into connections (organization_id, connector, name, settings)
      select id, 'cliniko', 'theirs', '{}' from o returning id, organization_id`
      .execute(bed.db)
      .then(({ rows }) => rows);
    if (other === undefined) throw new Error('no other organization');
    const [mine, theirs] = [await stale(connection), await stale(other)];
    const { status, body } = await post('/sync/cleanup');
    expect([status, body]).toEqual([
      200,
      { message: 'Cleaned up 1 stale sync', cleaned_syncs: 1, resumed_syncs: 0, timestamp: instant },
    ]);
    expect([(await jobOf(mine)).status, (await jobOf(theirs)).status]).toEqual(['succeeded', 'running']);
    expect((await post('/sync/cleanup')).body.message).toBe('Cleaned up 0 stale syncs');
    const entry = bed.db.selectFrom('audit_log').select(['organization_id', 'details']).orderBy('id', 'desc');
    expect(await entry.where('action', '=', 'syncs.cleanup').limit(2).execute()).toEqual([
      { organization_id: org, details: { ended: 0, resumed: 0 } },
      { organization_id: org, details: { ended: 1, resumed: 0 } },
    ]);
  });

  it('leaves a sync that shows signs of life alone, and one that waits in its queue', async () => {
    const { sync_id } = (await post('/sync/trigger')).body;
    await sql`update sync_jobs set created_at = now() - interval '1 day' where id = ${sync_id}`.execute(bed.db);
    expect((await post('/sync/cleanup')).body).toMatchObject({ cleaned_syncs: 0, resumed_syncs: 0 });
    await sql`update sync_progress set status = 'running', heartbeat_at = now() - interval '2 seconds'
      where sync_job_id = ${sync_id} and position = 0`.execute(bed.db);
    await sql`update sync_jobs set status = 'running' where id = ${sync_id}`.execute(bed.db);
    expect((await post('/sync/cleanup')).body).toMatchObject({ cleaned_syncs: 0, resumed_syncs: 0 });
    expect((await jobOf(sync_id)).status).toBe('running');
  });
});
