import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { vi } from 'vitest';

/** A time of a test's own, for Postgres and for this process. It stands still until it is set. */
export interface SimulatedTime {
  nowMs(): number;
  /** `processAheadSeconds` is how wrong this process' clock is, beside Postgres'. */
  set(ms: number, processAheadSeconds?: number): Promise<void>;
  /** Gives this process its clock back. */
  end(): void;
}

/**
 * Makes `now()` what a test says, in all that sessions opened from here on do with the bed's database: in statements, in
 * triggers and as a column's default. Code that goes by Postgres' clock runs as it is, through any week there ever was.
 * Timers go on as ever.
 *
 * Functions are looked for along the search path, and pg_catalog comes first only as long as the path does not name it.
 */
export async function simulateTime(bed: TestBed, startMs: number): Promise<SimulatedTime> {
  const present = () => sql.lit(new Date(nowMs).toISOString());
  let nowMs = startMs;
  await sql`create schema simulated`.execute(bed.db);
  await sql`create table simulated.clock (present timestamptz not null)`.execute(bed.db);
  await sql`insert into simulated.clock values (${present()})`.execute(bed.db);
  await sql`create function simulated.now() returns timestamptz language sql stable
    as 'select present from simulated.clock'`.execute(bed.db);
  // A default was bound to the real clock when its column was made.
  await sql
    .raw(`do $$ declare d record; begin
    for d in select a.adrelid::regclass as relation, c.attname as name, pg_get_expr(a.adbin, a.adrelid) as expression
      from pg_attrdef a join pg_attribute c on c.attrelid = a.adrelid and c.attnum = a.adnum
      where pg_get_expr(a.adbin, a.adrelid) like '%now()%'
    loop
      execute format('alter table %s alter %I set default %s', d.relation, d.name,
        replace(d.expression, 'now()', 'simulated.now()'));
    end loop; end $$`)
    .execute(bed.db);
  const name = new URL(bed.databaseUrl).pathname.slice(1);
  await sql`alter database ${sql.id(name)} set search_path = public, simulated, pg_catalog`.execute(bed.db);
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
  return {
    nowMs: () => nowMs,
    set: async (ms, processAheadSeconds = 0) => {
      nowMs = ms;
      vi.setSystemTime(ms + processAheadSeconds * 1000);
      await sql`update simulated.clock set present = ${present()}`.execute(bed.db);
    },
    end: () => void vi.useRealTimers(),
  };
}
