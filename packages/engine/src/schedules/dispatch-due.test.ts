import { listScheduleRuns, listSchedules, liveJobIds, readJob } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clock, schedule, setDue } from '../../testing/schedule-rows.js';
import { entities, openShop, type Shop } from '../../testing/shop.js';
import { cancelSync } from '../control/cancel-sync.js';
import { restartSyncs, stopSyncs } from '../control/emergency-stop.js';
import { startSync } from '../job/start-sync.js';
import { dispatchDue, runSchedule } from './dispatch-due.js';
import { nextDue, timingOf } from './timing.js';

let bed: TestBed;
let shop: Shop;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
});
afterEach(() => shop.close());

const dispatch = () => dispatchDue(shop.ctx, shop.connection.id);

async function view(id: string) {
  const [found] = await listSchedules(bed.db, shop.connection.organizationId, { id });
  if (found === undefined) throw new Error('the schedule is gone');
  return found;
}

async function runsOf(id: string) {
  return (await listScheduleRuns(bed.db, shop.connection.organizationId, id, { limit: 100, offset: 0 })).runs;
}

/** What is worth a warning, as lines. */
function listeningLog(level = 'warn') {
  const complaints: string[] = [];
  return { complaints, log: pino({ level }, { write: (line: string) => void complaints.push(line) }) };
}

/** The connection's jobs, oldest first, with what each of them reads and how. */
async function jobs() {
  const all = await bed.db
    .selectFrom('sync_jobs')
    .select(['id', 'sync_type', 'mode', 'trigger', 'triggered_by'])
    .where('connection_id', '=', shop.connection.id)
    .orderBy('created_at')
    .execute();
  return Promise.all(
    all.map(async (job) => {
      const runs = await bed.db
        .selectFrom('sync_progress')
        .select(['entity', 'mode'])
        .where('sync_job_id', '=', job.id)
        .orderBy('position')
        .execute();
      return { ...job, runs: runs.map(({ entity, mode }) => `${entity} ${mode}`) };
    }),
  );
}

/** All entities are known complete up to a while ago, so that incremental runs are possible. */
async function knownUntil(secondsAgo: number): Promise<void> {
  for (const entity of entities) {
    await sql`insert into sync_state (connection_id, entity, organization_id, watermark)
      values (${shop.connection.id}, ${entity}, ${shop.connection.organizationId},
        now() - make_interval(secs => ${secondsAgo}))`.execute(bed.db);
  }
}

