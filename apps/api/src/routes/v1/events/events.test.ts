import type { Db } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EventClient, openEvents } from '../../../../testing/event-client.js';
import { addPastSync } from '../../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let [api, other]: RunningApi[] = [];
let connection: { id: string; organization_id: string };
let clients: EventClient[] = [];

beforeAll(async () => {
  bed = await createTestBed();
  [api, other] = await Promise.all([runningApi(bed, oneConnection), runningApi(bed, oneConnection)]);
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
});
afterAll(async () => {
  await Promise.all([api?.stop(), other?.stop()]);
  await bed.close();
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await sql`delete from sync_jobs`.execute(bed.db);
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
type Data = any;
const follow = async (headers: Record<string, string> = {}, one = api) => {
  if (one === undefined) throw new Error('not started');
  const authorization = `Bearer ${bed.adminKey}`;
  const client = await openEvents(`${one.url}/api/v1/events`, { authorization, ...headers });
  clients.push(client);
  return client;
};
const isJobs = ({ jobs }: Data) => jobs !== undefined;
const addItem = (db: Db) =>
  db
    .insertInto('sync_failed_items')
    .values({
      ...{ organization_id: connection.organization_id, connection_id: connection.id, entity: 'contacts' },
      ...{ kind: 'record', error_code: 'RECORD_INVALID', message: 'odd' },
    })
    .execute();
const running = (read = 0) =>
  addPastSync(bed.db, connection, { status: 'running', minutesAgo: 1, tookSeconds: null, read });

describe('the events of an organization', () => {
  it('tell how far its syncs are, at once, with every change, and how they ended', async () => {
    const id = await running(3);
    const client = await follow();
    expect([client.status, client.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const { data } = await client.until('the jobs', isJobs);
    expect(data.jobs).toEqual([
      {
        ...{ connectionName: 'environment', connector: 'practicepanther' },
        ...{ id, connectionId: connection.id, status: 'running', percent: null, entity: 'contacts', recordsRead: 3 },
        ...{ recordsFailed: 0, startedAt: expect.any(String), endedAt: null, holdup: 'no_worker' },
      },
    ]);
    await sql`update sync_progress set records_expected = 10, waiting_for = 'budget',
      waiting_until = now() + interval '1 hour' where sync_job_id = ${id}`.execute(bed.db);
    const waiting = await client.until('the wait', ({ jobs }) => jobs?.[0]?.holdup === 'budget');
    expect(waiting.data.jobs[0]).toMatchObject({ percent: 30 });
    await sql`update sync_progress set status = 'succeeded', ended_at = now() where sync_job_id = ${id}`.execute(
      bed.db,
    );
    await sql`update sync_jobs set status = 'succeeded', ended_at = now() where id = ${id}`.execute(bed.db);
    const ended = await client.until('the end', ({ jobs }) => jobs?.[0]?.status === 'succeeded');
    expect(ended.data.jobs[0]).toMatchObject({ percent: 100, holdup: null, endedAt: expect.any(String) });
    await sql`update sync_jobs set ended_at = now() - interval '2 minutes' where id = ${id}`.execute(bed.db);
    await client.until('nothing to tell', ({ jobs }) => jobs?.length === 0);
  });

  it('name what has to be read anew, each thing for itself, and nothing that was there before', async () => {
    const client = await follow();
    await client.until('the jobs', isJobs);
    const { organization_id } = connection;
    const owner = { organization_id, connection_id: connection.id };
    const changes: Record<string, () => Promise<unknown>> = {
      'failed-items': () =>
        bed.db
          .insertInto('sync_failed_items')
          .values({ ...owner, entity: 'contacts', kind: 'record', error_code: 'RECORD_INVALID', message: 'odd' })
          .execute(),
      alerts: () =>
        bed.db
          .insertInto('sync_alerts')
          .values({ ...owner, connector: 'practicepanther', kind: 'slow' })
          .execute(),
      connections: () => sql`update connections set updated_at = now() where id = ${connection.id}`.execute(bed.db),
      schedules: () => sql`update sync_schedules set updated_at = now()`.execute(bed.db),
      webhooks: () =>
        sql`insert into webhook_subscriptions (connection_id, organization_id, received)
        values (${connection.id}, ${organization_id}, 1)`.execute(bed.db),
      verifications: () =>
        bed.db
          .insertInto('verifications')
          .values({ ...owner, trigger: 'manual', triggered_by: 'test' })
          .execute(),
      stop: () => sql`update organizations set stopped_at = now() where id = ${organization_id}`.execute(bed.db),
    };
    await sql`insert into sync_schedules (organization_id, connection_id, name, interval_seconds, mode, enabled)
      values (${organization_id}, ${connection.id}, 'hourly', 3600, 'full', false)`.execute(bed.db);
    await client.until('the first one', ({ what }) => what?.includes('schedules'));
    const toldSince = (before: number) =>
      client
        .events()
        .slice(before)
        .flatMap(({ data }) => data.what ?? []);
    for (const [thing, change] of Object.entries(changes)) {
      const before = client.events().length;
      await change();
      await eventually(thing, () => toldSince(before).includes(thing));
      expect([thing, new Set(toldSince(before))]).toEqual([thing, new Set([thing])]);
    }
    // Of a verification each page, and its end.
    for (const moves of [
      sql`insert into verification_entities (verification_id, entity, organization_id, position)
        select id, 'contacts', organization_id, 0 from verifications`,
      sql`update verification_entities set pages = pages + 1`,
      sql`update verifications set status = 'done', ended_at = now()`,
    ]) {
      const before = client.events().length;
      await moves.execute(bed.db);
      await eventually('the verification', () => toldSince(before).includes('verifications'));
    }
    const before = client.events().length;
    await sql`update sync_alerts set cleared_at = now()`.execute(bed.db);
    await sql`update organizations set stopped_at = null`.execute(bed.db);
    await eventually('both', () => ['alerts', 'stop'].every((thing) => toldSince(before).includes(thing)));
  });

  it('tell of what was begun before and committed after something that was told already', async () => {
    const client = await follow();
    await client.until('the jobs', isJobs);
    const told = (what: string) => client.events().filter(({ data }) => data.what?.includes(what)).length;
    const later = {
      'failed-items': addItem,
      connections: (db: Db) => sql`update connections set updated_at = now() where id = ${connection.id}`.execute(db),
    };
    const { rows } = await sql<{ id: string }>`
      insert into connections (organization_id, connector, name, status)
      select organization_id, connector, 'another', status from connections where id = ${connection.id} returning id`.execute(
      bed.db,
    );
    const another = rows[0]?.id ?? '';
    const first = {
      'failed-items': addItem,
      connections: (db: Db) => sql`update connections set updated_at = now() where id = ${another}`.execute(db),
    };
    for (const what of ['failed-items', 'connections'] as const) {
      const slow = await bed.db.startTransaction().execute();
      await later[what](slow);
      const before = told(what);
      await first[what](bed.db);
      await eventually('the one that is committed', () => told(what) > before);
      const between = told(what);
      await slow.commit().execute();
      await eventually('the other one', () => told(what) > between);
    }
    await sql`delete from connections where id = ${another}`.execute(bed.db);
  });

  it('leave out nothing, whoever writes, and however often a client has to come back', async () => {
    let [writing, told] = [true, ''];
    const look = async () => {
      const { rows } = await sql<{ all: string }>`
        select coalesce(string_agg(id || status, ',' order by id), '') as all from sync_failed_items`.execute(bed.db);
      return rows[0]?.all ?? '';
    };
    const write = async () => {
      for (let i = 0; i < 12; i += 1) {
        const slow = await bed.db.startTransaction().execute();
        if (i % 3 === 2)
          await sql`update sync_failed_items set status = 'resolved', resolved_at = now(), updated_at = now()
            where id = (select id from sync_failed_items where status <> 'resolved' limit 1 for update skip locked)`.execute(
            slow,
          );
        else await addItem(slow);
        await new Promise((passed) => setTimeout(passed, Math.random() * 400));
        await slow.commit().execute();
      }
    };
    /** As the dashboard does it: reads anew what it is told of. It loses its connection all the time. */
    const read = async () => {
      let seen: string | undefined;
      for (let i = 0; writing || told !== (await look()); i += 1) {
        const client = await follow(seen === undefined ? {} : { 'last-event-id': seen }, i % 2 === 0 ? api : other);
        await new Promise((passed) => setTimeout(passed, 200 + Math.random() * 1_500));
        client.close();
        for (const { id, data } of client.events()) {
          if (data.what?.includes('failed-items') === true) told = await look();
          seen = id || seen;
        }
      }
    };
    const first = await follow();
    await first.until('the jobs', isJobs);
    const reading = read();
    await Promise.all([write(), write(), write()]);
    writing = false;
    await reading;
    expect(told).toBe(await look());
  });

  it('are taken up at another process: what was missed is told at once, and nothing else', async () => {
    const id = await running();
    const first = await follow();
    const seen = await first.until('the jobs', isJobs);
    first.close();
    await sql`update connections set updated_at = now() + interval '1 s' where id = ${connection.id}`.execute(bed.db);
    const second = await follow({ 'last-event-id': seen.id }, other);
    await second.until('what was missed', ({ what }) => what !== undefined);
    expect(second.events().map(({ data }) => data)).toEqual([{ what: ['connections'] }]);
    await sql`update sync_progress set records_read = 5, records_created = 5 where sync_job_id = ${id}`.execute(bed.db);
    await second.until('news', ({ jobs }) => jobs?.[0]?.recordsRead === 5);
    // An id that is not ours says nothing about what was seen.
    const third = await follow({ 'last-event-id': 'of another program' });
    const { data } = await third.until('everything', ({ what }) => what !== undefined);
    expect(data.what).toHaveLength(7);
  });

  it('cost one question a second for all who read them in a process', async () => {
    await Promise.all(Array.from({ length: 15 }, () => follow({}, other)));
    for (const client of clients) await client.until('the jobs', isJobs);
    // A table that nothing else here reads.
    const questions = async () => {
      const { rows } = await sql<{ scans: number }>`select seq_scan + coalesce(idx_scan, 0) as scans
        from pg_stat_user_tables where relname = 'webhook_subscriptions'`.execute(bed.db);
      return rows[0]?.scans ?? 0;
    };
    const [before, started] = [await questions(), performance.now()];
    const asked = await eventually('some questions', async () => {
      const now = (await questions()) - before;
      return now >= 2 && now;
    });
    // What is counted is told a second late, so some may be of the time before.
    expect(asked).toBeLessThanOrEqual((performance.now() - started) / 1_000 + 4);
  });

  it('end with the process, which is not held up by them', async () => {
    const own = await runningApi(bed, oneConnection);
    const client = await follow({}, own);
    const seen = await client.until('the jobs', isJobs);
    const started = performance.now();
    await own.stop();
    expect(performance.now() - started).toBeLessThan(5_000);
    await client.ended;
    const next = await follow({ 'last-event-id': seen.id });
    const id = await running(9);
    const news = await next.until('news', ({ jobs }) => jobs?.[0]?.recordsRead === 9);
    expect(news.data.jobs[0].id).toBe(id);
  });
});
