import { openMarks, openRedis } from '@syncline/queue';
import { openDatabase, readInstallation, settleAt } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { WorkContext } from '../context.js';
import { holdTogether } from './hold-together.js';
import { keepFooting } from './keep-footing.js';
import { putRight } from './put-right.js';
import { readFooting } from './read-footing.js';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

/** The part of a worker that looks after Postgres and Redis belonging together; of a fleet of its own, or in another's Redis. */
async function createFleet(prefix?: string) {
  const bed: TestBed = await createTestBed();
  ending.push(() => bed.close());
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  ending.push(async () => redis.disconnect());
  const marks = openMarks(redis, prefix ?? bed.prefix);
  let emptied = 0;
  const queues = {
    empty: async () => {
      emptied += 1;
    },
  };
  const connectors: WorkContext['connectors'] = [];
  const ctx = { db: bed.db, marks, queues, connectors, log: pino({ level: 'silent' }) } as unknown as WorkContext;
  return {
    ...{ bed, ctx, marks, redis },
    emptied: () => emptied,
    footing: async () => {
      const footing = await readFooting(ctx);
      return footing.kind === 'held' ? footing.reason : footing.kind;
    },
    /** As the reconciler does. */
    count: () => holdTogether(ctx, 1),
    /** As if nobody had counted in Redis for so long. */
    quiet: async (seconds: number) =>
      void (await redis.hincrby(`${prefix ?? bed.prefix}:installation`, 'at', -seconds * 1_000)),
    backup: async () =>
      (await sql<{ row: object }>`select to_jsonb(i) as row from syncline_installation i`.execute(bed.db)).rows[0]?.row,
    restore: async (row: object | undefined) => {
      await sql`delete from syncline_installation`.execute(bed.db);
      await sql`insert into syncline_installation select (jsonb_populate_record(null::syncline_installation, ${JSON.stringify(row)}::jsonb)).*`.execute(
        bed.db,
      );
    },
  };
}

/** One whose Postgres went back to a backup, three counts ago. */
async function createRestoredFleet() {
  const fleet = await createFleet();
  await fleet.count();
  const backup = await fleet.backup();
  for (let turn = 0; turn < 3; turn += 1) await fleet.count();
  await fleet.restore(backup);
  return { ...fleet, older: backup };
}

describe('Postgres and Redis', () => {
  it('belong together, also when Redis was emptied or has an older state', async () => {
    const fleet = await createFleet();
    expect(await fleet.footing()).toBe('free');
    for (let turn = 0; turn < 3; turn += 1) expect(await fleet.count()).toBe(true);
    expect(await fleet.marks.read()).toMatchObject({ generation: 3, everySeconds: 1 });
    await fleet.redis.hset(`${fleet.bed.prefix}:installation`, 'generation', 1);
    expect(await fleet.footing()).toBe('free');
    await fleet.redis.del(`${fleet.bed.prefix}:installation`);
    expect(await fleet.count()).toBe(true);
    expect(fleet.emptied()).toBe(0);
  });

  it('do not when Postgres went back: held while Redis is fresh, then put right, once', async () => {
    const fleet = await createRestoredFleet();
    expect(await fleet.footing()).toBe('occupied');
    expect(await fleet.count(), 'not before the other one has been quiet').toBe(false);
    expect(fleet.emptied()).toBe(0);

    await fleet.quiet(7);
    expect(await fleet.footing()).toBe('restored');
    // Two workers at once: one of them does it.
    expect(await Promise.all([fleet.count(), fleet.count()])).toContain(true);
    expect(await fleet.footing()).toBe('free');
    const { ancestors } = (await readInstallation(fleet.bed.db)) ?? {};
    expect(ancestors).toHaveLength(1);
    const noted = await fleet.bed.db.selectFrom('syncline_restorations').selectAll().execute();
    expect(noted).toMatchObject([{ put_right_at: expect.any(Date), syncs: [] }]);
    expect(Number(noted[0]?.lost_until) - Number(noted[0]?.lost_from)).toBeLessThan(600_000);

    // The same backup a second time, and an old Redis besides.
    await fleet.restore(fleet.older);
    await fleet.quiet(7);
    expect(await fleet.footing()).toBe('restored');
    expect(await fleet.count()).toBe(true);
  });

  it.each([
    ['restored', false],
    ['new-life', true],
  ] as const)(
    'are left alone by one who was halted since he found them %s, when somebody else was there',
    async (kind, dying) => {
      const fleet = await createRestoredFleet();
      await fleet.quiet(7);
      if (dying) {
        const empty = () => Promise.reject(new Error('gone'));
        await expect(holdTogether({ ...fleet.ctx, queues: { ...fleet.ctx.queues, empty } }, 1)).rejects.toThrow('gone');
      }
      const judged = await readFooting(fleet.ctx);
      if (judged.kind !== kind) throw new Error(judged.kind);
      expect(await fleet.count()).toBe(true);
      const after = await readInstallation(fleet.bed.db);

      await putRight(fleet.ctx, judged, 1);
      expect(await readInstallation(fleet.bed.db)).toEqual(after);
      expect(await fleet.footing()).toBe('free');
      expect(fleet.emptied()).toBe(1);
      expect(await fleet.bed.db.selectFrom('syncline_restorations').select('id').execute()).toHaveLength(1);
    },
  );

  it('are put right to the end by the next one when whoever did it died in the middle', async () => {
    const fleet = await createRestoredFleet();
    await fleet.quiet(7);
    const { empty } = fleet.ctx.queues;
    const dying = { ...fleet.ctx, queues: { ...fleet.ctx.queues, empty: () => Promise.reject(new Error('gone')) } };
    await expect(holdTogether(dying, 1)).rejects.toThrow('gone');
    expect(await fleet.footing()).toBe('new-life');
    expect(await holdTogether({ ...fleet.ctx, queues: { ...fleet.ctx.queues, empty } }, 1)).toBe(true);
    expect(fleet.emptied()).toBe(1);
    expect(await fleet.bed.db.selectFrom('syncline_restorations').select('put_right_at').execute()).toMatchObject([
      { put_right_at: expect.any(Date) },
    ]);
  });
});

