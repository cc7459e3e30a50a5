import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HiddenRowsError, migrate, migrationsFolder, openDatabase, requireSight } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPlace, type Place } from './adopted.js';
import { createGuest, type Guest } from './guest.js';
import { createScene, record } from './scene.js';

let bed: TestBed;
let guest: Guest;
beforeAll(async () => {
  bed = await createTestBed();
  guest = await createGuest(bed);
});
afterAll(async () => {
  await guest.drop();
  await bed.close();
});

interface Secured {
  readonly name: string;
  readonly table: boolean;
  readonly secured: boolean;
  readonly forced: boolean;
}

async function relations({ db }: Pick<TestBed, 'db'>): Promise<Secured[]> {
  const { rows } = await sql<Secured>`
    select relname::text as name, relkind <> 'v' as table, relforcerowsecurity as forced,
      case relkind when 'v' then coalesce('security_invoker=true' = any(reloptions), false) else relrowsecurity end as secured
    from pg_class where relnamespace = to_regnamespace(current_schema()) and relkind in ('r', 'v', 'p', 'm')
    order by 1`.execute(db);
  return rows;
}

const unsecured = async (place: Pick<TestBed, 'db'>) =>
  (await relations(place)).filter(({ secured }) => !secured).map(({ name }) => name);

function asGuest(schema = 'public') {
  const options = { databaseUrl: guest.url, schema, applicationName: 'guest', poolSize: 1 };
  const db = openDatabase({ ...options, onError: () => undefined });
  onTestFinished(() => db.destroy());
  return db;
}

async function place(statements?: string): Promise<Place> {
  const made = await createPlace(bed, statements);
  onTestFinished(() => made.close());
  return made;
}

describe('whoever may select, and does not own', () => {
  it('sees no row of any table or view, and changes none', async () => {
    const scene = await createScene(bed, ['accounts', 'contacts', 'events']);
    await scene.write('accounts', [record('a', { company_name: 'Acme' })]);
    await scene.write('contacts', [record('c', { pp_account_id: 'a', first_name: 'Ann' })]);
    await scene.write('events', [record('e', { starts_at: new Date(Date.now() + 3_600_000).toISOString() })]);
    await sql.raw(`grant usage on schema public to ${guest.role}`).execute(bed.db);
    await sql.raw(`grant select, update, delete on all tables in schema public to ${guest.role}`).execute(bed.db);

    const db = asGuest();
    for (const { name, table } of await relations(bed)) {
      const count = sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`;
      expect((await count.execute(db)).rows, name).toEqual([{ rows: 0 }]);
      if (table) expect((await sql`delete from ${sql.table(name)}`.execute(db)).numAffectedRows, name).toBe(0n);
    }
    for (const name of ['accounts', 'contacts', 'upcoming_events', 'connections', 'kysely_migration']) {
      const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(bed.db);
      expect(rows[0]?.rows, name).toBeGreaterThan(0);
    }
    expect((await sql`select * from get_failed_items_summary()`.execute(db)).rows).toEqual([]);
  });
});

describe('row-level security', () => {
  it('is on for everything that a migration makes, and forced on nobody', async () => {
    expect(await unsecured(bed)).toEqual([]);
    expect((await relations(bed)).filter(({ forced }) => forced)).toEqual([]);
  });

  it('of adopted tables is as their owner has it', async () => {
    const mine = await place();
    await sql`alter table tasks enable row level security`.execute(mine.db);
    await mine.adopt();
    expect(await unsecured(mine)).toEqual(['contacts', 'exchanges', 'users']);
  });

  it('comes to an installation from before it, however that is brought up to date', async () => {
    const before = await mkdtemp(join(tmpdir(), 'syncline-migrations-'));
    onTestFinished(() => rm(before, { recursive: true }));
    const files = (await readdir(migrationsFolder)).filter((file) => file < '0008' && file.endsWith('.sql'));
    for (const file of files) await copyFile(join(migrationsFolder, file), join(before, file));
    const [migrated, adopted] = [await place(''), await place('')];
    for (const { db } of [migrated, adopted]) await migrate(db, before);
    expect(await unsecured(migrated)).toContain('contacts');
    await migrate(migrated.db);
    expect(await unsecured(migrated)).toEqual([]);
    expect((await adopted.adopt()).obstacles).toEqual([]);
    expect(await unsecured(adopted)).toEqual([]);
  });
});

describe('a process that would see nothing', () => {
  it('says so at its start, unless it is a member of the owner or has a policy', async () => {
    const { db, schema } = await place('');
    await migrate(db);
    await sql.raw(`grant usage on schema ${schema} to ${guest.role}`).execute(db);
    await expect(requireSight(asGuest(schema))).rejects.toThrow(HiddenRowsError);
    await expect(requireSight(asGuest(schema))).rejects.toThrow(/hides Syncline's tables from the role guest_\w+/);
    await sql.raw(`create policy all_of_it on organizations to ${guest.role} using (true)`).execute(db);
    await requireSight(asGuest(schema));
    await requireSight(db);
  });

  it('has nothing to say where there are no tables yet', async () => {
    await requireSight((await place('')).db);
  });
});
