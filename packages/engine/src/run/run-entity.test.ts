import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Page, SyncError } from '@syncline/connector-kit';
import { openDatabase, readJob, readStates } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failRecords, namesIn, recoveryTurn } from '../../testing/failed-records.js';
import { emptyPage, openShop, type Shop } from '../../testing/shop.js';
import { cancelSync } from '../control/cancel-sync.js';
import { restartSyncs, stopSyncs } from '../control/emergency-stop.js';
import { recoverItems } from '../recovery/recover-items.js';
import { runEntity } from './run-entity.js';

let bed: TestBed;
let shop: Shop;
let jobId: string;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  jobId = await shop.job();
});
afterEach(() => shop.close());

const pageOf = (ids: readonly string[], next?: number): Page => ({
  ...emptyPage,
  records: ids.map((id) => ({ id, name: id })),
  next: next === undefined ? undefined : { page: next },
  vendorTime: new Date('2025-06-02T10:00:00Z'),
});
const idsIn = async () => {
  const { rows } = await sql<{ vendor_id: string }>`
    select vendor_id from customers where connection_id = ${shop.connection.id} order by 1`.execute(bed.db);
  return rows.map((row) => row.vendor_id);
};
const state = async () =>
  (await readStates(bed.db, shop.connection.organizationId, shop.connection.id)).get('customers');
const setSettings = (settings: Record<string, unknown>) =>
  bed.db
    .updateTable('connections')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', shop.connection.id)
    .execute();

/** Three pages of two records each. */
const threePages = async ({ cursor }: { cursor?: Readonly<Record<string, unknown>> | undefined }) => {
  const page = Number(cursor?.['page'] ?? 0);
  return pageOf([`c${page}a`, `c${page}b`], page < 2 ? page + 1 : undefined);
};
const all = ['c0a', 'c0b', 'c1a', 'c1b', 'c2a', 'c2b'];

describe('a turn', () => {
  it('reads every page into the table, and moves the watermark', async () => {
    shop.pages.customers = threePages;
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await idsIn()).toEqual(all);
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages: 3, records_created: 6, records_read: 6 });
    expect(await state()).toMatchObject({ watermark: new Date('2025-06-02T10:00:00Z'), lastFullRecords: 6 });
  });

  it('keeps what was committed before a failure, and goes on from there at the next try', async () => {
    let broken = true;
    const asked: unknown[] = [];
    shop.pages.customers = async (request) => {
      asked.push(request.cursor);
      if (broken && request.cursor?.['page'] === 2) throw new SyncError('UPSTREAM_TIMEOUT');
      return threePages(request);
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toMatchObject({ kind: 'rest' });
    expect(await idsIn()).toEqual(all.slice(0, 4));
    expect(await state()).toBeUndefined();
    broken = false;
    asked.length = 0;
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(asked).toEqual([{ page: 2 }]);
    expect(await idsIn()).toEqual(all);
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages: 3, records_read: 6, epoch: 2 });
  });

  it('of a run that only lacks its end asks the vendor for nothing', async () => {
    await shop.claim(jobId);
    await sql`update sync_progress set all_pages_read = true, pages = 3, upper_bound = '2025-06-01'
      where sync_job_id = ${jobId} and entity = 'customers'`.execute(bed.db);
    shop.pages.customers = async () => {
      throw new Error('not to be asked');
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded' });
    expect((await state())?.watermark).toEqual(new Date('2025-06-01T00:00:00Z'));
  });

  it('keeps bad records as failed items, and is partial', async () => {
    shop.pages.customers = async () => ({
      ...pageOf(['good']),
      records: [{ id: 'good' }, { id: 'bad', name: 7 }, null],
    });
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await idsIn()).toEqual(['good']);
    expect(await shop.run(jobId)).toMatchObject({ status: 'partial', records_read: 3, records_failed: 2 });
    expect((await state())?.watermark).toEqual(new Date('2025-06-02T10:00:00Z'));
  });

  it('for a job that is gone, or a run that has ended, does nothing', async () => {
    await shop.setRuns(jobId, 'succeeded');
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await runEntity(shop.ctx, shop.turn(shop.connection.id))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ epoch: 0 });
  });

  it('waits for what it depends on', async () => {
    const verdict = await runEntity(shop.ctx, shop.turn(jobId, { entity: 'orders' }));
    expect(verdict).toMatchObject({ kind: 'rest' });
    expect(await shop.run(jobId, 'orders')).toMatchObject({ status: 'pending', epoch: 0 });
  });
});