it('a Redis that is away is asked once, however long that takes, and what was held back goes on', async () => {
  const { ctx } = await createFleet();
  await holdTogether(ctx, 1);
  let asked = 0;
  let back: () => void = () => undefined;
  const away = new Promise<void>((resolve) => {
    back = resolve;
  });
  const read = async () => {
    asked += 1;
    await away;
    return ctx.marks.read();
  };
  const unjudged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void unjudged.push(line) });
  let working = false;
  const begin = () => {
    working = true;
  };
  const ended = new AbortController();
  const options = { everySeconds: 1, patienceMs: 20, begin, end: async () => undefined };
  const { kept } = keepFooting({ ...ctx, log, marks: { ...ctx.marks, read } }, ended.signal, options);
  await eventually('three looks in vain', () => unjudged.length >= 3);
  expect([asked, working]).toEqual([1, false]);
  back();
  await eventually('the work to begin', () => working);
  ended.abort();
  await kept;
});

describe('a database', () => {
  /** Somebody else's sessions in it. */
  function sessions(bed: TestBed, searchPath: string) {
    const url = new URL(bed.databaseUrl);
    url.searchParams.set('options', `-c search_path=${searchPath}`);
    const options = { applicationName: 'test', poolSize: 1, onError: () => undefined };
    const db = openDatabase({ databaseUrl: url.href, ...options });
    ending.push(() => db.destroy());
    return db;
  }

  it.each(['feature_not_supported', 'internal_error', 'insufficient_privilege'])(
    'works where its server tells nobody who it is: %s',
    async (condition) => {
      const { bed, ctx } = await createFleet();
      await holdTogether(ctx, 1);
      await sql`create function pg_control_system() returns table (system_identifier bigint) language plpgsql as ${sql.raw(
        `$$ begin raise ${condition}; end $$`,
      )}`.execute(bed.db);
      const managed = { ...ctx, db: sessions(bed, 'public,pg_catalog') };
      expect((await readFooting(managed)).kind).toBe('free');
      expect(await holdTogether(managed, 1)).toBe(true);
      expect((await readFooting(ctx)).kind).toBe('free');
    },
  );

  it('is where its tables are, whatever a role looks into first', async () => {
    const { bed, ctx } = await createFleet();
    await holdTogether(ctx, 1);
    await sql`create schema later`.execute(bed.db);
    expect((await readFooting({ ...ctx, db: sessions(bed, 'later,public') })).kind).toBe('free');
  });
});

describe('a copy of a database', () => {
  it('touches nothing of the Redis of the one that it is a copy of, and that one goes on', async () => {
    const production = await createFleet();
    await production.count();
    const staging = await createFleet(production.bed.prefix);
    await staging.restore(await production.backup());
    expect(await staging.footing()).toBe('moved');
    expect(await staging.count()).toBe(false);
    await settleAt(staging.bed.db, (await readInstallation(staging.bed.db))?.here ?? '');
    // Somebody has said that it is the one to go on with, and production is still there.
    expect(await production.count()).toBe(true);
    expect(await staging.footing()).toBe('occupied');
    expect(await staging.count()).toBe(false);
    await staging.quiet(7);
    expect(await staging.footing()).toBe('foreign');
    expect(await staging.count()).toBe(false);
    expect(await production.footing()).toBe('free');
    expect(staging.emptied() + production.emptied()).toBe(0);
  });

  it('holds still with a Redis of its own, too, until somebody says what it is', async () => {
    const production = await createFleet();
    await production.count();
    const copy = await createFleet();
    await copy.restore(await production.backup());
    expect(await copy.footing()).toBe('moved');
    await settleAt(copy.bed.db, (await readInstallation(copy.bed.db))?.here ?? '');
    expect(await copy.footing()).toBe('free');
    expect(await copy.count()).toBe(true);
  });
});

it('a new database does not take the queues of another one', async () => {
  const other = await createFleet();
  await other.count();
  const fresh = await createFleet(other.bed.prefix);
  await sql`update syncline_installation set identity = gen_random_uuid()`.execute(fresh.bed.db);
  await fresh.quiet(7);
  expect(await fresh.footing()).toBe('foreign');
  // One that was dropped and made anew at the same place does.
  await fresh.redis.hset(
    `${other.bed.prefix}:installation`,
    'place',
    (await readInstallation(fresh.bed.db))?.here ?? '',
  );
  expect(await fresh.footing()).toBe('new-life');
  expect(await fresh.count()).toBe(true);
  expect(fresh.emptied()).toBe(1);
  expect(await fresh.bed.db.selectFrom('syncline_restorations').selectAll().execute(), 'nothing was lost').toEqual([]);
});