describe('a schedule that is due', () => {
  it('may order a verification, beside a sync, and skips its time while there is one', async () => {
    await knownUntil(900);
    const sync = await schedule(bed, shop.connection, { name: 'often', entities: ['orders'] });
    const check = await schedule(bed, shop.connection, { name: 'check', mode: 'verify', entities: ['payments'] });
    for (const id of [sync, check]) await setDue(bed, id, 1);
    await dispatch();
    expect(await jobs()).toMatchObject([{ triggered_by: 'often' }]);
    const [made, ...others] = await bed.db
      .selectFrom('verifications')
      .selectAll()
      .where('connection_id', '=', shop.connection.id)
      .execute();
    expect(others).toEqual([]);
    expect(made).toMatchObject({ status: 'queued', trigger: 'schedule', triggered_by: 'check' });
    expect((await view(check)).lastRun).toMatchObject({ outcome: 'started', detail: `verification ${made?.id}` });
    expect((await view(sync)).lastRun).toMatchObject({ outcome: 'started' });
    await setDue(bed, check, 1);
    await dispatch();
    expect((await view(check)).lastRun).toMatchObject({ outcome: 'skipped', code: 'VERIFICATION_RUNNING' });
  });

  it('starts a job, says so, and has its next slot in the future', async () => {
    await knownUntil(900);
    const id = await schedule(bed, shop.connection, { name: 'often', entities: ['orders'] });
    await setDue(bed, id, 1);
    const { nextDueAt: dueAt } = await view(id);
    await runSchedule(shop.ctx, id);
    const [job] = await jobs();
    expect(job).toMatchObject({
      ...{ sync_type: 'incremental', mode: 'incremental', trigger: 'schedule', triggered_by: 'often' },
      runs: ['customers incremental', 'orders incremental'],
    });
    expect(await runsOf(id)).toMatchObject([{ dueAt, outcome: 'started', syncJobId: job?.id, code: null }]);
    const after = await view(id);
    expect(after.nextDueAt?.getTime()).toBeGreaterThan(await clock(bed));
    expect(after.lastRun).toMatchObject({ dueAt, outcome: 'started' });
    // It is in the queues, too.
    expect(await readJob(bed.db, job?.id ?? '')).toMatchObject({ flowRound: 1 });
  });

  it('makes one job and one outcome, however many notice it at once', async () => {
    const id = await schedule(bed, shop.connection);
    // Those who come late find nothing to do; it is not only the primary key that stops them.
    const { log, complaints } = listeningLog();
    for (let round = 1; round <= 5; round += 1) {
      await setDue(bed, id, 1);
      await Promise.all(Array.from({ length: 20 }, () => runSchedule({ ...shop.ctx, log }, id)));
      expect(complaints).toEqual([]);
      expect(await runsOf(id)).toHaveLength(round);
      const all = await jobs();
      expect(all).toHaveLength(round);
      await cancelSync(shop.ctx, shop.connection.organizationId, all.at(-1)?.id ?? '', { actor: 'test' });
    }
    expect((await runsOf(id)).map(({ outcome }) => outcome)).toEqual(Array(5).fill('started'));
  });

  it('that is not due is left alone, and so is one that is switched off or deleted', async () => {
    const later = await schedule(bed, shop.connection);
    const off = await schedule(bed, shop.connection, { enabled: false, nextDueAt: null });
    await runSchedule(shop.ctx, later);
    await runSchedule(shop.ctx, off);
    await runSchedule(shop.ctx, shop.connection.id);
    expect(await jobs()).toEqual([]);
    expect([...(await runsOf(later)), ...(await runsOf(off))]).toEqual([]);
  });

  it('may be taken a moment before its time', async () => {
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, -4);
    const { nextDueAt: dueAt } = await view(id);
    await dispatch();
    expect(await runsOf(id)).toMatchObject([{ dueAt, outcome: 'started' }]);
    expect((await view(id)).nextDueAt?.getTime()).toBeGreaterThan(dueAt?.getTime() ?? 0);
  });

  it('is not taken long before its time', async () => {
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, -60);
    await dispatch();
    expect(await runsOf(id)).toEqual([]);
  });

  it('whose slot has its outcome already is moved on, and starts nothing', async () => {
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, 1);
    const { nextDueAt: dueAt } = await view(id);
    await dispatch();
    const [job] = await jobs();
    await cancelSync(shop.ctx, shop.connection.organizationId, job?.id ?? '', { actor: 'test' });
    await bed.db.updateTable('sync_schedules').set({ next_due_at: dueAt }).where('id', '=', id).execute();
    const { log, complaints } = listeningLog();
    await dispatchDue({ ...shop.ctx, log }, shop.connection.id);
    expect(complaints).toEqual([]);
    expect(await jobs()).toHaveLength(1);
    expect(await runsOf(id)).toHaveLength(1);
    expect((await view(id)).nextDueAt?.getTime()).toBeGreaterThan(await clock(bed));
  });
});

describe('slots that were missed', () => {
  it('are made up for once, from the watermark on, whatever their number', async () => {
    // Long enough that the next slot does not come between the two.
    const intervalSeconds = 6 * 3_600;
    await knownUntil(5 * intervalSeconds);
    const id = await schedule(bed, shop.connection, { intervalSeconds });
    await setDue(bed, id, 5 * intervalSeconds);
    await dispatch();
    await dispatch();
    const all = await jobs();
    expect(all.map(({ runs }) => runs)).toEqual([entities.map((entity) => `${entity} incremental`)]);
    expect(await runsOf(id)).toHaveLength(1);
    const bounds = await bed.db
      .selectFrom('sync_progress as p')
      .innerJoin('sync_state as s', (join) =>
        join.onRef('s.connection_id', '=', 'p.connection_id').onRef('s.entity', '=', 'p.entity'),
      )
      .select(['p.lower_bound', 's.watermark'])
      .where('p.sync_job_id', '=', all[0]?.id ?? '')
      .execute();
    // The whole gap, and the overlap of a minute that this vendor has.
    for (const { lower_bound, watermark } of bounds) {
      expect(lower_bound?.getTime()).toBe((watermark?.getTime() ?? 0) - 60_000);
    }
    expect(bounds).toHaveLength(3);
    const next = (await view(id)).nextDueAt?.getTime() ?? 0;
    expect(next).toBeGreaterThan(await clock(bed));
    expect(next).toBeLessThanOrEqual((await clock(bed)) + intervalSeconds * 1_000);
  });

  it('for longer than the vendor can be asked back are made up for in full, visibly', async () => {
    await knownUntil(8 * 86_400);
    const id = await schedule(bed, shop.connection, { entities: ['customers'] });
    await setDue(bed, id, 8 * 86_400);
    const { log, complaints: said } = listeningLog('info');
    await dispatchDue({ ...shop.ctx, log }, shop.connection.id);
    const [job] = await jobs();
    expect(job?.runs).toEqual(['customers full']);
    expect(said.filter((line) => line.includes('older than 7 days'))).toHaveLength(1);
    expect(await shop.run(job?.id ?? '')).toMatchObject({ mode_reason: expect.stringContaining('older than 7 days') });
  });
});

