import type { TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { entities, tables } from './truth.js';

const targetTables = entities.map((entity) => tables[entity]);

/** Has Postgres note every committed write of a target row, so that a test can count effects instead of trusting counters. */
export async function logWrites(bed: TestBed, of: readonly string[] = targetTables): Promise<void> {
  await sql`create table write_log (relation text not null, id uuid not null)`.execute(bed.db);
  await sql`create function note_write() returns trigger language plpgsql as $$
    begin insert into write_log values (tg_table_name, new.id); return null; end $$`.execute(bed.db);
  for (const table of of) {
    await sql`create trigger note_write after insert or update on ${sql.table(table)}
      for each row execute function note_write()`.execute(bed.db);
  }
}

/** How many rows were written, and how many of them more than once. */
export async function countWrites(bed: TestBed): Promise<{ rows: number; repeated: number }> {
  const { rows } = await sql<{ rows: number; repeated: number }>`
    select count(*) as rows, count(*) filter (where writes > 1) as repeated
    from (select count(*) as writes from write_log group by relation, id) each_row`.execute(bed.db);
  return rows[0] ?? { rows: 0, repeated: 0 };
}
