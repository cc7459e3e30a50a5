import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Clinic, openClinic } from '../../../../testing/clinic.js';
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
    const external = clinic.externalId;
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
    // The hourly one comes at a minute that hangs on the connection's random id.
    await sql`update sync_schedules set next_due_at =
      now() + case name when 'full' then interval '1 minute' else interval '1 hour' end`.execute(bed.db);
    const { body } = await post('/sync/scheduler/trigger');
    expect(body).toMatchObject({ message: 'Scheduled sync triggered successfully', sync_started: true, sync_id: id });
    expect(await jobOf(body.sync_id)).toMatchObject({ mode: 'full', trigger: 'manual' });
    expect((await schedules()).map((one) => one.id)).toEqual(before.map((one) => one.id));
    expect(await bed.db.selectFrom('sync_schedule_runs').select('outcome').execute()).toEqual([]);
  });

  it('by a schedule that names what this release does not have is refused with what it has not', async () => {
    await sql`update sync_schedules set entities = '{unicorns}'`.execute(bed.db);
    const { status, body } = await post('/sync/scheduler/trigger');
    expect([status, failure(body).details.message]).toEqual([422, expect.stringContaining('unicorns')]);
    await sql`update sync_schedules set entities = '{}'`.execute(bed.db);
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
    const { details } = (await get(`/cliniko/status/${org}`)).body;
    expect(details.error_code).toBe('CONNECTION_AMBIGUOUS');
    expect(details.message).toContain('connection_id');
    // What the other paths call it is refused here.
    expect(details.message).not.toContain('connectionId');
    expect((await get(`/cliniko/status/${org}?connection_id=${second.id}`)).body.sync_status).toBe('needs_reauth');
    await bed.db.deleteFrom('connections').where('id', '=', second.id).execute();
  });
});