describe('schedules that are due together', () => {
  it('make one job of the entities of all, each in full if one wants it so', async () => {
    await knownUntil(900);
    const often = await schedule(bed, shop.connection, { name: 'often', entities: ['payments'] });
    const full = await schedule(bed, shop.connection, { name: 'orders', mode: 'full', entities: ['orders'] });
    await setDue(bed, often, 2);
    await setDue(bed, full, 1);
    await dispatch();
    const all = await jobs();
    expect(all).toMatchObject([
      {
        ...{ sync_type: 'incremental', mode: 'incremental', triggered_by: 'often, orders' },
        runs: ['customers full', 'orders full', 'payments incremental'],
      },
    ]);
    expect(await runsOf(often)).toMatchObject([{ outcome: 'started', syncJobId: all[0]?.id }]);
    expect(await runsOf(full)).toMatchObject([{ outcome: 'merged', syncJobId: all[0]?.id }]);
  });

  it('of which one is a full sync of everything are a full sync, whoever comes first', async () => {
    await knownUntil(900);
    const [often, full] = [
      await schedule(bed, shop.connection, { name: 'often', entities: ['customers'] }),
      await schedule(bed, shop.connection, { name: 'nightly', mode: 'full', cron: '0 2 * * *' }),
    ];
    for (const [a, b] of [
      [often, full],
      [full, often],
    ] as const) {
      await setDue(bed, a, 10);
      await setDue(bed, b, 5);
      await dispatch();
      const job = (await jobs()).at(-1);
      expect(job).toMatchObject({ sync_type: 'full', mode: 'full', runs: entities.map((entity) => `${entity} full`) });
      await cancelSync(shop.ctx, shop.connection.organizationId, job?.id ?? '', { actor: 'test' });
    }
  });

  it('of another connection are no part of it', async () => {
    const other = await openShop(bed);
    const [mine, theirs] = [await schedule(bed, shop.connection), await schedule(bed, other.connection)];
    await setDue(bed, mine, 1);
    await setDue(bed, theirs, 1);
    const { nextDueAt } = (await listSchedules(bed.db, other.connection.organizationId))[0] ?? {};
    await dispatch();
    expect(await listSchedules(bed.db, other.connection.organizationId)).toMatchObject([{ nextDueAt, lastRun: null }]);
    expect(await runsOf(mine)).toHaveLength(1);
    await other.close();
  });

  it('are not held up by one that names what the connector does not have', async () => {
    const strange = await schedule(bed, shop.connection, { entities: ['unicorns'] });
    const good = await schedule(bed, shop.connection, { entities: ['customers'] });
    await setDue(bed, strange, 2);
    await setDue(bed, good, 1);
    await dispatch();
    expect(await runsOf(good)).toMatchObject([{ outcome: 'started' }]);
    expect(await runsOf(strange)).toMatchObject([
      {
        outcome: 'failed',
        code: 'CONNECTION_SETTINGS_INVALID',
        detail: 'shop has no entity unicorns',
        syncJobId: null,
      },
    ]);
    expect((await view(strange)).nextDueAt?.getTime()).toBeGreaterThan(await clock(bed));
  });
});