describe('a record that changes twice in the minute to which the vendor rounds', () => {
  const minute = '2025-06-02T10:00:00Z';
  const as = (name: string) => ({ id: 'a', name, changed: minute });
  const nameOf = async () => (await namesIn(shop))['a'];
  const endJobs = () =>
    sql`update sync_jobs set status = 'partial', ended_at = now() where connection_id = ${shop.connection.id}`;

  it('is what was fetched anew while the page that has it as it was is on its way', async () => {
    await endJobs().execute(bed.db);
    await failRecords(shop, ['a']);
    jobId = await shop.job();
    shop.ones.customers = async () => ({ json: as('fresh'), lossless: false, vendorTime: undefined });
    shop.pages.customers = async () => {
      await recoverItems(shop.ctx, recoveryTurn(shop));
      expect(await nameOf()).toBe('fresh');
      return { ...emptyPage, records: [as('as it was')] };
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ records_updated: 0, records_unchanged: 1 });
    expect(await nameOf()).toBe('fresh');
    await endJobs().execute(bed.db);
    const next = await shop.job();
    shop.pages.customers = async () => ({ ...emptyPage, records: [as('fresher')] });
    await runEntity(shop.ctx, shop.turn(next));
    expect(await nameOf()).toBe('fresher');
  });

  it('is what the later page of the run has of it, whichever pages share a transaction', async () => {
    const last = 5;
    shop.pages.customers = async ({ cursor }) => {
      const page = Number(cursor?.['page'] ?? 0);
      const next = page === last ? undefined : { page: page + 1 };
      return { ...emptyPage, records: [as(`page ${page}`)], next };
    };
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ pages: 6, records_read: 6 });
    expect(await nameOf()).toBe('page 5');
  });
});

describe('what Postgres knows of a table', () => {
  /** So many records, a thousand a page. */
  const load = (prefix: string, thousands: number) => async (request: { cursor?: Page['next'] }) => {
    const page = Number(request.cursor?.['page'] ?? 0);
    const ids = Array.from({ length: 1_000 }, (_, i) => `${prefix}${page * 1_000 + i}`);
    return pageOf(ids, page + 1 < thousands ? page + 1 : undefined);
  };
  const counted = async () => {
    const { rows } = await sql<{ count: number; isKnown: boolean | null }>`
      select analyze_count::int as count, (select ${shop.connection.id} = any(most_common_vals::text::text[])
        from pg_stats where tablename = 'customers' and attname = 'connection_id') as "isKnown"
      from pg_stat_user_tables where relname = 'customers'`.execute(bed.db);
    return rows[0];
  };

  it('is brought up to date when a run has brought many rows, and is left alone after few', async () => {
    const before = await counted();
    shop.pages.customers = load('few', 1);
    await runEntity(shop.ctx, shop.turn(jobId));
    expect((await counted())?.count).toBe(before?.count);
    await shop.close();
    const many = await openShop(bed);
    shop = many;
    many.pages.customers = load('many', 11);
    const job = await many.job();
    await runEntity(many.ctx, many.turn(job));
    expect((await many.run(job))['status']).toBe('succeeded');
    expect(await counted()).toMatchObject({ isKnown: true });
    expect((await counted())?.count).toBeGreaterThan(before?.count ?? 0);
  });

  it('stays as it is while somebody else is at the table, and the run does not wait', async () => {
    shop.pages.customers = load('held', 11);
    const before = await counted();
    await bed.db.transaction().execute(async (trx) => {
      await sql`lock table customers in share update exclusive mode`.execute(trx);
      await runEntity(shop.ctx, shop.turn(jobId));
    });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_created: 11_000 });
    expect((await counted())?.count).toBe(before?.count);
  });
});

describe('a cap on pages', () => {
  it('ends the run as partial, and the next job goes on behind it', async () => {
    await setSettings({ maxPages: 2 });
    shop.pages.customers = threePages;
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'partial', error_code: 'PAGE_CAP_REACHED', pages: 2 });
    expect(await idsIn()).toEqual(all.slice(0, 4));
    expect(await state()).toMatchObject({ watermark: null, continuation: { cursor: { page: 2 } } });
  });

  it('that is as long as the list is no cap', async () => {
    await setSettings({ maxPages: 3 });
    shop.pages.customers = threePages;
    await runEntity(shop.ctx, shop.turn(jobId));
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages: 3 });
  });
});

