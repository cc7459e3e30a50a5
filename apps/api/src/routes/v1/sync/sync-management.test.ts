import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, openClinic } from '../../../../testing/clinic.js';
import { addPastSync } from '../../../../testing/past-sync.js';
import { failureSchema } from '../../../problems/failure.js';

let clinic: Clinic;
let bed: Clinic['bed'];
let api: Clinic['api'];
let org: string;
beforeAll(async () => {
  clinic = await openClinic();
  ({ bed, api } = clinic);
  org = clinic.connection.organization_id;
});
afterAll(() => clinic.close());
afterEach(async () => {
  await sql`delete from sync_jobs`.execute(bed.db);
});

const base = '/api/v1';
const post: Clinic['post'] = (...asked) => clinic.post(...asked);
const get: Clinic['get'] = (path) => clinic.get(path);
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const failure = (body: unknown) => failureSchema.strict().parse(body);
const jobOf = (syncId: string) =>
  bed.db.selectFrom('sync_jobs').selectAll().where('id', '=', syncId).executeTakeFirstOrThrow();

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

describe('the scheduler', () => {
  it.each(['paused', 'needs_reauth'])('starts nothing of a connection that is %s', async (status) => {
    await sql`update connections set status = ${status} where id = ${clinic.connection.id}`.execute(bed.db);
    const { body } = await get('/sync/scheduler/status');
    await sql`update connections set status = 'active' where id = ${clinic.connection.id}`.execute(bed.db);
    expect(body).toMatchObject({ scheduler_active: false, next_sync_time: null });
    expect((await get('/sync/scheduler/status')).body).toMatchObject({
      scheduler_active: true,
      next_sync_time: instant,
    });
  });
});

describe('the history', () => {
  it('is counted whole, and the last syncs are listed', async () => {
    await addPastSync(bed.db, clinic.connection, { status: 'succeeded', minutesAgo: 180, tookSeconds: 100, read: 651 });
    await addPastSync(bed.db, clinic.connection, {
      status: 'partial',
      minutesAgo: 120,
      tookSeconds: 200,
      read: 10,
      failed: 1,
    });
    const broken = await addPastSync(bed.db, clinic.connection, {
      status: 'partial',
      minutesAgo: 60,
      tookSeconds: 300,
    });
    await sql`update sync_progress set status = 'failed', error_code = 'UPSTREAM_TIMEOUT', error_message = 'slow'
      where sync_job_id = ${broken}`.execute(bed.db);
    await addPastSync(bed.db, clinic.connection, { status: 'cancelled', minutesAgo: 30, tookSeconds: 5 });
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
      ${clinic.connection.id}, n::text, '{}', case when n = 3 then now() end from generate_series(1, 3) n`.execute(
      bed.db,
    );
    await addPastSync(bed.db, clinic.connection, { status: 'succeeded', minutesAgo: 5 });
    expect((await get(`/cliniko/status/${org}`)).body).toEqual({
      ...{ organization_id: org, cliniko_connected: true, connection_id: clinic.connection.id, api_region: 'au4' },
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
  const stale = async (owner: Clinic['connection']) => {
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
    const [mine, theirs] = [await stale(clinic.connection), await stale(other)];
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