describe('a slot is skipped, with the reason, and nothing is queued up,', () => {
  let id: string;
  beforeEach(async () => {
    id = await schedule(bed, shop.connection);
    await setDue(bed, id, 1);
  });

  async function expectSkipped(code: string, detail: string) {
    const before = (await jobs()).length;
    await dispatch();
    expect(await runsOf(id)).toMatchObject([{ outcome: 'skipped', code, syncJobId: null }]);
    expect((await runsOf(id))[0]?.detail).toContain(detail);
    expect(await jobs()).toHaveLength(before);
    expect((await view(id)).nextDueAt?.getTime()).toBeGreaterThan(await clock(bed));
  }

  it('while a sync of the connection is running', async () => {
    const request = { syncType: 'full', mode: 'full', entities: [], trigger: 'manual', triggeredBy: null } as const;
    const { jobId } = await startSync(shop.ctx, shop.connection, request);
    await expectSkipped('SYNC_ALREADY_RUNNING', jobId);
    // And the slot after that, when it has ended, is taken.
    await cancelSync(shop.ctx, shop.connection.organizationId, jobId, { actor: 'test' });
    await setDue(bed, id, 0);
    await dispatch();
    expect((await runsOf(id)).map(({ outcome }) => outcome)).toEqual(['started', 'skipped']);
  });

  it('and is made up for soon where the next one is far: a nightly sync is not lost to one that comes before it', async () => {
    // Half a day from now, whenever that is: shortly before its hour the next one would not be far.
    const hour = (new Date(await clock(bed)).getUTCHours() + 12) % 24;
    const nightly = await schedule(bed, shop.connection, { cron: `0 ${hour} * * *`, mode: 'full' });
    await setDue(bed, nightly, 1);
    const request = { syncType: 'full', mode: 'full', entities: [], trigger: 'manual', triggeredBy: null } as const;
    const { jobId } = await startSync(shop.ctx, shop.connection, request);
    await dispatch();
    for (const one of [id, nightly]) expect(await runsOf(one)).toMatchObject([{ outcome: 'skipped' }]);
    const wait = (await view(nightly)).nextDueAt?.getTime() ?? 0;
    expect(wait - (await clock(bed))).toBeLessThanOrEqual(600_000);
    // The one that comes every quarter of an hour keeps its place in it.
    const { intervalSeconds, nextDueAt, connectionId } = await view(id);
    expect(nextDueAt).toEqual(
      nextDue(timingOf({ connectionId, cron: null, intervalSeconds, timeZone: 'UTC' }), new Date(await clock(bed))),
    );

    await cancelSync(shop.ctx, shop.connection.organizationId, jobId, { actor: 'test' });
    await setDue(bed, nightly, 0);
    await dispatch();
    expect((await runsOf(nightly)).map(({ outcome }) => outcome)).toEqual(['started', 'skipped']);
    expect((await view(nightly)).nextDueAt?.getUTCHours()).toBe(hour);
  });

  it('while the emergency stop is in force', async () => {
    await stopSyncs(shop.ctx, shop.connection.organizationId, { actor: 'test' });
    await expectSkipped('SYNC_STOPPED', '');
    await restartSyncs(shop.ctx, shop.connection.organizationId, { actor: 'test' });
  });

  it.each(['paused', 'needs_reauth'] as const)('while the connection is %s', async (status) => {
    await bed.db
      .updateTable('connections')
      .set({ status, status_reason: 'because' })
      .where('id', '=', shop.connection.id)
      .execute();
    await expectSkipped('CONNECTION_NOT_READY', `${status}: because`);
  });
});

describe('a row that somebody wrote by hand', () => {
  it('whose times cannot be computed is tried once and then switched off', async () => {
    const id = await schedule(bed, shop.connection, { cron: 'now and then' });
    await setDue(bed, id, 1);
    await dispatch();
    expect(await view(id)).toMatchObject({ enabled: false, nextDueAt: null, lastRun: { outcome: 'started' } });
  });

  it('of a connector that this release does not have fails visibly, and does not come back at once', async () => {
    await bed.db.updateTable('connections').set({ connector: 'gone' }).where('id', '=', shop.connection.id).execute();
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, 1);
    await dispatch();
    expect(await runsOf(id)).toMatchObject([
      { outcome: 'failed', code: 'INTERNAL', detail: expect.stringContaining('gone') },
    ]);
    expect((await view(id)).nextDueAt?.getTime()).toBeGreaterThan(await clock(bed));
  });
});

describe('a trigger and a schedule at the same moment', () => {
  it('make one job, fifty times', async () => {
    const id = await schedule(bed, shop.connection);
    const request = { syncType: 'full', mode: 'full', entities: [], trigger: 'manual', triggeredBy: null } as const;
    for (let round = 1; round <= 50; round += 1) {
      await setDue(bed, id, 1);
      const trigger = () =>
        startSync(shop.ctx, shop.connection, request).catch((error: { code: string }) => error.code);
      await Promise.all([trigger(), dispatch(), trigger(), dispatch(), trigger()]);
      const live = await liveJobIds(bed.db, shop.connection.organizationId);
      expect(live).toHaveLength(1);
      await cancelSync(shop.ctx, shop.connection.organizationId, live[0] ?? '', { actor: 'test' });
    }
    expect(await runsOf(id)).toHaveLength(50);
    expect(await jobs()).toHaveLength(50);
  });
});