describe('a turn that is told to end', () => {
  it('hands the run back when the process stops; what is committed stays', async () => {
    const stopping = new AbortController();
    shop.pages.customers = async (request) => {
      stopping.abort();
      return threePages(request);
    };
    const verdict = await runEntity(shop.ctx, shop.turn(jobId, { signal: stopping.signal }));
    expect(verdict).toEqual({ kind: 'hand-back' });
    const { status, pages } = await shop.run(jobId);
    expect(status).toBe('running');
    expect((await idsIn()).length).toBe(2 * Number(pages));
  });

  it('hands the run back when it is stopped while the vendor keeps it waiting', async () => {
    const stopping = new AbortController();
    shop.pages.customers = () =>
      new Promise((_, reject) => {
        stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason));
        stopping.abort(new Error('stopping'));
      });
    expect(await runEntity(shop.ctx, shop.turn(jobId, { signal: stopping.signal }))).toEqual({ kind: 'hand-back' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', error_code: null });
  });

  /** A vendor of ten pages, and others who wait as soon as some of them were asked for. */
  const tenPages = (untilOthersWait: number) => {
    const asked: number[] = [];
    shop.pages.customers = async ({ cursor }) => {
      const page = Number(cursor?.['page'] ?? 0);
      asked.push(page);
      return pageOf([`c${page}`], page < 9 ? page + 1 : undefined);
    };
    return { asked, othersWait: async () => asked.length >= untilOthersWait };
  };

  it('lets others go first with nothing wasted: what it has asked for is committed', async () => {
    const { asked, othersWait } = tenPages(3);
    expect(await runEntity(shop.ctx, shop.turn(jobId, { othersWait }))).toEqual({ kind: 'yield' });
    expect(asked).toEqual([0, 1, 2]);
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', pages: 3, error_code: null });
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', pages: 10, records_created: 10 });
  });

  it.each([
    ['at the last page', {}, 10, { status: 'succeeded', pages: 10 }],
    ['at the cap', { maxPages: 3 }, 3, { status: 'partial', error_code: 'PAGE_CAP_REACHED', pages: 3 }],
  ])('ends the run instead, if it is told %s', async (_what, settings, untilOthersWait, run) => {
    await setSettings(settings);
    const { othersWait } = tenPages(untilOthersWait);
    expect(await runEntity(shop.ctx, shop.turn(jobId, { othersWait }))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject(run);
  });

  it('ends the run as cancelled at the next page, when its job was cancelled', async () => {
    shop.pages.customers = async (request) => {
      if (request.cursor === undefined) {
        await bed.db.updateTable('sync_jobs').set({ status: 'cancelled' }).where('id', '=', jobId).execute();
      }
      const page = Number(request.cursor?.['page'] ?? 0);
      return pageOf([`c${page}`], page + 1);
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'cancelled' });
    expect(await state()).toMatchObject({ watermark: null });
  });

  it('leaves the run where it is when everything was stopped, at the next page', async () => {
    shop.pages.customers = async (request) => {
      if (request.cursor !== undefined) await stopSyncs(shop.ctx, shop.connection.organizationId, { actor: 'test' });
      return threePages(request);
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    const { status, waiting_for, pages } = await shop.run(jobId);
    expect({ status, waiting_for }).toEqual({ status: 'running', waiting_for: 'paused' });
    expect((await idsIn()).length).toBe(2 * Number(pages));
    // A step that is still queued does nothing either, and asks the vendor for nothing.
    shop.pages.customers = () => Promise.reject(new Error('asked'));
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    await restartSyncs(shop.ctx, shop.connection.organizationId, { actor: 'test' });
    shop.pages.customers = threePages;
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await idsIn()).toEqual(all);
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded', records_read: 6, records_created: 6 });
  });

  it('notices within seconds that it was cancelled, while the vendor keeps it waiting', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const patient = await openShop(bed, undefined, [host]);
    const patientJob = await patient.job();
    await sql`update connections set settings = ${JSON.stringify({ baseUrl: `http://${host}/` })}
      where id = ${patient.connection.id}`.execute(bed.db);
    patient.pages.customers = async ({ client }) => {
      await cancelSync(patient.ctx, patient.connection.organizationId, patientJob, { actor: 'test' });
      await client.get('silence');
      throw new Error('the vendor is silent');
    };
    expect(await runEntity(patient.ctx, patient.turn(patientJob))).toEqual({ kind: 'done' });
    expect(await patient.run(patientJob)).toMatchObject({ status: 'cancelled', error_code: null });
    expect(await readJob(bed.db, patientJob)).toMatchObject({ status: 'cancelled' });
    await patient.close();
    silent.close();
  });

  it('rests when Postgres is away, whatever it was about to do', async () => {
    const away = openDatabase({
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      applicationName: 'test',
      poolSize: 1,
      onError: () => undefined,
    });
    const verdict = await runEntity({ ...shop.ctx, db: away }, shop.turn(jobId));
    expect(verdict).toMatchObject({ kind: 'rest', until: expect.any(Date) });
    expect(await shop.run(jobId)).toMatchObject({ status: 'pending', attempts: 0 });
    await away.destroy();
  });

  it('writes nothing more when another worker has taken over', async () => {
    shop.pages.customers = async (request) => {
      if (request.cursor === undefined) await shop.claim(jobId);
      return threePages(request);
    };
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await idsIn()).toEqual([]);
    expect(await shop.run(jobId)).toMatchObject({ status: 'running', epoch: 2, pages: 0 });
  });
});

describe('a failed run that somebody retries after its job has ended', () => {
  beforeEach(async () => {
    await shop.setRuns(jobId, 'failed', 'skipped', 'skipped');
    await bed.db.updateTable('sync_jobs').set({ status: 'failed' }).where('id', '=', jobId).execute();
  });

  it('takes the job up again, with a flow for what was skipped', async () => {
    shop.pages.customers = threePages;
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toEqual({ kind: 'done' });
    expect(await shop.run(jobId)).toMatchObject({ status: 'succeeded' });
    expect(await shop.run(jobId, 'orders')).toMatchObject({ status: 'pending' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'running', flowRound: 1 });
  });

  it('waits for another job of the connection', async () => {
    const other = await shop.job();
    expect(await runEntity(shop.ctx, shop.turn(jobId))).toMatchObject({ kind: 'rest' });
    expect(await readJob(bed.db, jobId)).toMatchObject({ status: 'failed' });
    expect(await readJob(bed.db, other)).toMatchObject({ status: 'queued' });
  });
});
