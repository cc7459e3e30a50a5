import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addPastSync } from '../../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

const base = '/api/v1/failed-items';
const nobody = '00000000-0000-4000-8000-000000000000';

let bed: TestBed;
let api: RunningApi;
let mine: { organization_id: string; connection_id: string };
let theirs: typeof mine;

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  const own = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  mine = { organization_id: own.organization_id, connection_id: own.id };
  const stranger = await bed.db
    .insertInto('organizations')
    .values({ slug: 'other', name: 'Other' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const connection = await bed.db
    .insertInto('connections')
    .values({ organization_id: stranger.id, connector: 'practicepanther', name: 'theirs', settings: '{}' })
    .returning('id')
    .executeTakeFirstOrThrow();
  theirs = { organization_id: stranger.id, connection_id: connection.id };
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  await bed.db.deleteFrom('sync_failed_items').execute();
  await bed.db.deleteFrom('audit_log').execute();
});

type Values = Parameters<ReturnType<typeof bed.db.insertInto<'sync_failed_items'>>['values']>[0];

async function add(over: Partial<Values> = {}, owner = mine): Promise<string> {
  const values = {
    ...{ entity: 'tasks', kind: 'record', vendor_id: `t${Math.random()}`, error_code: 'RECORD_INVALID' },
    ...{ field: 'subject', message: 'subject: no text', payload: JSON.stringify({ id: 't1', subject: 7 }) },
    ...owner,
    ...over,
  } as const;
  const row = await bed.db
    .insertInto('sync_failed_items')
    .values(values as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}
const row = (id: string) =>
  bed.db.selectFrom('sync_failed_items').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const audit = () => bed.db.selectFrom('audit_log').selectAll().orderBy('id').execute();

describe('the list', () => {
  test('comes in pages, newest first, each item once, and tells what to do about it', async () => {
    for (let i = 0; i < 25; i += 1) await add({ vendor_id: `t${i}`, created_at: new Date(Date.UTC(2026, 0, 1, 0, i)) });
    const seen: string[] = [];
    for (const page of [1, 2, 3]) {
      const { body } = await api.get(`${base}?page=${page}&limit=10`);
      expect(body.pagination).toEqual({ page, limit: 10, total: 25, totalPages: 3 });
      seen.push(...body.data.map(({ vendorId }: { vendorId: string }) => vendorId));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `t${24 - i}`));
    const [item] = (await api.get(base)).body.data;
    expect(item).toMatchObject({
      ...{ connectionId: mine.connection_id, entity: 'tasks', kind: 'record', status: 'pending', attempts: 1 },
      ...{
        code: 'RECORD_INVALID',
        field: 'subject',
        message: 'subject: no text',
        hint: expect.stringMatching(/payload/),
      },
    });
    expect(item).not.toHaveProperty('payload');
  });

  test('can be narrowed down', async () => {
    await add({ vendor_id: 'a' });
    await add({ vendor_id: 'b', status: 'dead', error_code: 'UPSTREAM_GONE', entity: 'contacts' });
    await add({ vendor_id: 'c', status: 'resolved' });
    await add({ vendor_id: null, kind: 'job', entity: '', error_code: 'JOB_STALE', status: 'dead' });
    const found = async (query: string) =>
      (await api.get(`${base}?${query}`)).body.data.map((item: { vendorId: string }) => item.vendorId).sort();
    expect(await found('status=dead')).toEqual(['b', null]);
    expect(await found('status=open')).toEqual(['a', 'b', null]);
    expect(await found('entity=contacts')).toEqual(['b']);
    expect(await found('kind=job')).toEqual([null]);
    expect(await found('code=UPSTREAM_GONE&status=dead')).toEqual(['b']);
    expect(await found('vendorId=c')).toEqual(['c']);
    expect(await found(`connectionId=${nobody}`)).toEqual([]);
    expect((await api.get(`${base}?kind=job`)).body.data[0]).toMatchObject({ entity: null, kind: 'job' });
    const { status, body } = await api.get(`${base}?status=lost`);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});

describe('an item', () => {
  test('is shown with its payload, digit by digit', async () => {
    const id = await add();
    await sql`update sync_failed_items set payload = '{"id":"t1","n":12345678901234567890.10}'`.execute(bed.db);
    const response = await fetch(`${api.url}${base}/${id}`, { headers: { authorization: `Bearer ${bed.adminKey}` } });
    const text = await response.text();
    expect(text).toContain('"n":12345678901234567890.10');
    expect(JSON.parse(text)).toMatchObject({ id, payload: { id: 't1' }, status: 'pending' });
  });

  test('may have none', async () => {
    const id = await add({ payload: null });
    expect((await api.get(`${base}/${id}`)).body.payload).toBeNull();
  });
});

describe('a payload that is put right', () => {
  test('is kept, as the operator’s, with an answer that says what would stand in the way of it', async () => {
    const id = await add({ vendor_id: 't1' });
    const good = await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1', subject: 'Text' } });
    expect(good.status).toBe(200);
    expect(good.body).toMatchObject({
      problems: [],
      item: { id, payload: { id: 't1', subject: 'Text' }, payloadEditedAt: expect.any(String) },
    });
    const bad = await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1', subject: ['no text'] } });
    expect(bad.body.problems).toEqual([{ field: 'subject', message: expect.stringContaining('expected string') }]);
    expect((await row(id)).payload).toEqual({ id: 't1', subject: ['no text'] });
  });

  test('leaves nothing of itself in the audit log', async () => {
    const id = await add({ vendor_id: 't1' });
    await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1', subject: 'S3CRET' } });
    const entries = await audit();
    expect(entries).toMatchObject([
      {
        ...{ actor: 'admin key', action: 'item.edit', subject_kind: 'failed_item', subject_id: id },
        ...{ organization_id: mine.organization_id, details: { entity: 'tasks', vendorId: 't1' } },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('S3CRET');
  });

  test('is input like any other: SQL, HTML and odd characters are text, digits stay', async () => {
    const id = await add({ vendor_id: 't1' });
    const subject = `'); drop table tasks; -- <script>alert(1)</script> \u0000 \ud800 ${'"\\'.repeat(3)}`;
    await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1', subject } });
    const expected = subject.replace('\u0000', '\uFFFD').replace('\ud800', '\uFFFD');
    expect((await api.get(`${base}/${id}`)).body.payload.subject).toBe(expected);
    const headers = { authorization: `Bearer ${bed.adminKey}`, 'content-type': 'application/json' };
    const body = '{"payload":{"id":"t1","n":123456789012345678901,"__proto__":{"polluted":true}}}';
    const response = await fetch(`${api.url}${base}/${id}`, { method: 'PATCH', headers, body });
    expect(await response.text()).toContain('"n":123456789012345678901');
    expect({}).not.toHaveProperty('polluted');
  });

  test.each([
    ['no object', { payload: ['t1'] }, 400],
    ['nothing', {}, 400],
    ['something else beside it', { payload: { id: 't1' }, status: 'resolved' }, 400],
    ['another record', { payload: { id: 't2', subject: 'Text' } }, 400],
    ['ten megabytes', { payload: { id: 't1', subject: 'x'.repeat(10_000_000) } }, 413],
    ['a number beyond jsonb', '{"payload":{"id":"t1","n":1e400000}}', 400],
    ['a hundred thousand levels', `{"payload":{"id":"t1","n":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`, 400],
    ['no JSON', '{"payload":', 400],
  ])('is refused when it is %s', async (_what, given, status) => {
    const id = await add({ vendor_id: 't1' });
    const before = await row(id);
    const headers = { authorization: `Bearer ${bed.adminKey}`, 'content-type': 'application/json' };
    const body = typeof given === 'string' ? given : JSON.stringify(given);
    const response = await fetch(`${api.url}${base}/${id}`, { method: 'PATCH', headers, body });
    const answer = (await response.json()) as { code: string };
    expect([response.status, answer.code]).toEqual([
      ...[status, status === 413 ? 'PAYLOAD_TOO_LARGE' : 'VALIDATION_FAILED'],
    ]);
    expect(await row(id)).toEqual(before);
    expect(await audit()).toEqual([]);
  });

  test('may be as large as records are', async () => {
    const id = await add({ vendor_id: 't1' });
    const payload = { id: 't1', subject: 'x'.repeat(900_000) };
    expect((await api.send('PATCH', `${base}/${id}`, { payload })).status).toBe(200);
  });

  test('takes the record out of the hands of whoever is retrying the old one', async () => {
    const id = await add({
      vendor_id: 't1',
      status: 'retrying',
      claim: nobody,
      claimed_until: new Date(Date.now() + 60_000),
    });
    await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1', subject: 'Text' } });
    expect(await row(id)).toMatchObject({ status: 'pending', claim: null, next_attempt_at: expect.any(Date) });
  });

  test('is for records only', async () => {
    const id = await add({ kind: 'entity_run', vendor_id: null, payload: null });
    expect((await api.send('PATCH', `${base}/${id}`, { payload: { id: 'x' } })).status).toBe(400);
  });
});

describe('a retry', () => {
  test('makes an item due, with all its attempts, and queues the recovery', async () => {
    const id = await add({ status: 'dead', attempts: 5 });
    const { status, body } = await api.send('POST', `${base}/${id}/retry`);
    expect([status, body.enqueued, body.item.status, body.item.attempts]).toEqual([202, true, 'pending', 0]);
    expect((await row(id)).next_attempt_at?.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
    const { body: board } = await api.get(
      '/admin/queues/api/queues?activeQueue=sync-recovery&status=latest&page=1&jobsPerPage=10',
    );
    const queue = board.queues.find(({ name }: { name: string }) => name === 'sync-recovery');
    expect(queue.jobs.map((job: { data: { entity: string } }) => job.data.entity)).toContain('tasks');
    expect(await audit()).toMatchObject([
      { actor: 'admin key', action: 'item.retry', subject_id: id, details: { items: 1 } },
    ]);
  });

  test('leaves one alone that is being tried, and is no way back for a resolved one', async () => {
    const busy = await add({ status: 'retrying', claim: nobody, claimed_until: new Date(Date.now() + 60_000) });
    const { status, body } = await api.send('POST', `${base}/${busy}/retry`);
    expect([status, body.item.status]).toEqual([202, 'retrying']);
    expect(await audit()).toEqual([]);
    const closed = await add({ status: 'resolved' });
    const refused = await api.send('POST', `${base}/${closed}/retry`);
    expect([refused.status, refused.body.code]).toEqual([409, 'ITEM_RESOLVED']);
  });

  test('of many takes those that are named', async () => {
    const [a, b, c] = [await add({ status: 'dead' }), await add({ status: 'dead' }), await add({ status: 'dead' })];
    const foreign = await add({ status: 'dead' }, theirs);
    const ids = [a, b, foreign, nobody];
    const { status, body } = await api.send('POST', `${base}/retry`, { ids });
    expect([status, body]).toEqual([202, { retried: 2, more: false, enqueued: true }]);
    expect([(await row(a)).status, (await row(b)).status]).toEqual(['pending', 'pending']);
    expect([(await row(c)).status, (await row(foreign)).status]).toEqual(['dead', 'dead']);
  });

  test('of many takes what a filter means, but no held sweep unless it is meant', async () => {
    await add({ status: 'dead', vendor_id: 'a' });
    await add({ status: 'dead', vendor_id: 'b', entity: 'contacts' });
    const sweep = await add({ kind: 'sweep', vendor_id: null, error_code: 'SWEEP_HELD' });
    const foreign = await add({ status: 'dead' }, theirs);
    expect((await api.send('POST', `${base}/retry`, { filter: { entity: 'contacts' } })).body.retried).toBe(1);
    expect((await api.send('POST', `${base}/retry`, { filter: {} })).body.retried).toBe(2);
    expect((await row(sweep)).next_attempt_at).toBeNull();
    expect((await api.send('POST', `${base}/retry`, { filter: { kind: 'sweep' } })).body.retried).toBe(1);
    expect((await row(sweep)).next_attempt_at).not.toBeNull();
    expect((await row(foreign)).status).toBe('dead');
    expect((await audit()).map(({ details }) => details)).toMatchObject([
      { items: 1, filter: { entity: 'contacts' } },
      { items: 2 },
      { items: 1, filter: { kind: 'sweep' } },
    ]);
  });

  test.each([
    ['neither', {}],
    ['both', { ids: [nobody], filter: {} }],
    ['no ids', { ids: [] }],
    ['too many ids', { ids: Array(501).fill(nobody) }],
    ['an unknown filter', { filter: { organizationId: nobody } }],
  ])('of many has to say which: %s', async (_what, body) => {
    const { status, body: answer } = await api.send('POST', `${base}/retry`, body);
    expect([status, answer.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('is kept while Redis is away, and answered at once', async () => {
    const away = await runningApi(bed, { ...oneConnection, REDIS_URL: 'redis://127.0.0.1:1' });
    try {
      const id = await add({ status: 'dead' });
      const started = performance.now();
      const { status, body } = await away.send('POST', `${base}/${id}/retry`);
      expect([status, body.enqueued, body.item.status]).toEqual([202, false, 'pending']);
      expect(performance.now() - started).toBeLessThan(1_500);
      expect((await away.send('POST', `${base}/${id}/resolve`, { note: 'done' })).status).toBe(200);
    } finally {
      await away.stop();
    }
  });
});

describe('an item that is resolved by hand', () => {
  test('keeps why, and by whom', async () => {
    const id = await add({ status: 'dead' });
    const { status, body } = await api.send('POST', `${base}/${id}/resolve`, { note: ' deleted at the vendor ' });
    expect(status).toBe(200);
    expect(body.item).toMatchObject({
      ...{ status: 'resolved', note: 'deleted at the vendor', resolvedBy: 'admin key', resolvedAt: expect.any(String) },
    });
    expect(await audit()).toMatchObject([
      { action: 'item.resolve', subject_id: id, details: { note: 'deleted at the vendor' } },
    ]);
    const again = await api.send('POST', `${base}/${id}/resolve`, { note: 'again' });
    expect([again.status, again.body.code]).toEqual([409, 'ITEM_RESOLVED']);
    const edited = await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1' } });
    expect([edited.status, edited.body.code]).toEqual([409, 'ITEM_RESOLVED']);
  });

  test.each([{}, { note: '' }, { note: '   ' }, { note: 'x'.repeat(2_001) }])('needs a note: %j', async (body) => {
    const id = await add();
    expect((await api.send('POST', `${base}/${id}/resolve`, body)).status).toBe(400);
  });
});

describe('many items that are resolved by hand', () => {
  test('are those that are named, also while somebody tries them, and each has the note', async () => {
    const claimed = { claim: nobody, claimed_until: new Date(Date.now() + 60_000) };
    const [a, b, c] = [await add({ status: 'dead' }), await add({ status: 'retrying', ...claimed }), await add()];
    const [foreign, closed] = [await add({}, theirs), await add({ status: 'resolved', note: 'before' })];
    const ids = [a, b, foreign, closed, nobody];
    const { status, body } = await api.send('POST', `${base}/resolve`, { ids, note: ' not ours ' });
    expect([status, body]).toEqual([200, { resolved: 2, more: false }]);
    for (const id of [a, b]) {
      expect(await row(id)).toMatchObject({
        status: 'resolved',
        note: 'not ours',
        resolved_by: 'admin key',
        claim: null,
      });
    }
    expect([(await row(c)).status, (await row(foreign)).status, (await row(closed)).note]).toEqual([
      ...['pending', 'pending', 'before'],
    ]);
    expect(await audit()).toMatchObject([
      { action: 'item.resolve', subject_id: null, details: { items: 2, note: 'not ours' } },
    ]);
  });

  test('are all that a filter means, but no held sweep unless it is meant', async () => {
    await add({ entity: 'contacts' });
    const [sweep, foreign] = [
      await add({ kind: 'sweep', vendor_id: null, error_code: 'SWEEP_HELD' }),
      await add({ entity: 'contacts' }, theirs),
    ];
    const resolve = async (filter: object) =>
      (await api.send('POST', `${base}/resolve`, { filter, note: 'fine' })).body.resolved;
    expect([await resolve({ entity: 'contacts' }), await resolve({}), await resolve({ kind: 'sweep' })]).toEqual([
      1, 0, 1,
    ]);
    expect([(await row(sweep)).status, (await row(foreign)).status]).toEqual(['resolved', 'pending']);
  });

  test.each([
    ['no note', { filter: {} }],
    ['both', { ids: [nobody], filter: {}, note: 'x' }],
    ['neither', { note: 'x' }],
    ['too many ids', { ids: Array(501).fill(nobody), note: 'x' }],
  ])('need to be told, and why: %s', async (_what, body) => {
    expect((await api.send('POST', `${base}/resolve`, body)).status).toBe(400);
  });
});

describe('what happened to an item', () => {
  const history = async (id: string) => (await api.get(`${base}/${id}/history`)).body;

  test('is told in its order: attempts, edits and retries with who did them, the syncs, and the end', async () => {
    const id = await add({ vendor_id: 't1' });
    const jobId = await addPastSync(bed.db, { id: mine.connection_id, ...mine }, { status: 'partial', minutesAgo: 5 });
    const fails = (code: string, message: string) =>
      sql`update sync_failed_items set attempts = attempts + 1, error_code = ${code}, message = ${message},
        sync_job_id = ${jobId} where id = ${id}`.execute(bed.db);
    await fails('UPSTREAM_TIMEOUT', 'too slow');
    await fails('UPSTREAM_TIMEOUT', 'too slow');
    await sql`update sync_failed_items set status = 'dead' where id = ${id}`.execute(bed.db);
    await api.send('PATCH', `${base}/${id}`, { payload: { id: 't1', subject: 'S3CRET' } });
    await api.send('POST', `${base}/${id}/retry`);
    await api.send('POST', `${base}/resolve`, { ids: [id], note: 'well now' });
    const told = await history(id);
    const by = { actor: 'admin key', attempt: null, code: null, field: null, message: null, syncJobId: null };
    const failure = { kind: 'failed', actor: null, field: 'subject' };
    expect(told.data.map(({ at, ...event }: { at: string }) => [typeof at, event])).toEqual(
      [
        { ...failure, attempt: 1, code: 'RECORD_INVALID', message: 'subject: no text', syncJobId: null },
        { ...failure, attempt: 2, code: 'UPSTREAM_TIMEOUT', message: 'too slow', syncJobId: jobId },
        // The same as before need not be said twice.
        { ...failure, attempt: 3, code: 'UPSTREAM_TIMEOUT', message: null, syncJobId: jobId },
        { ...by, kind: 'dead', actor: null },
        { ...by, kind: 'edited' },
        { ...by, kind: 'retried' },
        { ...by, kind: 'resolved', message: 'well now' },
      ].map((event) => ['string', event]),
    );
    expect(told.earlier).toEqual([]);
    expect(JSON.stringify(told)).not.toContain('S3CRET');
    // What is claimed and given back has not failed.
    await sql`update sync_failed_items set status = 'retrying', claim = ${nobody} where id = ${id}`.execute(bed.db);
    await sql`update sync_failed_items set status = 'pending', claim = null where id = ${id}`.execute(bed.db);
    expect((await history(id)).data).toHaveLength(7);
    // The sync goes, what happened in it stays; with the item it goes.
    await bed.db.deleteFrom('sync_jobs').where('id', '=', jobId).execute();
    expect((await history(id)).data[1]).toMatchObject({ code: 'UPSTREAM_TIMEOUT', syncJobId: null });
    await bed.db.deleteFrom('sync_failed_items').where('id', '=', id).execute();
    expect(await bed.db.selectFrom('sync_failed_item_events').select('id').where('item_id', '=', id).execute()).toEqual(
      [],
    );
  });

  test('does not grow for ever: the first and the latest hundred are kept', async () => {
    const id = await add();
    for (let i = 0; i < 130; i += 1) {
      await sql`update sync_failed_items set attempts = attempts + 1, message = ${`time ${i}`} where id = ${id}`.execute(
        bed.db,
      );
    }
    const attempts = (await history(id)).data.map(({ attempt }: { attempt: number }) => attempt);
    expect(attempts).toEqual([1, ...Array.from({ length: 100 }, (_, i) => i + 32)]);
  });

  test('includes the earlier items of the same record, and of no other', async () => {
    const closed = { status: 'resolved', resolved_by: 'sync', created_at: new Date('2026-01-01T00:00:00Z') } as const;
    const before = await add({ vendor_id: 't1', ...closed });
    await add({ vendor_id: 't2', ...closed });
    await add({ vendor_id: 't1', ...closed, entity: 'contacts' });
    await add({ vendor_id: 't1', ...closed }, theirs);
    const { earlier, data } = await history(await add({ vendor_id: 't1', status: 'dead' }));
    expect(earlier).toMatchObject([{ id: before, status: 'resolved', resolvedBy: 'sync', entity: 'tasks' }]);
    expect(earlier[0]).not.toHaveProperty('payload');
    expect(data.map(({ kind }: { kind: string }) => kind)).toEqual(['failed', 'dead']);
    await add({ vendor_id: null, ...closed });
    expect((await history(await add({ vendor_id: null }))).earlier).toEqual([]);
  });
});

test('the summary counts by connection, entity, kind, code and status, the largest group first', async () => {
  for (const vendor_id of ['a', 'b', 'c']) await add({ vendor_id, status: 'dead', attempts: 2 });
  await add({ vendor_id: 'd', next_attempt_at: new Date('2030-01-01T00:00:00Z') });
  await add({ vendor_id: 'e', status: 'resolved' });
  await add({}, theirs);
  const { body } = await api.get(`${base}/summary`);
  expect(body.totals).toEqual({ open: 4, pending: 1, retrying: 0, dead: 3, resolved: 1 });
  expect(body.groups).toHaveLength(3);
  expect(body.groups[0]).toMatchObject({
    ...{ connectionId: mine.connection_id, entity: 'tasks', kind: 'record', code: 'RECORD_INVALID' },
    ...{ status: 'dead', items: 3, attempts: 6 },
  });
  const pending = body.groups.find(({ status }: { status: string }) => status === 'pending');
  expect(pending.nextAttemptAt).toBe('2030-01-01T00:00:00.000Z');
});

test("another organization's items are as unknown as none", async () => {
  const id = await add({ status: 'dead' }, theirs);
  const before = await row(id);
  for (const unknown of [id, nobody, '1', `${id}x`]) {
    const answers = [
      await api.get(`${base}/${unknown}`),
      await api.get(`${base}/${unknown}/history`),
      await api.send('PATCH', `${base}/${unknown}`, { payload: { id: 't1' } }),
      await api.send('POST', `${base}/${unknown}/retry`),
      await api.send('POST', `${base}/${unknown}/resolve`, { note: 'x' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(5).fill([404, 'There is no failed item with this id']),
    );
  }
  expect((await api.get(base)).body.pagination.total).toBe(0);
  expect((await api.get(`${base}/summary`)).body.groups).toEqual([]);
  expect(await row(id)).toEqual(before);
  expect(await audit()).toEqual([]);
});
