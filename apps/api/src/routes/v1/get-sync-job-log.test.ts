import { randomUUID } from 'node:crypto';
import { claimRun, clearOldRows, concludeJob, endRun, noteAttempt, noteWaiting } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let jobId: string;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  await sql`delete from sync_jobs`.execute(bed.db);
  jobId = (await api.send('POST', '/api/sync/trigger', { syncType: 'users' })).body.jobId;
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
type Line = any;
const log = async (query = ''): Promise<Line> => (await api.get(`/api/v1/sync/jobs/${jobId}/log${query}`)).body;
const claim = async () => {
  const run = await claimRun(bed.db, jobId, 'users', randomUUID());
  if (run === undefined) throw new Error('nothing to claim');
  return run;
};
const commitTo = (pages: number) =>
  sql`update sync_progress set pages = ${pages}, records_read = ${pages} * 2,
  records_created = ${pages} * 2, attempts = 0, waiting_for = null where sync_job_id = ${jobId}`.execute(bed.db);

describe('the log of a job', () => {
  it('tells what happened in its order, with codes and counts and no contents', async () => {
    const first = await claim();
    await commitTo(1);
    await noteWaiting(bed.db, first, 'budget', new Date('2030-01-01T00:00:00Z'));
    await noteAttempt(bed.db, first, { code: 'UPSTREAM_TIMEOUT', message: 'what a vendor said' });
    const second = await claim();
    await commitTo(2);
    await sql`update sync_progress set all_pages_read = true where sync_job_id = ${jobId}`.execute(bed.db);
    await endRun(bed.db, second, { status: 'succeeded', complete: true });
    await concludeJob(bed.db, jobId);
    const { data, nextCursor } = await log();
    expect(nextCursor).toBeNull();
    expect(data.map(({ kind, entity, page }: Line) => [kind, entity, page])).toEqual([
      ['queued', null, null],
      ...['claimed', 'pages', 'waits', 'retry', 'claimed', 'pages', 'entity-ended'].map((kind, i) => [
        ...[kind, 'users', [0, 1, 1, 1, 1, 2, 2][i]],
      ]),
      ['ended', null, null],
    ]);
    const said = data.map(({ message }: Line) => message);
    expect(said[2]).toBe('users: 1 page is committed, 2 records read, 0 failed');
    expect(said[3]).toMatch(/^users: rests, the vendor's budget is used up, until 2030-01-01T00:00:00/);
    expect(said[4]).toContain('attempt 1 failed, UPSTREAM_TIMEOUT (');
    expect(said.at(-1)).toBe('Ended: succeeded');
    expect(data[4].detail).toMatchObject({ code: 'UPSTREAM_TIMEOUT', attempt: 1 });
    expect(JSON.stringify(data)).not.toContain('what a vendor said');
    // In pages, too.
    const { data: two, nextCursor: next } = await log('?limit=2');
    expect([...two, ...(await log(`?limit=100&cursor=${next}`)).data]).toEqual(data);
    // And from its end.
    const { data: last, nextCursor: before } = await log('?order=desc&limit=2');
    expect([...last, ...(await log(`?order=desc&limit=100&cursor=${before}`)).data]).toEqual([...data].reverse());
  });

  it('is not there where the transaction that it tells of is not', async () => {
    await claim();
    const before = (await log()).data.length;
    const broken = bed.db.transaction().execute(async (trx) => {
      await sql`update sync_progress set pages = 1 where sync_job_id = ${jobId}`.execute(trx);
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect((await log()).data).toHaveLength(before);
  });

  it('is bounded: pages are thinned, and what comes again and again is told of sixty times', async () => {
    const run = await claim();
    for (let pages = 1; pages <= 1_230; pages += 1) await commitTo(pages);
    for (let i = 0; i < 70; i += 1) {
      await noteWaiting(bed.db, run, i % 2 === 0 ? 'budget' : 'circuit', new Date());
    }
    const { rows } =
      await sql<Line>`select kind, page from sync_job_log where sync_job_id = ${jobId} order by id`.execute(bed.db);
    const pages = rows.filter(({ kind }) => kind === 'pages').map(({ page }) => page);
    expect(pages).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000,
    ]);
    expect(rows.filter(({ kind }) => kind === 'waits' || kind === 'claimed')).toHaveLength(60);
    // Several pages of one commit may pass over a number that is told of.
    await commitTo(2_345);
    const [last] = (
      await sql<Line>`select page from sync_job_log where sync_job_id = ${jobId} order by id desc limit 1`.execute(
        bed.db,
      )
    ).rows;
    expect(last.page).toBe(2_345);
  });

  it('goes with the history, and is nobody else’s', async () => {
    await api.send('POST', `/api/v1/sync/jobs/${jobId}/cancel`);
    expect((await log()).data.at(-1)).toMatchObject({ kind: 'ended', detail: { status: 'cancelled' } });
    await sql`update sync_jobs set ended_at = now() - interval '9 days' where id = ${jobId}`.execute(bed.db);
    await clearOldRows(bed.db, { days: 8, organizationId: null, atMost: 100 });
    const { rows } = await sql`select from sync_job_log where sync_job_id = ${jobId}`.execute(bed.db);
    expect(rows).toEqual([]);
    expect((await api.get(`/api/v1/sync/jobs/${jobId}/log`)).status).toBe(404);
  });
});
